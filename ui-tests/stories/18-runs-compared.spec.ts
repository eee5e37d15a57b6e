import { expect, test } from '../stage/test';

test('a step’s options are set on the pipeline’s page; a condition that makes no sense is refused there', async ({ page, slipway, stage }) => {
  await stage.cli('productionize', slipway.path('orders.ipynb'), '--name', 'optional');
  const { view } = slipway;
  await slipway.command('slipway:open-pipeline', { name: 'optional' });
  await view.locator('.react-flow__node').last().focus();
  await page.keyboard.press('Enter');
  const form = view.getByRole('form', { name: /^Options of the step/ });
  await form.getByLabel('Retries after an error').fill('3');
  await form.getByLabel('Memory (GiB)').fill('much');
  await expect(form.getByRole('button', { name: 'Save as a new version' })).toBeDisabled();
  await form.getByLabel('Memory (GiB)').fill('1');
  await form.getByLabel('Only when').fill('params.NOWHERE == 1');
  await form.getByRole('button', { name: 'Save as a new version' }).click();
  await expect(form.getByRole('alert')).toContainText('NOWHERE');
  await form.getByLabel('Only when').fill('params.MODE == "file"');
  await slipway.picture('step-options');
  await form.getByRole('button', { name: 'Save as a new version' }).click();
  await expect(view).toContainText('Version 2');
  await expect(view.locator('.jp-SlipwayCard', { hasText: 'if params.MODE == "file"' })).toContainText('3 retries');

  await stage.cli('run', 'optional', '--wait');
  const [run] = (await slipway.api<{ items: { runId: string }[] }>('/pipelines/optional/runs')).items;
  await slipway.command('slipway:open-run', { runId: run!.runId });
  await expect(view.locator('.jp-SlipwayCard[data-state="skipped"]')).toHaveCount(1);
  await slipway.picture('skipped-step');
});

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
  await expect(view.locator('.jp-SlipwayRun-facts')).toContainText('with the params of run'); // the new run's page
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
