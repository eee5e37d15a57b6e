import type { Job, PipelineRun, StepRun } from '@slipway/schema';
import { isOver, savePipeline } from './proved-pipeline';
import { startApp, until, type RunningApp } from './running-app';

jest.setTimeout(240_000);

const CELLS = {
  load: 'import time\nfrom sklearn.metrics import mean_absolute_error\nWAIT = 0.0\nBAD = False',
  query: 'time.sleep(WAIT)\nif BAD:\n    raise ConnectionError("refused")\nmae = mean_absolute_error([0.0], [1.0])\nprint("mae", mae)'
};
const STEPS = Object.keys(CELLS);
/** Longer than any test. */
const BACKOFF_MS = 3_600_000;

let app: RunningApp;
beforeAll(async () => {
  app = await startApp();
  await app.call('PUT', '/pools/db', { slots: 1 });
  await savePipeline(app, 'pooled', CELLS, { sinks: STEPS, grouping: STEPS.map(name => ({ name, cells: [name] })) });
  const retry = { maxRetries: 1, backoffMs: BACKOFF_MS, maxBackoffMs: BACKOFF_MS, jitter: 0, onExceptions: ['ConnectionError'] };
  expect(await app.call('PUT', '/pipelines/pooled/options', { steps: { query: { pool: 'db', retry } } })).toMatchObject({ status: 200 });
});
afterAll(() => app.stop());

const start = async (params: object = {}): Promise<string> => (await app.call('POST', '/pipelines/pooled/runs', { useCache: false, params })).body.runId;
const look = async (runId: string): Promise<PipelineRun> => (await app.call('GET', `/pipeline-runs/${runId}`)).body;
const query = async (runId: string): Promise<StepRun> => (await look(runId)).steps.find(s => s.name === 'query')!;
const whyOnJobsPage = async (runId: string): Promise<string | null> => ((await app.call('GET', '/jobs?state=queued')).body.items as Job[]).find(j => j.owner === runId)?.pendingReason ?? null;
const ended = (runId: string): Promise<PipelineRun> =>
  until(async () => {
    const run = await look(runId);
    return isOver(run) && run;
  });

test('a step that is tried again in an hour holds no seat until then, and takes its turn once it is due', async () => {
  const flaky = await start({ BAD: true });
  await until(async () => (await query(flaky)).pendingReason?.startsWith('Tried again in 3'));
  expect(await whyOnJobsPage(flaky)).toMatch(/^Tried again in 3\d\d\d s\.$/);
  expect((await app.call('GET', '/pools')).body.items).toMatchObject([{ name: 'db', slots: 1, used: 0, waiting: 1 }]);
  // The pool is free for others meanwhile.
  expect(await ended(await start())).toMatchObject({ status: 'succeeded' });
  const long = await start({ WAIT: 90.5 });
  await until(async () => (await query(long)).status === 'running');
  const due = await app.database.db.updateTable('pool_seat').set({ due_at: new Date() }).where('due_at', 'is not', null).executeTakeFirst();
  expect(due.numUpdatedRows).toBe(1n);
  await until(async () => (await query(flaky)).pendingReason === 'Waits for the pool db: 1 of 1 in use.');
  expect(await query(flaky)).toMatchObject({ status: 'queued', attempts: 1 });
  await app.call('POST', `/pipeline-runs/${long}/cancel`);
  expect(await ended(flaky)).toMatchObject({ status: 'failed' });
  expect(await query(flaky)).toMatchObject({ status: 'failed', attempts: 2 });
});

test('the Jobs page says of a job that waits for a pool that it does, and for which', async () => {
  const first = await start({ WAIT: 90.5 });
  await until(async () => (await query(first)).status === 'running');
  const second = await start();
  await until(async () => (await query(second)).status === 'queued');
  expect(await whyOnJobsPage(second)).toBe('Waits for the pool db: 1 of 1 in use.');
  expect((await query(second)).pendingReason).toBe('Waits for the pool db: 1 of 1 in use.');
  await app.call('POST', `/pipeline-runs/${first}/cancel`);
  expect(await ended(second)).toMatchObject({ status: 'succeeded' });
});
