import type { PipelineRun, Proof } from '@slipway/schema';
import { notebook } from '../notebook-fixtures';
import { until } from '../running-app';
import { createTestDatabase } from '../test-database';
import { WalkedHome } from './walked-home';

/** `npm run test:soak` walks all points; here so many of a hundred, chosen by chance. */
const PERCENT = process.env.SLIPWAY_SOAK_SECONDS === undefined ? 8 : 100;
jest.setTimeout(PERCENT === 100 ? 3_600_000 : 900_000);

let database: Awaited<ReturnType<typeof createTestDatabase>>;
let home: WalkedHome;
beforeAll(async () => {
  database = await createTestDatabase();
  home = new WalkedHome(database);
  home.start();
});
afterAll(async () => {
  await home.stop();
  await database.drop();
});

const METRIC = 'from sklearn.metrics import mean_absolute_error';
const WIDE = {
  load: `import time\n${METRIC}\nCOUNT = 4\nWAIT = 0.0\nitems = list(range(COUNT))\nitem = items[0]`,
  work: 'part = item * 2.0\ntime.sleep(WAIT)',
  big: 'value = 10.0',
  small: 'value = 1.0',
  score: 'parts = part if isinstance(part, list) else [part]\nmae = mean_absolute_error([0.0], [sum(parts) + value])\nprint("mae", mae)\nopen("report.txt", "w").write("done")',
  report: 'print("status", globals().get("SLIPWAY_RUN_STATUS"))'
};
const WIDE_OPTIONS = {
  maxActiveRuns: 1,
  timeoutMs: 3_000_000,
  humanSteps: [{ name: 'sign off', after: ['work'], before: ['score'] }],
  steps: {
    load: { isPreemptible: true },
    work: { map: { over: 'items', as: 'item', maxParallel: 2 } },
    big: { branch: 'size', when: 'params.COUNT > 2' },
    small: { branch: 'size' },
    score: { pool: 'narrow' },
    report: { isExitHandler: true }
  }
};
const TINY = { a: `${METRIC}\nDAY = "2026-01-01"\nvalue = float(len(DAY))`, b: 'mae = mean_absolute_error([0.0], [value])\nprint("mae", mae)' };

async function save(name: string, cells: Record<string, string>, options?: object): Promise<void> {
  const book = notebook(cells);
  const ids = Object.keys(cells);
  const { body } = await home.call('POST', '/proofs', { name, notebookPath: book.path, notebook: book.json, sinks: ids, grouping: ids.map(id => ({ name: id, cells: [id] })) });
  await until(async () => ((await home.call('GET', `/proofs/${body.id}`)).body as Proof).status === 'same');
  expect(await home.call('POST', '/pipelines', { proofId: body.id })).toMatchObject({ status: 201 });
  if (options) {
    expect(await home.call('PUT', `/pipelines/${name}/options`, options)).toMatchObject({ status: 200 });
  }
}

/** Starts a run that can be told from others by its param, once, however often the answer is lost. */
async function startOnce(name: string, params: Record<string, unknown>): Promise<string> {
  const find = async (): Promise<PipelineRun | undefined> => ((await home.call('GET', `/pipelines/${name}/runs`)).body.items as PipelineRun[]).find(r => r.trigger === 'hand' && Object.entries(params).every(([key, value]) => r.params[key] === value));
  const { status, body } = await home.call('POST', `/pipelines/${name}/runs`, { params, useCache: false }, async () => (await find()) !== undefined);
  expect([0, 201]).toContain(status);
  return status === 201 ? body.runId : (await find())!.runId;
}

const stepOf = (run: PipelineRun, name: string) => run.steps.find(s => s.name === name);
const isDecided = async (runId: string): Promise<boolean> => stepOf(await home.run(runId), 'sign off')?.status === 'succeeded';

async function approve(runId: string): Promise<void> {
  await until(async () => ['awaiting', 'succeeded'].includes(stepOf(await home.run(runId), 'sign off')?.status ?? ''), 600_000);
  // Without authentication everybody is the owner: the run is made another's.
  await database.db.updateTable('pipeline_run').set({ created_by: 'token:ann' }).where('id', '=', runId).execute();
  await home.call('POST', `/pipeline-runs/${runId}/steps/sign%20off/decision`, { decision: 'approve' }, () => isDecided(runId));
  await until(() => isDecided(runId), 600_000);
}

async function metricPoints(run: PipelineRun, key: string): Promise<number> {
  const rows = await database.db.selectFrom('metric').selectAll().where('run_id', '=', run.mlflowRunId!).where('key', '=', key).execute();
  return rows.length;
}

