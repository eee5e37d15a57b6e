import type { Locator } from '@playwright/test';
import { faintTexts } from '../stage/contrast';
import { expect, test, type Page } from '../stage/test';

test('the sidebar opens with the first notebook, once: closed it stays closed', async ({ page, slipway, tmpPath }) => {
  await page.notebook.openByPath(`${tmpPath}/other.ipynb`);
  await expect(slipway.sidebar).toBeVisible();
  await expect(page.locator('.jp-NotebookPanel:visible .jp-Notebook')).toContainText('x = 1');

  await page.sidebar.close('right');
  await expect(slipway.sidebar).toBeHidden();
  await page.notebook.openByPath(`${tmpPath}/orders.ipynb`);
  await slipway.waitForIdle();
  await expect(slipway.sidebar).toBeHidden();
});

for (const theme of ['JupyterLab Light', 'JupyterLab Dark']) {
  test(`every text can be read: ${theme}`, async ({ page, slipway, stage, tmpPath }) => {
    test.setTimeout(240_000);
    const name = theme.endsWith('Dark') ? 'dark' : 'light';
    await page.theme.setTheme(theme);
    await slipway.openNotebook('tumours.ipynb');
    await page.notebook.setCell(3, 'code', '# Load the data\ntumours = nothing');
    await page.notebook.runCell(3, true);
    await page.notebook.setCell(3, 'code', '# Load the data\ntumours = load_breast_cancer(as_frame=True).frame');
    await page.notebook.run();
    await expect(slipway.trials).toHaveCount(1);
    expect(await faintTexts(slipway.sidebar)).toEqual([]);
    await slipway.tab('Cells');
    await expect(slipway.sidebar).toContainText('NameError');
    expect(await faintTexts(slipway.sidebar)).toEqual([]);

    const { view } = slipway;
    await slipway.command('slipway:productionize');
    await view.getByRole('group', { name: 'prepare' }).or(view.locator('.react-flow__node', { hasText: 'prepare' })).first().click();
    await expect(view.getByLabel('Name', { exact: true })).toHaveValue('prepare');
    expect(await faintTexts(view)).toEqual([]);
    if (name === 'dark') {
      await slipway.picture('dark');
    }

    await stage.cli('productionize', slipway.path('orders.ipynb'), '--name', `orders-${name}`, '--cron', '0 6 * * *', '--tz', 'UTC');
    const run = await slipway.api<{ runId: string }>(`/pipelines/orders-${name}/runs`, { params: { MODE: 'file' } });
    await slipway.command('slipway:open-run', { runId: run.runId });
    await expect(view.locator('.jp-SlipwayStep').getByRole('alert')).toContainText('rates.json');
    expect(await faintTexts(view)).toEqual([]);
    await page.screenshot({ path: test.info().outputPath(`run-${name}.png`) });
    await slipway.command('slipway:open-pipelines');
    await expect(view.getByRole('button', { name: `orders-${name}`, exact: true })).toBeVisible();
    expect(await faintTexts(view)).toEqual([]);
    await slipway.command('slipway:open-pipeline', { name: `orders-${name}` });
    await view.getByRole('button', { name: 'Add a trigger' }).click();
    await view.getByRole('button', { name: 'Change the schedule default' }).click();
    await expect(view.getByLabel('Fires')).toHaveValue('cron');
    expect(await faintTexts(view)).toEqual([]);
    await slipway.command('slipway:edit-pipeline', { name: `orders-${name}` });
    await view.getByRole('region', { name: 'People' }).getByRole('button', { name: 'Add a decision' }).click();
    await view.getByRole('button', { name: 'Add mail' }).click();
    await expect(view.getByRole('list', { name: 'Changes' })).toContainText('sign off');
    expect(await faintTexts(view)).toEqual([]);
    await page.screenshot({ path: test.info().outputPath(`editor-${name}.png`) });
    await slipway.command('slipway:run-on-cluster', { path: `${tmpPath}/orders.ipynb` });
    await expect(view.getByLabel('MODE')).toBeVisible();
    expect(await faintTexts(view)).toEqual([]);
    await slipway.command('slipway:open-jobs');
    await expect(view.getByRole('heading', { level: 1 })).toContainText('Jobs');
    expect(await faintTexts(view)).toEqual([]);
  });
}

