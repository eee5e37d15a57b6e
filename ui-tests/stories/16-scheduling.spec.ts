import { expect, test } from '../stage/test';

interface Run {
  runId: string;
  status: string;
  origin: { reason: string };
}

test('a schedule, a trigger and a backfill are set up on the pipeline’s page, and a run says why it is there', async ({ slipway, stage }) => {
  await stage.cli('productionize', slipway.path('orders.ipynb'), '--name', 'planned');
  const { view } = slipway;
  await slipway.command('slipway:open-pipeline', { name: 'planned' });
  await view.getByRole('button', { name: 'Add a schedule' }).click();
  await view.getByLabel('Name of the schedule').fill('nightly');
  await view.getByLabel('When times were missed').selectOption('all');
  await view.getByRole('button', { name: 'Save schedule' }).click();
  const schedules = view.getByRole('list', { name: 'Schedules' });
  await expect(schedules).toContainText('nightly At 06:00');
  await expect(schedules).toContainText('next');
  expect((await slipway.api<{ items: { catchUp: string }[] }>('/pipelines/planned/schedules')).items).toMatchObject([{ catchUp: 'all', overlap: 'skip' }]);

  await view.getByRole('button', { name: 'Add a trigger' }).click();
  await view.getByLabel('Name of the trigger').fill('arrivals');
  await view.getByRole('textbox', { name: 'Files' }).fill('not/absolute');
  await view.getByRole('button', { name: 'Save trigger' }).click();
  await expect(view.getByRole('alert')).toContainText('absolute');
  await view.getByRole('textbox', { name: 'Files' }).fill(slipway.path('incoming/*.csv'));
  await view.getByRole('button', { name: 'Save trigger' }).click();
  const triggers = view.getByRole('list', { name: 'Triggers' });
  await expect(triggers).toContainText('never fired');
  await triggers.getByRole('button', { name: 'Fire now' }).click();
  await expect(triggers).toContainText('last fired');
  await triggers.getByRole('button', { name: 'Firings' }).click();
  await expect(triggers.getByRole('list', { name: 'Firings' })).toContainText('Fired by');

  await view.getByRole('button', { name: 'Run for a range of the past' }).click();
  await view.getByLabel('From', { exact: true }).fill('2026-03-01');
  await view.getByLabel('To, not included').fill('2026-03-05');
  await view.getByRole('button', { name: 'Show the intervals' }).click();
  await expect(view.getByRole('status').filter({ hasText: 'interval' })).toContainText('3 intervals');
  await view.getByRole('button', { name: 'Start 3 runs' }).click();
  await expect(view.getByRole('list', { name: 'Backfills' })).toContainText('3 of 3', { timeout: 90_000 });

  await slipway.picture('planned');
  const runs = (await slipway.api<{ items: Run[] }>('/pipelines/planned/runs')).items;
  expect(runs.filter(run => run.origin.reason.startsWith('A backfill'))).toHaveLength(3);
  await slipway.command('slipway:open-run', { runId: runs[0]!.runId });
  await expect(view.locator('.jp-SlipwayRun-facts')).toContainText('A backfill by');
  await view.getByRole('button', { name: 'Why was this reused?' }).click();
  await expect(view.getByText('It is the result of')).toBeVisible();
});
