import type { PipelineRun } from '@slipway/schema';
import { GANG_CELLS, GANG_GROUPING } from './gang-cells';
import { isOver, savePipeline } from './proved-pipeline';
import { startApp, until, type RunningApp } from './running-app';

jest.setTimeout(240_000);

let app: RunningApp;
beforeAll(async () => {
  app = await startApp();
});
afterAll(() => app.stop());

const MIB = 2 ** 20;
/** Three ranks on two CPUs. */
const GANG = { cpus: 0.5, memoryBytes: 512 * MIB, ranks: 3 };

async function run(body: object): Promise<PipelineRun> {
  const started = await app.call('POST', '/pipelines/gang/runs', body);
  expect(started.status).toBe(201);
  return until(async () => {
    const { body: now } = await app.call('GET', `/pipeline-runs/${started.body.runId}`);
    return isOver(now) && (now as PipelineRun);
  }, 120_000);
}

test('ranks of a gang start together, find one another, and rank 0 gives the result; one that fails ends all', async () => {
  await savePipeline(app, 'gang', GANG_CELLS, { sinks: ['score'], grouping: GANG_GROUPING });
  const set = await app.call('PUT', '/pipelines/gang/options', { steps: { train: { resources: GANG } } });
  expect([set.status, set.body.options?.steps.train.resources.ranks]).toEqual([200, 3]);

  const good = await run({});
  expect([good.status, good.error, good.metrics]).toEqual(['succeeded', null, { mae: 6 }]);
  const { body: log } = await app.call('GET', `/pipeline-runs/${good.runId}/steps/train/log`);
  expect([0, 1, 2].map(rank => log.text.includes(`[rank ${rank}] rank ${rank} of 3\n`))).toEqual([true, true, true]);

  // Reused: a port and a rank are of an attempt, not of what the result depends on. Another width is another result.
  expect((await run({})).steps.map(s => s.cached)).toEqual([true, true]);
  await app.call('PUT', '/pipelines/gang/options', { steps: { train: { resources: { ...GANG, ranks: 2 } } } });
  const narrower = await run({});
  expect([narrower.steps[0]!.cached, narrower.metrics]).toEqual([false, { mae: 3 }]);

  const bad = await run({ params: { FAILING: 1 } });
  expect([bad.status, bad.steps[0]!.error]).toMatchObject(['failed', { code: 'cell_failed', cellId: 'gather', message: 'Rank 1 of 2: ValueError: this rank has had enough' }]);
  expect(bad.durationMs).toBeLessThan(30_000); // rank 0 waited for it, and was not left waiting
});

test('a gang that can never have its place is refused when it is saved, with its place', async () => {
  const set = await app.call('PUT', '/pipelines/gang/options', { steps: { train: { resources: { ...GANG, ranks: 4_000 } } } });
  expect([set.status, set.body.code, set.body.message ?? set.body.detail]).toEqual([400, 'impossible_resources', expect.stringMatching(/options\.steps\.train\.resources: .*4000 ranks/)]);
});
