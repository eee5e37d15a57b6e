import type { Job, PipelineRun } from '@slipway/schema';
import { DAILY, isOver, savePipeline } from './proved-pipeline';
import { startApp, until, type RunningApp } from './running-app';

jest.setTimeout(240_000);

/** A day on which the step `work` fails. */
const BAD_DAY = '2026-02-03';

let app: RunningApp;
beforeAll(async () => {
  app = await startApp();
  const steps = ['setup', 'work', 'score'];
  await savePipeline(app, 'daily', DAILY, { sinks: steps, grouping: steps.map(name => ({ name, cells: [name] })) });
});
afterAll(() => app.stop());

const look = async (runId: string): Promise<PipelineRun> => (await app.call('GET', `/pipeline-runs/${runId}`)).body;
const ended = (runId: string): Promise<PipelineRun> =>
  until(async () => {
    const run = await look(runId);
    return isOver(run) && run;
  });
const failing = async (params: object = {}): Promise<string> => (await app.call('POST', '/pipelines/daily/runs', { params: { DAY: BAD_DAY, ...params } })).body.runId;
const retry = (runId: string): ReturnType<RunningApp['call']> => app.call('POST', `/pipeline-runs/${runId}/retry`, {});
/** Jobs of `work` of the runs, the first first. */
const worked = async (runIds: readonly string[]): Promise<Job[]> =>
  ((await app.call('GET', '/jobs?limit=500')).body.items as Job[])
    .filter(j => runIds.includes(j.owner) && j.label === 'daily / work')
    .sort((a, b) => a.createdAt.localeCompare(b.createdAt));

test('of two retries at once one is refused, and each step runs once more', async () => {
  const runId = await failing();
  await ended(runId);
  const answers = await Promise.all([retry(runId), retry(runId)]);
  expect(answers.map(a => a.status).sort()).toEqual([200, 409]);
  expect(answers.find(a => a.status === 409)!.body).toMatchObject({ code: 'run_active' });
  const again = await ended(runId);
  expect(again.steps.find(s => s.name === 'work')).toMatchObject({ status: 'failed', attempts: 2 });
  expect(await worked([runId])).toHaveLength(2);
});

test('retried runs take their turn where only so many of a pipeline may be under way', async () => {
  expect(await app.call('PUT', '/pipelines/daily/options', { maxActiveRuns: 1 })).toMatchObject({ status: 200 });
  const runIds = await Promise.all([1, 2, 3].map(n => failing({ WAIT: 2 + n / 10 })));
  await Promise.all(runIds.map(ended));
  const before = (await worked(runIds)).map(j => j.id);
  const answers = await Promise.all(runIds.map(retry));
  expect(answers.map(a => a.status)).toEqual([200, 200, 200]);
  await until(async () => (await Promise.all(runIds.map(look))).filter(r => r.pendingReason?.includes('fewer runs')).length === 2);
  expect((await Promise.all(runIds.map(ended))).map(r => r.status)).toEqual(['failed', 'failed', 'failed']);
  const again = (await worked(runIds)).filter(j => !before.includes(j.id));
  expect(again).toHaveLength(3);
  again.slice(1).forEach((job, i) => expect(Date.parse(job.startedAt!)).toBeGreaterThanOrEqual(Date.parse(again[i]!.endedAt!)));
});

test('a run that is over stays as it is when it is cancelled', async () => {
  const runId = await failing();
  const over = await ended(runId);
  const { lastId } = await app.database.db.selectFrom('event').select(eb => eb.fn.max('id').as('lastId')).executeTakeFirstOrThrow();
  expect(await app.call('POST', `/pipeline-runs/${runId}/cancel`)).toMatchObject({ status: 200 });
  expect(await look(runId)).toEqual(over);
  expect(await app.database.db.selectFrom('event').selectAll().where('id', '>', lastId).where('subject', '=', runId).execute()).toEqual([]);
});
