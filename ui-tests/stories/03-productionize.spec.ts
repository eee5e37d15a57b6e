import { expect, test } from '../stage/test';

test('a notebook becomes a pipeline that registers a model, and the model predicts', async ({ page, slipway }) => {
  test.setTimeout(400_000);
  await slipway.openNotebook('tumours.ipynb');
  await page.notebook.run();
  await expect(slipway.trials).toHaveCount(1);

  await page.locator('[data-jp-item-name="slipway-productionize"]').getByRole('button').or(page.locator('[data-jp-item-name="slipway-productionize"] jp-button')).first().click();
  const { view } = slipway;
  await expect(view.locator('.jp-SlipwayCard').first()).toBeVisible();
  expect(await view.locator('.jp-SlipwayCard').count()).toBeGreaterThanOrEqual(3);
  await expect(view.locator('.jp-SlipwayLeftOut')).toContainText('An attempt that led nowhere');
  await view.getByLabel('Pipeline name').fill('tumours');
  await view.getByLabel('on a schedule').check();
  await view.getByRole('button', { name: 'Weekdays at 6:00' }).click();
  await expect(view.getByRole('status').filter({ hasText: 'Monday through Friday' })).toBeVisible();
  await view.evaluate(page => page.scrollTo(0, 0));
  await slipway.picture('productionize');

  await view.getByRole('button', { name: 'Check and save' }).click();
  await expect(view.locator('.jp-SlipwaySame')).toContainText('Same result', { timeout: 180_000 });
  await expect(view.locator('.jp-SlipwaySame')).toContainText('accuracy');
  await expect(view.locator('.jp-SlipwaySaved')).toContainText('Saved as tumours, version 1');
  await view.locator('.jp-SlipwaySaved').scrollIntoViewIfNeeded();
  await slipway.picture('same-result');

  await view.getByRole('button', { name: 'Open the pipeline' }).click();
  await expect(slipway.view.getByRole('heading', { level: 1 })).toContainText('tumours');
  await slipway.view.getByRole('button', { name: 'Run now' }).click();
  await slipway.view.getByLabel('RandomForestClassifier.n_estimators').fill('50');
  await slipway.view.getByRole('button', { name: 'Start the run' }).click();
  await expect(slipway.view.locator('.jp-SlipwayRun-facts')).toContainText('Succeeded', { timeout: 120_000 });
  await expect(slipway.view.locator('.jp-SlipwayRun-facts')).toContainText('accuracy');
  await slipway.picture('run');

  await slipway.view.getByRole('button', { name: 'Open the executed notebook' }).click();
  await expect(page.locator('.jp-NotebookPanel:visible .jp-OutputArea-output').first()).toBeVisible();
  await slipway.command('slipway:open-pipelines');
  await expect(slipway.view.locator('.jp-SlipwaySquares button[data-state="succeeded"]').first()).toBeVisible();
  await slipway.picture('pipelines');

  await slipway.command('slipway:open-models');
  await slipway.view.getByRole('button', { name: 'tumours' }).click();
  await expect(slipway.view.getByRole('table', { name: 'Versions' })).toContainText('Version 1');
  await slipway.view.getByRole('tab', { name: 'Predict' }).click();
  await slipway.view.getByRole('button', { name: 'Predict', exact: true }).click();
  await expect(slipway.view.locator('.jp-SlipwayPrediction-result')).toContainText(/[01]/, { timeout: 60_000 });
  await slipway.picture('model');
  await slipway.view.getByRole('tab', { name: 'Lineage' }).click();
  await expect(slipway.view.locator('.jp-SlipwayCard').first()).toBeVisible();
  await slipway.picture('lineage');
});
