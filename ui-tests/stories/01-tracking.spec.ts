import { expect, test } from '../stage/test';

/** Where the cells of tumours.ipynb stand. */
const TRAIN = 8;
const EVALUATE = 9;

const train = (trees: number): string => `# Train\nmodel = RandomForestClassifier(n_estimators=${trees}, max_depth=4, random_state=SEED)\nmodel.fit(train_x, train_y)`;

test('running cells shows their executions and a trial; a changed param gives a second one', async ({ page, slipway }) => {
  await slipway.openNotebook('tumours.ipynb');
  await expect(slipway.sidebar).toContainText('No trial yet');

  await page.notebook.run();
  await expect(slipway.trials).toHaveCount(1);
  await expect(slipway.trials.first()).toContainText('0.9');
  await expect(slipway.sidebar.locator('.jp-SlipwayConstants')).toContainText('RandomForestClassifier.n_estimators');

  await slipway.tab('Cells');
  await expect(slipway.executions).toHaveCount(10);
  await expect(slipway.execution('Train')).toContainText('wrote model');
  await expect(slipway.execution('Save')).toContainText('tumours.joblib');
  await expect(slipway.executions.locator('[data-kind="waiting"]')).toHaveCount(0);

  await page.notebook.setCell(TRAIN, 'code', train(200));
  await page.notebook.runCell(TRAIN, true);
  await page.notebook.runCell(EVALUATE, true);
  await slipway.tab('Trials');
  await expect(slipway.trials).toHaveCount(2);
  const changed = slipway.trials.first().locator('td[data-changed]');
  await expect(changed).toHaveCount(1);
  await expect(changed).toHaveText('200');
  await expect(slipway.trials.nth(1).locator('td[data-kind="param"]')).toHaveText('20');
  await slipway.picture('trials');

  await page.notebook.runCell(TRAIN, true);
  await page.notebook.runCell(EVALUATE, true);
  await expect(slipway.trials.first()).toContainText('×2');
  await expect(slipway.trials.first()).toContainText('±');
  await expect(slipway.trials).toHaveCount(2);
});

test('a failing cell says why, cells after it are not counted as run, and a click leads to the cell', async ({ page, slipway }) => {
  await slipway.openNotebook('tumours.ipynb');
  await page.notebook.setCell(3, 'code', '# Load the data\ntumours = pd.read_csv("missing.csv")');
  await slipway.command('notebook:run-all-cells');
  await slipway.tab('Cells');
  const failed = slipway.execution('Load the data');
  await expect(failed).toHaveAttribute('data-status', 'error');
  await expect(failed.locator('.jp-SlipwayExecution-error')).toContainText('FileNotFoundError');
  await expect(slipway.execution('Train').and(page.locator('[data-status="ok"]'))).toHaveCount(0);

  await failed.getByRole('button', { name: 'Load the data' }).first().click();
  await expect(page.locator('.jp-NotebookPanel:visible .jp-Cell.jp-mod-active')).toContainText('missing.csv');
});

test('after a kernel restart a new session begins, and the one before can still be seen', async ({ page, slipway }) => {
  await slipway.openNotebook('tumours.ipynb');
  await page.notebook.run();
  await expect(slipway.trials).toHaveCount(1);

  await slipway.restartKernel();
  await expect(slipway.sidebar).toContainText('No trial yet');
  await page.notebook.runCell(1, true);
  await slipway.tab('Cells');
  await expect(slipway.executions).toHaveCount(1);

  const choice = slipway.sidebar.getByLabel('Sessions of this notebook');
  await choice.selectOption({ index: 1 });
  await expect(slipway.executions).toHaveCount(10);
});

test('one click makes a number a metric, another unmakes it', async ({ page, slipway }) => {
  await slipway.openNotebook('tumours.ipynb');
  await page.notebook.run();
  await expect(slipway.trials).toHaveCount(1);
  await page.notebook.addCell('code', 'positives = int((test_y == 1).sum())');
  await page.notebook.runCell(11, true);
  await slipway.tab('Cells');
  const counted = slipway.execution('positives');
  await counted.getByRole('button', { name: /^Details/ }).click();
  await counted.getByRole('button', { name: 'Make positives a metric' }).click();
  await expect(counted.getByRole('button', { name: 'Stop counting positives as a metric' })).toBeVisible();
  await slipway.tab('Trials');
  await expect(slipway.sidebar.getByRole('columnheader', { name: 'positives' })).toBeVisible();
  await slipway.sidebar.getByRole('button', { name: 'Stop counting positives as a metric' }).click();
  await expect(slipway.sidebar.getByRole('columnheader', { name: 'positives' })).toHaveCount(0);
});

test('two notebooks at once keep their records apart', async ({ page, slipway }) => {
  await slipway.openNotebook('tumours.ipynb');
  await page.notebook.runCell(1, true);
  await slipway.openNotebook('other.ipynb');
  await page.notebook.run();
  await slipway.tab('Cells');
  await expect(slipway.executions).toHaveCount(1);
  await expect(slipway.executions).toContainText('x = 1');
  await page.notebook.activate('tumours.ipynb');
  await slipway.tab('Cells');
  await expect(slipway.executions).toHaveCount(1);
  await expect(slipway.executions).toContainText('Imports');
});
