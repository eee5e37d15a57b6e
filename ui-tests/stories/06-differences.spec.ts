import { writeFileSync } from 'node:fs';
import { expect, test } from '../stage/test';

test('a result that stands no more is red, with cell, name and both values, and is not saved', async ({ page, slipway }) => {
  writeFileSync(slipway.path('truth.json'), '[0, 0, 1, 0]');
  await slipway.openNotebook('answers.ipynb');
  await page.notebook.run();
  await expect(slipway.trials).toHaveCount(1);
  writeFileSync(slipway.path('truth.json'), '[1, 0, 1, 0]');

  await slipway.command('slipway:productionize');
  const { view } = slipway;
  await view.getByLabel('Pipeline name').fill('answers');
  await view.getByRole('button', { name: 'Check and save' }).click();
  const differences = view.locator('.jp-SlipwayDifferences');
  await expect(differences.locator('tbody tr').first()).toContainText(/accuracy\s*0\.75\s*1/, { timeout: 90_000 });
  await expect(differences).toContainText('run it again from the top');
  await expect(view.locator('.jp-SlipwaySame, .jp-SlipwaySaved')).toHaveCount(0);
  await expect(view.getByRole('button', { name: 'Save anyway' })).toBeDisabled();
  const { items } = await slipway.api<{ items: { name: string }[] }>('/pipelines');
  expect(items.map(({ name }) => name)).not.toContain('answers');
  await differences.scrollIntoViewIfNeeded();
  await slipway.picture('differences');

  await differences.getByRole('button', { name: 'Score' }).click();
  await expect(page.locator('.jp-NotebookPanel:visible .jp-Cell.jp-mod-active')).toContainText('accuracy_score');
});
