import type { PipelineRun } from '@slipway/schema';
import { isOver, savePipeline } from './proved-pipeline';
import { startApp, until, type RunningApp } from './running-app';

jest.setTimeout(240_000);

/** Fails with a text that PostgreSQL cannot store. */
const ODD = {
  setup: 'from sklearn.metrics import mean_absolute_error\nMODE = "well"',
  work: `if MODE == "nul":
    raise ValueError("a\\0b")
if MODE == "surrogate":
    raise ValueError("a\\ud800b")
value = 1.0`,
  score: 'mae = mean_absolute_error([0.0], [value])\nprint("mae", mae)'
};

let app: RunningApp;
beforeAll(async () => {
  app = await startApp();
  await savePipeline(app, 'odd', ODD, { sinks: ['work', 'score'], grouping: [{ name: 'work', cells: ['setup', 'work'] }, { name: 'score', cells: ['score'] }] });
});
afterAll(() => app.stop());

async function run(MODE: string): Promise<PipelineRun> {
  const { runId } = (await app.call('POST', '/pipelines/odd/runs', { params: { MODE }, useCache: false })).body;
  return until(async () => {
    const { body } = await app.call('GET', `/pipeline-runs/${runId}`);
    return isOver(body) && (body as PipelineRun);
  });
}

test.each([
  ['nul', 'ValueError: ab'],
  ['surrogate', expect.any(String)] // the kernel cannot say it either
])('a step that fails with a %s in its words fails once', async (mode, message: string) => {
  const { status, steps } = await run(mode);
  expect([status, steps.find(s => s.name === 'work')]).toMatchObject(['failed', { status: 'failed', attempts: 1, error: { code: 'cell_failed', message } }]);
});
