import { expect, test } from '../stage/test';

test('a run is begun with the parameters of another, the two are laid side by side, and the pipeline is exported', async ({ slipway, stage }) => {
  await stage.cli('productionize', slipway.path('orders.ipynb'), '--name', 'compared');
  await stage.cli('run', 'compared', '--wait');
  const { view } = slipway;
  const [first] = (await slipway.api<{ items: { runId: string }[] }>('/pipelines/compared/runs')).items;
  await slipway.command('slipway:open-run', { runId: first!.runId });
  await view.getByRole('button', { name: 'Run with these parameters…' }).click();
  await expect(view.getByLabel('MODE')).toHaveValue('fixed');
  await view.getByLabel('SECONDS').fill('1');
  await view.getByRole('button', { name: 'Start the run' }).click();
  await expect(view.locator('.jp-SlipwayRun-facts')).toContainText('Succeeded', { timeout: 90_000 });

  await slipway.command('slipway:open-pipeline', { name: 'compared' });
  const runs = view.getByRole('table', { name: 'Runs' }).getByRole('checkbox');
  await runs.nth(0).check();
  await expect(view.getByText('Choose a second run')).toBeVisible();
  await runs.nth(1).press('Space');
  const differences = view.getByRole('region', { name: 'Differences of two runs' });
  await expect(differences.getByRole('table', { name: 'Parameters' }).getByRole('row', { name: 'SECONDS' })).toHaveText('SECONDS01');
  await expect(differences.getByRole('table', { name: 'Durations' })).toContainText('reused');
  await slipway.picture('runs-compared');

  await view.getByRole('button', { name: 'Export…' }).click();
  const exported = view.getByRole('region', { name: 'Export' });
  await expect(exported).toContainText('compared.pipeline.yaml');
  await exported.getByRole('tab', { name: 'Airflow' }).click();
  await expect(exported).toContainText('from airflow');
  const download = slipway.page.waitForEvent('download');
  await exported.getByRole('button', { name: 'Download' }).first().click();
  expect((await download).suggestedFilename()).toMatch(/\.py$/);
  await slipway.picture('export');
});
