import { expect, test } from '../stage/test';

test('while the daemon is away cells run as always, and their records arrive once when it is back', async ({ page, slipway, stage }) => {
  await slipway.openNotebook('tumours.ipynb');
  await page.notebook.runCell(1, true);
  await slipway.tab('Cells');
  await expect(slipway.executions).toHaveCount(1);
  await expect(slipway.executions.locator('[data-kind="waiting"]')).toHaveCount(0);

  await stage.stopDaemon();
  await expect(slipway.sidebar).toContainText('daemon is not running');
  await expect(slipway.sidebar).toContainText('npx slipway start');
  await page.notebook.runCell(2, true);
  await page.notebook.runCell(3, true);
  await expect(slipway.executions).toHaveCount(3);
  await expect(slipway.executions.locator('[data-kind="waiting"]')).toHaveCount(2);
  await slipway.picture('daemon-away');

  await stage.startDaemon();
  await expect(slipway.sidebar).not.toContainText('daemon is not running', { timeout: 30_000 });
  await expect(slipway.executions.locator('[data-kind="waiting"]')).toHaveCount(0, { timeout: 30_000 });
  await expect(slipway.executions).toHaveCount(3);

  await page.reload({ waitForIsReady: false });
  await expect(page.locator('.jp-Cell').first()).toBeVisible({ timeout: 60_000 });
  await slipway.command('slipway:open-sidebar');
  await slipway.tab('Cells');
  await expect(slipway.executions).toHaveCount(3);
});
