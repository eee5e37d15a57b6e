import { expect, test } from '../stage/test';

test('a kernel without Python is tracked by source, time and status, and cannot be productionized', async ({ page, slipway }) => {
  await slipway.openNotebook('shell.ipynb');
  await page.notebook.runCell(0, true);
  await page.notebook.runCell(1, true);
  await slipway.tab('Cells');
  await expect(slipway.executions).toHaveCount(2);
  const [greet, failed] = [slipway.execution('accuracy=0.9'), slipway.execution('ls /no/such/place')];
  await expect(greet).toHaveAttribute('data-status', 'ok');
  await expect(failed).toHaveAttribute('data-status', 'error');
  await expect(greet).toContainText(/\d+ m?s/);
  await expect(slipway.executions.locator('[data-kind="waiting"]')).toHaveCount(0);
  await slipway.tab('Trials');
  await expect(slipway.trials).toHaveCount(0);

  await slipway.command('slipway:productionize');
  await expect(slipway.view).toContainText(/bash/i);
  await expect(slipway.view).toContainText('Python');
  await expect(slipway.view.getByRole('button', { name: 'Check and save' })).toHaveCount(0);
});
