import { writeFileSync } from 'node:fs';
import { expect, test } from '../stage/test';

interface Run {
  runId: string;
  status: string;
  steps: { name: string; status: string; attempts: number; startedAt: string | null }[];
}

/** The step of orders.ipynb that waits, and reads a file where it is told to. */
const PRICING = 'load_data';

test('a failed run says where and why, and goes on from the failed step once the cause is mended', async ({ slipway, stage }) => {
  await stage.cli('productionize', slipway.path('orders.ipynb'), '--name', 'orders');
  const { view } = slipway;
  await slipway.command('slipway:open-pipeline', { name: 'orders' });
  await view.getByRole('button', { name: 'Run now' }).click();
  await view.getByLabel('MODE').fill('file');
  await view.getByRole('button', { name: 'Start the run' }).click();

  await expect(view.locator('.jp-SlipwayRun-facts')).toContainText('Failed');
  await expect(view.locator('.jp-SlipwayCard[data-state="succeeded"]')).toHaveText(/^prepare/);
  await expect(view.locator('.jp-SlipwayCard[data-state="failed"]')).toHaveText(new RegExp(`^${PRICING}`));
  await expect(view.locator('.jp-SlipwayStep').getByRole('heading')).toHaveText(PRICING);
  await expect(view.locator('.jp-SlipwayStep').getByRole('alert')).toContainText('rates.json');
  await expect(view.getByRole('log')).toContainText('looking for rates');
  await slipway.picture('run-failed');

  const [failed] = (await slipway.api<{ items: Run[] }>('/pipelines/orders/runs')).items;
  writeFileSync(slipway.path('rates.json'), '{"vat": 0.1}');
  await view.getByRole('button', { name: 'Retry from failed step' }).click();
  await expect(view.locator('.jp-SlipwayRun-facts')).toContainText('Succeeded');
  await expect(view.locator('.jp-SlipwayCard[data-state="succeeded"]')).toHaveCount(3);
  const retried = await slipway.api<Run>(`/pipeline-runs/${failed!.runId}`);
  const [before, after] = [failed!, retried].map(run => new Map(run.steps.map(step => [step.name, step])));
  expect(after!.get('prepare')).toMatchObject({ attempts: 1, startedAt: before!.get('prepare')!.startedAt });
  expect(after!.get(PRICING)).toMatchObject({ status: 'succeeded', attempts: 2 });
});

test('a running step shows its log as it comes and can be cancelled; a schedule can be paused', async ({ slipway, stage }) => {
  await stage.cli('productionize', slipway.path('orders.ipynb'), '--name', 'patient', '--cron', '0 6 * * *', '--tz', 'UTC');
  const { view } = slipway;
  const run = await slipway.api<Run>('/pipelines/patient/runs', { params: { SECONDS: 300 } });
  await slipway.command('slipway:open-run', { runId: run.runId });
  await expect(view.getByRole('log')).toContainText('looking for rates');
  await expect(view.locator('.jp-SlipwayRun-facts')).toContainText('Running');
  await view.getByRole('button', { name: 'Cancel run' }).click();
  await expect(view.locator('.jp-SlipwayRun-facts')).toContainText('Cancelled', { timeout: 10_000 });
  await expect(view.locator('.jp-SlipwayCard[data-state="cancelled"]').filter({ hasText: PRICING })).toHaveCount(1);

  const schedule = async (): Promise<unknown> => (await slipway.api<{ schedule: unknown }>('/pipelines/patient')).schedule;
  await slipway.command('slipway:open-pipeline', { name: 'patient' });
  await expect(view.getByRole('list', { name: 'Schedules' })).toContainText('At 06:00');
  await view.getByRole('button', { name: 'Pause' }).click();
  await expect(view.getByRole('list', { name: 'Schedules' })).toContainText('paused');
  expect(await schedule()).toMatchObject({ isPaused: true });
  await view.getByRole('button', { name: 'Resume' }).click();
  await expect(view.getByRole('list', { name: 'Schedules' })).toContainText('next');
  expect(await schedule()).toMatchObject({ isPaused: false });
});