test('killed with -9 before and after each change of state: no step is lost, none that succeeded runs again, outputs are whole', async () => {
  await home.call('PUT', '/pools/narrow', { slots: 1 });
  await save('wide', WIDE, WIDE_OPTIONS);
  await save('tiny', TINY);
  await home.beginWalk(PERCENT);

  // A map, a branch, a person, a pool, an exit handler; the second waits for the first to end.
  const first = await startOnce('wide', { COUNT: 4 });
  const second = await startOnce('wide', { COUNT: 2 });
  for (const [runId, mae] of [[first, 22], [second, 3]] as const) {
    await approve(runId);
    const run = await home.ended(runId);
    expect({ status: run.status, metrics: run.metrics, error: run.steps.find(s => s.error)?.error }).toEqual({ status: 'succeeded', metrics: { mae }, error: undefined });
    expect(await metricPoints(run, 'mae')).toBe(1);
  }

  // Cancelled in the middle of a map; its exit handler runs all the same.
  const slow = await startOnce('wide', { COUNT: 3, WAIT: 600.5 });
  const running = await until(async () => stepOf(await home.run(slow), 'work')?.status === 'running' && (await home.call('GET', `/pipeline-runs/${slow}/steps/work/items?status=running`)).body.items.length > 0, 600_000);
  expect(running).toBe(true);
  await home.call('POST', `/pipeline-runs/${slow}/cancel`, undefined, async () => (await home.run(slow)).status !== 'running');
  const cancelled = await home.ended(slow);
  expect([cancelled.status, stepOf(cancelled, 'work')?.status, stepOf(cancelled, 'report')?.status]).toEqual(['cancelled', 'cancelled', 'succeeded']);

  // Some steps again on what a past run made; the person before them is asked anew.
  const reruns = async (): Promise<PipelineRun[]> => ((await home.call('GET', '/pipelines/wide/runs')).body.items as PipelineRun[]).filter(r => r.trigger === 'rerun');
  const rerun = await home.call('POST', `/pipeline-runs/${first}/rerun`, { steps: ['score'] }, async () => (await reruns()).length > 0);
  expect([0, 201]).toContain(rerun.status);
  const { runId: again } = (await reruns())[0]!;
  await approve(again);
  expect(await home.ended(again)).toMatchObject({ status: 'succeeded', metrics: { mae: 22 } });

  // A schedule, a backfill, a trigger: each of their times, intervals and firings is one run.
  const from = Date.now() + 20_000; // it is made by then, however often the daemon dies of it
  const spec = { name: 'often', intervalMs: 2_000, startAt: new Date(from).toISOString(), endAt: new Date(from + 9_000).toISOString(), catchUp: 'all', overlap: 'queue' };
  const schedules = async (): Promise<{ id: string }[]> => (await home.call('GET', '/pipelines/tiny/schedules')).body.items;
  await home.call('POST', '/pipelines/tiny/schedules', spec, async () => (await schedules()).length > 0);
  const backfills = async (): Promise<{ state: string }[]> => (await home.call('GET', '/pipelines/tiny/backfills')).body.items;
  const range = { from: '2026-01-01T00:00:00Z', to: '2026-01-04T00:00:00Z', timing: { cron: '0 0 * * *' }, bindings: [{ param: 'DAY', from: 'dataIntervalStart', format: 'yyyy-MM-dd' }] };
  await home.call('POST', '/pipelines/tiny/backfills', range, async () => (await backfills()).length > 0);
  const triggers = async (): Promise<{ id: string }[]> => (await home.call('GET', '/pipelines/tiny/triggers')).body.items;
  await home.call('POST', '/pipelines/tiny/triggers', { name: 'by hand', when: { any: [{ all: [{ kind: 'event', type: 'none.such' }] }] } }, async () => (await triggers()).length > 0);
  const [trigger] = await triggers();
  const signals = (): Promise<unknown[]> => database.db.selectFrom('trigger_signal').select('id').execute();
  await home.call('POST', `/triggers/${trigger!.id}/fire`, {}, async () => (await signals()).length > 0);
  const runs = async (): Promise<PipelineRun[]> => (await home.call('GET', '/pipelines/tiny/runs?limit=100')).body.items;
  const over = await until(async () => {
    const all = await runs();
    const counts = ['schedule', 'backfill', 'trigger'].map(t => all.filter(r => r.trigger === t && r.status === 'succeeded').length);
    return counts[0]! >= 5 && counts[1]! >= 3 && counts[2]! >= 1 && all;
  }, 1_200_000);
  expect(over.filter(r => r.trigger === 'schedule').map(r => Date.parse(r.origin!.schedule!.fireAt) - from).sort((a, b) => a - b)).toEqual([0, 2_000, 4_000, 6_000, 8_000]);
  expect(over.filter(r => r.trigger === 'backfill').map(r => r.params.DAY).sort()).toEqual(['2026-01-01', '2026-01-02', '2026-01-03']);
  expect(over.filter(r => r.trigger === 'trigger')).toHaveLength(1);
  await until(async () => (await backfills())[0]!.state === 'succeeded', 600_000);

  await home.endWalk();
  await until(async () => (await home.call('GET', '/pools')).body.items[0].used === 0);
  await home.checkDone();
  expect(await home.brokenOutputs()).toEqual([]);
  expect(await database.db.selectFrom('job').select('label').where('state', 'in', ['queued', 'running']).execute()).toEqual([]);
  expect(home.points().length).toBeGreaterThan(3);
});
