import { expect, test } from '../stage/test';

test('a result the pipeline does not find again is red, with cell, name and both values, and is not saved', async ({ page, slipway }) => {
  await slipway.openNotebook('hidden.ipynb');
  await page.notebook.run();
  await expect(slipway.trials).toHaveCount(1);
  await slipway.command('slipway:productionize');
  const { view } = slipway;
  await view.getByLabel('Pipeline name').fill('hidden');
  await view.getByRole('button', { name: 'Check and save' }).click();

  const differences = view.locator('.jp-SlipwayDifferences');
  await expect(differences.locator('tbody tr').first()).toContainText(/accuracy\s*0\.75\s*1/, { timeout: 90_000 });
  await expect(view.locator('.jp-SlipwaySame, .jp-SlipwaySaved')).toHaveCount(0);
  await expect(view.getByRole('button', { name: 'Save anyway' })).toBeDisabled();
  expect((await slipway.api<{ items: { name: string }[] }>('/pipelines')).items.map(({ name }) => name)).not.toContain('hidden');
  await view.locator('.jp-SlipwayDifferences').scrollIntoViewIfNeeded();
  await slipway.picture('differences');

  await differences.getByRole('button', { name: 'Score' }).click();
  await expect(page.locator('.jp-NotebookPanel:visible .jp-Cell.jp-mod-active')).toContainText('accuracy_score');
});