test('steps are chosen, renamed, split, merged and undone by keyboard alone; a cycle is refused in words', async ({ page, slipway }) => {
  await slipway.openNotebook('tumours.ipynb');
  await slipway.command('slipway:productionize');
  const { view } = slipway;
  const card = (name: string): Locator => view.locator('.react-flow__node').filter({ has: page.locator('.jp-SlipwayCard-title span', { hasText: new RegExp(`^${name}$`) }) });
  await expect(view.locator('.jp-SlipwayCard')).toHaveCount(5);
  await view.getByRole('button', { name: 'Read notebook again' }).focus();

  await tabTo(page, card('prepare'));
  await page.keyboard.press('Enter');
  await tabTo(page, view.getByLabel('Name', { exact: true }));
  await page.keyboard.press('Control+A');
  await page.keyboard.type('split_data');
  await page.keyboard.press('Enter');
  await expect(card('split_data')).toBeVisible();
  await expect(view.getByLabel('Name', { exact: true })).toBeFocused();

  await tabTo(page, view.getByRole('button', { name: /^Split the step before “Split/ }));
  await page.keyboard.press('Enter');
  await expect(view.locator('.jp-SlipwayCard')).toHaveCount(6);
  await undo(page, view);
  await expect(view.locator('.jp-SlipwayCard')).toHaveCount(5);
  await undo(page, view);
  await expect(card('prepare')).toBeVisible();

  await choose(page, view, card('load_data'), card('evaluate'));
  await page.keyboard.press('Enter');
  await expect(view.getByRole('alert')).toContainText('wait for each other');
  await expect(view.locator('.jp-SlipwayCard')).toHaveCount(5);

  await choose(page, view, card('load_data'), card('prepare'));
  await page.keyboard.press('Space');
  await expect(card('load_data and prepare')).toBeVisible();
  await expect(view.locator('.jp-SlipwayCard')).toHaveCount(4);
  await expect(view.getByRole('alert')).toHaveCount(0);
  await undo(page, view);
  await expect(view.locator('.jp-SlipwayCard')).toHaveCount(5);

  await slipway.command('slipway:open-sidebar');
  await expect(slipway.sidebar.getByRole('tab', { name: 'Trials' })).toBeFocused();
  await page.keyboard.press('ArrowRight');
  await expect(slipway.sidebar.getByRole('tab', { name: 'Cells' })).toBeFocused();
  await expect(slipway.sidebar.getByRole('tabpanel')).toContainText('No cell has run yet');
});

/** Goes on with Tab until the element has the focus. */
async function tabTo(page: Page, target: Locator, key = 'Tab'): Promise<void> {
  await expect(target).toBeVisible();
  for (let presses = 0; presses < 80; presses++) {
    if (await target.evaluate(element => element === document.activeElement)) {
      return;
    }
    await page.keyboard.press(key);
  }
  throw new Error(`${key} never came to ${target.toString()}`);
}

async function undo(page: Page, view: Locator): Promise<void> {
  await tabTo(page, view.getByRole('button', { name: 'Undo' }), 'Shift+Tab');
  await page.keyboard.press('Enter');
}

/** Chooses two steps and goes to the button that merges them. */
async function choose(page: Page, view: Locator, first: Locator, second: Locator): Promise<void> {
  await tabTo(page, first);
  await page.keyboard.press('Escape');
  await page.keyboard.press('Enter');
  await tabTo(page, second);
  await page.keyboard.press('Shift+Enter');
  await tabTo(page, view.getByRole('button', { name: 'Merge them' }));
}
