import { expect, test } from '../stage/test';

test('while the daemon is away cells run as always, and their records arrive once when it is back', async ({ page, slipway, stage }) => {
  await slipway.openNotebook('tumours.ipynb');
  await page.notebook.runCell(1, true);
  await slipway.tab('Cells');
  // Stored, not merely running: a cell that runs waits for nobody yet.
  await expect(slipway.execution('Imports').and(page.locator('[data-status="ok"]:not([data-waiting])'))).toBeVisible();

  await stage.stopDaemon();
  await expect(slipway.sidebar).toContainText('daemon is not running');
  await expect(slipway.sidebar).toContainText('npx slipway start');
  const asked: string[] = [];
  page.on('request', request => request.url().includes('/slipway/') && asked.push(request.url()));
  await page.notebook.runCell(2, true);
  await page.notebook.runCell(3, true);
  await expect(slipway.executions).toHaveCount(3);
  await expect(slipway.executions.locator('[data-kind="waiting"]')).toHaveCount(2);
  await slipway.picture('daemon-away');
  // Whether it is back is asked at 1, 2, 4 and then every 8 seconds, and nothing else is asked.
  await page.waitForTimeout(5_000);
  expect(asked.filter(url => !new URL(url).pathname.endsWith('/api/v1/events'))).toEqual([]);
  expect(asked.length).toBeGreaterThan(0);
  expect(asked.length).toBeLessThan(8);

  await stage.startDaemon();
  await expect(slipway.sidebar).not.toContainText('daemon is not running', { timeout: 30_000 });
  await expect(slipway.executions.locator('[data-kind="waiting"]')).toHaveCount(0, { timeout: 30_000 });
  await expect(slipway.executions).toHaveCount(3);

  await slipway.reload();
  await expect(page.locator('.jp-Cell').first()).toBeVisible({ timeout: 60_000 });
  await slipway.command('slipway:open-sidebar');
  await slipway.tab('Cells');
  await expect(slipway.executions).toHaveCount(3);
});
