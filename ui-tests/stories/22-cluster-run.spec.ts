import { expect, test } from '../stage/test';

test('selected cells run on the cluster with what they rest on and another parameter; the executed notebook opens', async ({ page, slipway }) => {
  await slipway.openNotebook('tumours.ipynb');
  await page.notebook.selectCells(9); // Evaluate
  await slipway.command('slipway:run-cells-on-cluster');
  const { view } = slipway;
  await expect(view.getByRole('heading', { level: 1 })).toContainText('Run 1 cell of tumours.ipynb on the cluster');
  const cells = view.getByRole('list', { name: 'Cells that run' });
  await expect(cells).toContainText('Evaluate');
  await expect(cells).toContainText('needed before');
  await expect(cells).not.toContainText('An attempt that led nowhere');
  await expect(view.getByLabel('Runs on')).toHaveValue('local');
  await view.getByLabel('RandomForestClassifier.n_estimators').fill('5');
  await view.getByLabel('Memory (GiB)').fill('a lot');
  await expect(view.getByRole('button', { name: 'Run', exact: true })).toBeDisabled();
  await view.getByLabel('Memory (GiB)').fill('1');
  await slipway.picture('cluster-run-form');
  await view.getByRole('button', { name: 'Run', exact: true }).click();
  // The executed notebook comes to the front by itself.
  await expect(page.locator('.jp-NotebookPanel:visible .jp-OutputArea-output').last()).toContainText('accuracy', { timeout: 90_000 });
  await expect(page.locator('.jp-NotebookPanel:visible')).toContainText('n_estimators=5');
  await expect(page.locator('.Toastify')).toContainText('tumours on the cluster: Succeeded');
  await slipway.picture('cluster-run-notebook');

  await page.activity.activateTab('1 cell of tumours.ipynb');
  await expect(view.getByRole('region', { name: 'The run' })).toContainText('Succeeded');
  await expect(view.getByRole('log')).toContainText('accuracy');
  await expect(view.getByRole('table', { name: 'Runs of this notebook' })).toContainText('1 cell');
  await view.getByRole('table', { name: 'Runs of this notebook' }).scrollIntoViewIfNeeded();
  await slipway.picture('cluster-run');
});

test('a whole notebook runs on the cluster as it stands in the editor; its log follows, and what fails names the cell', async ({ page, slipway }) => {
  await slipway.openNotebook('orders.ipynb');
  await page.notebook.setCell(0, 'code', '# Settings\nMODE = "file"\nSECONDS = 3');
  await slipway.command('slipway:run-on-cluster');
  const { view } = slipway;
  await expect(view.getByText('The whole notebook: 4 code cells.')).toBeVisible();
  await expect(view.getByLabel('SECONDS')).toHaveValue('3');
  await view.getByRole('button', { name: 'Run', exact: true }).click();
  await expect(view.getByRole('log')).toContainText('looking for rates', { timeout: 60_000 });
  await expect(view.getByRole('region', { name: 'The run' }).getByRole('button', { name: 'Cancel run' })).toBeVisible();
  await expect(page.locator('.Toastify')).toContainText('orders on the cluster: Failed', { timeout: 60_000 });
  await page.activity.activateTab('orders.ipynb on the cluster');
  await expect(view.getByRole('region', { name: 'The run' }).getByRole('alert')).toContainText('rates.json');
  await slipway.picture('cluster-run-failed');
  await view.getByRole('button', { name: 'Show the cell in the notebook' }).click();
  await expect(page.locator('.jp-NotebookPanel:visible .jp-Cell.jp-SlipwayFlash')).toContainText('Price them');
});
