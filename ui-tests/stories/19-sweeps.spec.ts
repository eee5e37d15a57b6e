import { faintTexts } from '../stage/contrast';
import { expect, test } from '../stage/test';

interface Sweep {
  id: string;
  name: string;
  state: string;
  best: { params: Record<string, number>; value: number } | null;
}

test('a sweep is set up on the pipeline’s page, watched as it goes, and its best params are run', async ({ page, slipway, stage }) => {
  const { view } = slipway;
  await slipway.command('slipway:open-sweeps');
  await expect(view).toContainText('No sweeps yet');
  await slipway.picture('sweeps-empty');
  await stage.cli('productionize', slipway.path('bowl.ipynb'), '--name', 'bowl');
  await slipway.command('slipway:open-pipeline', { name: 'bowl' });
  await view.getByRole('button', { name: 'New sweep…' }).click();

  await expect(view.getByRole('button', { name: 'Start the sweep' })).toBeDisabled();
  await view.getByLabel('How X is searched').selectOption('float');
  const row = view.getByRole('row').filter({ hasText: 'X' }).first();
  await row.getByLabel('from').fill('5');
  await row.getByLabel('to').fill('1');
  await expect(row.getByRole('alert')).toContainText('not above');
  await row.getByLabel('from').fill('0');
  await row.getByLabel('to').fill('4');
  await view.getByLabel('How KIND is searched').selectOption('choice');
  await view.getByRole('row').filter({ hasText: 'KIND' }).getByLabel('values').fill('plain, tilted');
  await expect(view.getByLabel('Metric')).toHaveValue('loss');
  await expect(view.getByLabel('Better is')).toHaveValue('minimize');
  await view.getByLabel('Trials', { exact: true }).fill('8');
  await slipway.picture('sweep-form');
  await view.getByRole('button', { name: 'Start the sweep' }).focus();
  await page.keyboard.press('Enter');

  await expect(view.getByRole('heading', { name: 'bowl 1' })).toBeVisible();
  await expect(view.getByRole('progressbar')).toBeVisible();
  await expect(view).toContainText('8 of 8', { timeout: 120_000 });
  await expect(view.locator('.jp-SlipwaySweep-head')).toContainText('Succeeded');
  const rows = view.getByRole('tabpanel').locator('tbody tr');
  await expect(rows).toHaveCount(8);
  const sweep = (await slipway.api<{ items: Sweep[] }>('/sweeps')).items[0]!;
  await view.getByRole('button', { name: 'loss', exact: true }).click();
  await expect(rows.first()).toHaveAttribute('data-best', 'true');
  expect(await faintTexts(view)).toEqual([]);
  await slipway.picture('sweep-trials');

  await view.getByRole('tab', { name: 'Plots' }).click();
  await expect(view.getByRole('img', { name: 'Parallel coordinates of 8 runs' }).locator('polyline')).toHaveCount(8);
  await expect(view.getByRole('img', { name: /loss by trial/ })).toBeVisible();
  await slipway.picture('sweep-plots');
  await view.getByRole('tab', { name: 'Plots' }).press('ArrowRight');
  await expect(view.getByRole('tab', { name: 'Importances' })).toHaveAttribute('aria-selected', 'true');
  await expect(view.locator('.jp-SlipwaySweep-bars')).toContainText('X', { timeout: 30_000 });
  await slipway.picture('sweep-importances');

  await view.getByRole('button', { name: 'Make these the defaults' }).click();
  await expect(view.getByText('Version 2 of bowl has them.')).toBeVisible();
  const version = await slipway.api<{ params: { name: string; value: unknown }[] }>('/pipelines/bowl/versions/2');
  expect(version.params.find(p => p.name === 'X')!.value).toBe(sweep.best!.params.X);
  await view.getByRole('button', { name: 'Run the pipeline with these' }).click();
  await expect(view.locator('.jp-SlipwayRun-facts')).toContainText('by hand');
  await expect.poll(async () => (await slipway.api<{ items: { trigger: string; params: object }[] }>('/pipelines/bowl/runs')).items[0]).toMatchObject({ trigger: 'hand', params: sweep.best!.params });
});

test('more trials, a pause, and the end of a sweep by its own page, in the dark', async ({ page, slipway, stage }) => {
  const { view } = slipway;
  await page.theme.setTheme('JupyterLab Dark');
  await stage.cli('productionize', slipway.path('bowl.ipynb'), '--name', 'dark-bowl');
  const ask = { pipeline: 'dark-bowl', space: { X: { type: 'float', low: 0, high: 4 } }, objective: { metric: 'loss', direction: 'minimize' }, sampler: { kind: 'random', seed: 1 }, maxTrials: 40, params: { WAIT: 0.4 } };
  const { id } = await slipway.api<Sweep>('/sweeps', ask);
  await slipway.command('slipway:open-sweep', { sweepId: id });
  await expect(view.locator('.jp-SlipwaySweep-best')).toBeVisible({ timeout: 60_000 });
  await view.getByRole('button', { name: 'Pause' }).click();
  await expect(view.locator('.jp-SlipwaySweep-head')).toContainText('Paused');
  expect(await faintTexts(view)).toEqual([]);
  await slipway.picture('sweep-dark');
  await view.getByRole('button', { name: 'Cancel' }).click();
  await expect(view.locator('.jp-SlipwaySweep-head')).toContainText('Cancelled', { timeout: 30_000 });
  await view.getByRole('button', { name: 'More trials…' }).click();
  await view.getByLabel('More trials').fill('1');
  await view.getByRole('button', { name: 'Go on' }).click();
  await expect(view.locator('.jp-SlipwaySweep-head')).toContainText('of 41');
  await view.getByRole('button', { name: 'Cancel' }).click();
  await expect(view.locator('.jp-SlipwaySweep-head')).toContainText('Cancelled', { timeout: 30_000 });
  await view.getByRole('button', { name: 'Delete…' }).click();
  await view.getByRole('button', { name: 'Delete the sweep' }).click();
  await expect(view.getByRole('heading', { name: 'Sweeps' })).toBeVisible();
  expect((await slipway.api<{ items: Sweep[] }>('/sweeps?pipeline=dark-bowl')).items).toEqual([]);
});
