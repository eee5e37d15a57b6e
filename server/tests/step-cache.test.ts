import type { PipelineRun } from '@slipway/schema';
import { isOver, savePipeline } from './proved-pipeline';
import { startApp, until, type RunningApp } from './running-app';

jest.setTimeout(180_000);

let app: RunningApp;
beforeAll(async () => {
  app = await startApp();
  const cells = { a: 'from sklearn.metrics import mean_absolute_error\nvalue = 1.0', b: 'mae = mean_absolute_error([0.0], [value])\nprint("mae", mae)' };
  await savePipeline(app, 'kept', cells, { sinks: ['a', 'b'], grouping: ['a', 'b'].map(id => ({ name: id, cells: [id] })) });
});
afterAll(() => app.stop());

async function run(): Promise<PipelineRun> {
  const { runId } = (await app.call('POST', '/pipelines/kept/runs', {})).body as PipelineRun;
  return until(async () => {
    const found = (await app.call('GET', `/pipeline-runs/${runId}`)).body as PipelineRun;
    return isOver(found) && found;
  });
}
const cachedOf = (of: PipelineRun): boolean[] => of.steps.map(s => s.cached);
const noteOf = (of: PipelineRun): string | null | undefined => of.steps[1]!.cacheNote;
const setCache = async (cache: object): Promise<void> => expect(await app.call('PUT', '/pipelines/kept/options', { steps: { b: { cache } } })).toMatchObject({ status: 200 });

test('a step that its options take out of the cache runs anew each time, and says so; the others are reused', async () => {
  await run();
  expect(cachedOf(await run())).toEqual([true, true]);
  await setCache({ isEnabled: false });
  const anew = await run();
  expect([cachedOf(anew), noteOf(anew)]).toEqual([[true, false], 'Run anew each time, as the step’s options say.']);
  expect(cachedOf(await run())).toEqual([true, false]);
});

test('a result older than the step’s options allow has expired; the one made then takes its place', async () => {
  await setCache({ isEnabled: true, expiresAfterMs: 3_600_000 });
  await run();
  expect(cachedOf(await run())).toEqual([true, true]);
  await app.database.db.updateTable('step_cache').set({ created_at: new Date(Date.now() - 3_601_000) }).execute();
  const expired = await run();
  expect([cachedOf(expired), noteOf(expired)]).toEqual([[true, false], expect.stringMatching(/has expired\./)]);
  expect(cachedOf(await run())).toEqual([true, true]);
});
