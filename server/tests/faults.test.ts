import type { PipelineRun } from '@slipway/schema';
import type { Executor } from '../src/scheduler';
import { isOver, savePipeline } from './proved-pipeline';
import { startApp, until, type RunningApp } from './running-app';

jest.setTimeout(240_000);

/** Fails before its turn as often as is left; real otherwise. */
let failuresLeft = 0;
const executor = (local: Executor): Executor => ({
  run: (job, observer) => (job.label.endsWith('/ b') && failuresLeft-- > 0 ? Promise.reject(new Error('the socket closed')) : local.run(job, observer))
});

let app: RunningApp;
beforeAll(async () => {
  app = await startApp({ executor });
  const cells = {
    a: 'import os\nfrom sklearn.metrics import mean_absolute_error\nHOW = ""\nvalue = 1.0',
    b: 'if HOW == "memory":\n    hog = bytearray(2**31)\n    for i in range(0, len(hog), 4096): hog[i] = 1\nif HOW == "killed":\n    os.kill(os.getpid(), 9)\nmae = mean_absolute_error([0.0], [value])\nprint("mae", mae)'
  };
  await savePipeline(app, 'frail', cells, { sinks: ['a', 'b'], grouping: ['a', 'b'].map(id => ({ name: id, cells: [id] })) });
});
afterAll(() => app.stop());

async function run(how: string): Promise<PipelineRun> {
  const { runId } = (await app.call('POST', '/pipelines/frail/runs', { useCache: false, params: { HOW: how } })).body as PipelineRun;
  return until(async () => {
    const found = (await app.call('GET', `/pipeline-runs/${runId}`)).body as PipelineRun;
    return isOver(found) && found;
  });
}
const stepB = (of: PipelineRun) => of.steps.find(s => s.name === 'b')!;

test('an executor that is lost is tried again; one that stays away fails the step by its name', async () => {
  failuresLeft = 1;
  const once = await run('');
  expect([once.status, once.steps.map(s => s.attempts)]).toEqual(['succeeded', [1, 2]]);
  const news = await app.database.db.selectFrom('event').select('data').where('subject', '=', once.runId).execute();
  expect(news.map(e => (e.data as { reason?: string }).reason).filter(Boolean)).toEqual([expect.stringContaining('The step could not be run. (the socket closed)')]);
  failuresLeft = 100;
  const never = await run('');
  failuresLeft = 0;
  expect([never.status, stepB(never).attempts, stepB(never).error]).toEqual(['failed', 3, expect.objectContaining({ code: 'executor_failed', message: expect.stringContaining('the socket closed') })]);
});

test('a kernel out of memory is told with what it had and where, and is not tried again', async () => {
  expect(await app.call('PUT', '/pipelines/frail/options', { steps: { b: { resources: { memoryBytes: 512 * 2 ** 20 } } } })).toMatchObject({ status: 200 });
  const hog = await run('memory');
  expect(stepB(hog)).toMatchObject({ status: 'failed', attempts: 1, error: { code: 'out_of_memory', cellId: 'b', message: expect.stringMatching(/512|memory/) } });
});

test('a kernel that dies is tried again, then told as that', async () => {
  await app.call('PUT', '/pipelines/frail/options', { steps: { b: { retry: { maxRetries: 1, backoffMs: 10 } } } });
  const dead = await run('killed');
  expect(stepB(dead)).toMatchObject({ status: 'failed', attempts: 2, error: { code: 'kernel_died', cellId: 'b' } });
});

test('what no machine here has is refused at save, with the place', async () => {
  const refused = await app.call('PUT', '/pipelines/frail/options', { steps: { b: { resources: { gpus: 900 } } } });
  expect(refused).toMatchObject({ status: 400, body: { code: 'impossible_resources', errors: [{ path: 'options.steps.b.resources', message: expect.stringContaining('It asks for 900 GPUs') }] } });
});
