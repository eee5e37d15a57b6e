import { writeFileSync } from 'node:fs';
import type { Locator } from '@playwright/test';
import { faintTexts } from '../stage/contrast';
import type { Slipway } from '../stage/slipway';
import { expect, test } from '../stage/test';

interface Run {
  id: string;
}

/** The trials of the story's notebook, the last one first. */
async function trialsOf(slipway: Slipway, notebook: string): Promise<Run[]> {
  const { items } = await slipway.api<{ items: Run[] }>(`/sessions?notebookPath=${encodeURIComponent(slipway.path(notebook))}`);
  return (await slipway.api<{ items: Run[] }>(`/sessions/${items[0]!.id}/trials`)).items;
}

test('from a run to the file it read, from the file to all that it led to, and to the cell in its notebook', async ({ page, slipway }) => {
  test.setTimeout(200_000);
  const { view } = slipway;
  const card = (title: string): Locator => view.locator('.react-flow__node').filter({ has: page.locator('.jp-SlipwayCard-title span', { hasText: new RegExp(`^${title}$`) }) });
  const panel = view.getByRole('region', { name: 'What is chosen' });
  writeFileSync(slipway.path('truth.json'), '[1, 0, 1, 1]');
  await slipway.openNotebook('answers.ipynb');
  await page.notebook.run();
  await expect(slipway.trials).toHaveCount(1);
  await page.notebook.run();
  await expect.poll(async () => (await trialsOf(slipway, 'answers.ipynb')).length).toBe(2);
  const [second] = await trialsOf(slipway, 'answers.ipynb');

  // The page of a run says that this was run before, and leads to the graph.
  await slipway.command('slipway:open-tracked-run', { runId: second!.id, name: 'trial 2' });
  const same = view.getByRole('region', { name: 'Runs on the same inputs' });
  await expect(same).toContainText('Run 1 more time on the same inputs (the same code, params and data)');
  await expect(same.getByRole('listitem')).toContainText('accuracy 0.75');
  await slipway.picture('same-inputs');
  await page.sidebar.close('right');
  await page.sidebar.close('left');
  await view.getByRole('button', { name: 'Lineage', exact: true }).click();
  await expect(view.getByRole('heading', { level: 1 })).toHaveText('Lineage of trial 2');
  await expect(view.locator('.react-flow__node')).toHaveCount(4);
  await expect(panel.getByRole('heading')).toContainText('trial 2');

  // By keyboard: a file, wherever its bytes went.
  await card('truth.json').focus();
  await page.keyboard.press('Enter');
  await expect(panel).toContainText(slipway.path('truth.json'));
  await panel.getByRole('button', { name: 'Copy the path' }).click();
  await expect(panel.getByRole('button', { name: 'Copied' })).toBeVisible();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(slipway.path('truth.json'));
  await panel.getByRole('button', { name: 'Look from here' }).click();
  await expect(view.getByRole('heading', { level: 1 })).toHaveText('Lineage of truth.json');
  await expect(card('trial 1')).toBeVisible();
  await expect(card('trial 2')).toBeVisible();
  await slipway.picture('lineage-file');

  // Which way, how far, and as of when.
  await view.getByLabel('What it led to').uncheck();
  await expect(view.getByText('Nothing came before it')).toBeVisible();
  await view.getByLabel('What it led to').check();
  await view.getByLabel('Steps away').fill('1');
  await expect(card('What is true')).toBeVisible();
  await expect(card('trial 1')).toBeHidden();
  await view.getByLabel('As it was at').fill('2020-01-01T08:30:05');
  await expect(view.getByText('Nothing came before it')).toBeVisible();
  await view.getByRole('button', { name: 'Now', exact: true }).click();
  await expect(card('What is true')).toBeVisible();

  // A cell opens its notebook there.
  await card('What is true').focus();
  await page.keyboard.press('Enter');
  await panel.getByRole('button', { name: 'Open the notebook at the cell' }).click();
  await expect(page.locator('.jp-NotebookPanel:visible .jp-Cell.jp-mod-active')).toContainText('truth.json');
});

for (const theme of ['JupyterLab Light', 'JupyterLab Dark']) {
  test(`lineage is asked for by a digest or a path, says what is wrong with one, and can be read: ${theme}`, async ({ page, slipway }) => {
    const { view } = slipway;
    await page.theme.setTheme(theme);
    writeFileSync(slipway.path('truth.json'), '[0, 0, 1, 1]');
    await slipway.openNotebook('answers.ipynb');
    await page.notebook.run();
    await expect(slipway.trials).toHaveCount(1);
    await page.sidebar.close('right');
    await slipway.command('slipway:open-lineage');
    await expect(view).toContainText('Nothing is looked at yet');
    expect(await faintTexts(view)).toEqual([]);
    const box = view.getByLabel('Look from');
    await box.fill('whatever');
    await page.keyboard.press('Enter');
    await expect(view.getByRole('alert')).toContainText('no path, digest, run or model');
    await box.fill('run:none');
    await page.keyboard.press('Enter');
    await expect(view.getByRole('alert')).toContainText('knows nothing of run:none');
    await box.fill('0a0f2d7dd7ba21f78b7a0d1a0a8c4d3a9e3c8f1c1b2a39485766554433221100');
    await page.keyboard.press('Enter');
    await expect(view.getByRole('alert')).toContainText('knows nothing of dataset:@sha256:0a0f');
    const [trial] = await trialsOf(slipway, 'answers.ipynb');
    await box.fill(trial!.id);
    await page.keyboard.press('Enter');
    await expect(view.locator('.react-flow__node')).toHaveCount(4);
    expect(await faintTexts(view)).toEqual([]);
    await slipway.picture(theme.endsWith('Dark') ? 'lineage-dark' : 'lineage-run');
  });
}
