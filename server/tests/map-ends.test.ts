import type { Job, MapItem, PipelineRun, StepRun } from '@slipway/schema';
import { isOver, savePipeline } from './proved-pipeline';
import { startApp, until, type RunningApp } from './running-app';

jest.setTimeout(240_000);

/** Items below `SLOW` are over at once, the others wait. */
const CELLS = {
  list: 'import time\nfrom sklearn.metrics import mean_absolute_error\nWAIT = 0.0\nSLOW = 2\nitems = list(range(5))\nitem = items[0]',
  work: 'if item >= SLOW:\n    time.sleep(WAIT)\nscore = float(item)',
  gather: 'scores = score if isinstance(score, list) else [score]\nmae = mean_absolute_error([0.0], [sum(scores)])\nprint("mae", mae)'
};
const STEPS = Object.keys(CELLS);

let app: RunningApp;
beforeAll(async () => {
  app = await startApp();
  await savePipeline(app, 'mapped', CELLS, { sinks: STEPS, grouping: STEPS.map(name => ({ name, cells: [name] })) });
  const set = await app.call('PUT', '/pipelines/mapped/options', { steps: { work: { map: { over: 'items', as: 'item', maxParallel: 2 } } } });
  expect(set).toMatchObject({ status: 200 });
});
afterAll(() => app.stop());

const look = async (runId: string): Promise<PipelineRun> => (await app.call('GET', `/pipeline-runs/${runId}`)).body;
const step = (of: PipelineRun, name: string): StepRun => of.steps.find(s => s.name === name)!;
const statesOfItems = async (runId: string): Promise<string[]> => ((await app.call('GET', `/pipeline-runs/${runId}/steps/work/items`)).body.items as MapItem[]).map(i => i.status);
const ended = (runId: string): Promise<PipelineRun> =>
  until(async () => {
    const run = await look(runId);
    return isOver(run) && run;
  });

/** A run of which two items are over and others under way. */
async function halfDone(): Promise<string> {
  const { body } = await app.call('POST', '/pipelines/mapped/runs', { useCache: false, params: { WAIT: 90.5 } });
  await until(async () => {
    const states = await statesOfItems(body.runId);
    return states[0] === 'succeeded' && states[1] === 'succeeded' && states[2] === 'running' && states[3] === 'running';
  });
  return body.runId;
}

test('a run cancelled once some items are over has no result of the map, and is cancelled', async () => {
  const runId = await halfDone();
  await app.call('POST', `/pipeline-runs/${runId}/cancel`);
  const over = await ended(runId);
  expect(over).toMatchObject({ status: 'cancelled', metrics: {} });
  expect([step(over, 'work').status, step(over, 'gather').status]).toEqual(['cancelled', 'cancelled']);
  expect(await statesOfItems(runId)).toEqual(['succeeded', 'succeeded', 'cancelled', 'cancelled', 'cancelled']);
});

test('an item cancelled on the Jobs page cancels the map, and a retry runs what is missing', async () => {
  const runId = await halfDone();
  const { body } = await app.call('GET', '/jobs?state=running');
  const item = (body.items as Job[]).find(j => j.label.endsWith('[2]'))!;
  expect((await app.call('POST', `/jobs/${item.id}/cancel`)).status).toBe(202);
  await until(async () => (await statesOfItems(runId))[2] === 'cancelled');
  // What runs goes on to its end; nothing else begins.
  const other = (body.items as Job[]).find(j => j.label.endsWith('[3]'))!;
  expect(step(await look(runId), 'work').status).toBe('running');
  await app.call('POST', `/jobs/${other.id}/cancel`);
  const over = await ended(runId);
  expect(over).toMatchObject({ status: 'cancelled', metrics: {} });
  expect([step(over, 'work').status, step(over, 'gather').status]).toEqual(['cancelled', 'skipped']);
  expect(await app.call('POST', `/pipeline-runs/${runId}/retry`, {})).toMatchObject({ status: 200 });
  await until(async () => (await statesOfItems(runId)).filter(s => s === 'running').length === 2);
  const again = ((await app.call('GET', '/jobs?state=running')).body.items as Job[]).map(j => j.label).sort();
  expect(again).toEqual(['mapped / work [2]', 'mapped / work [3]']);
  await app.call('POST', `/pipeline-runs/${runId}/cancel`);
  expect((await ended(runId)).status).toBe('cancelled');
});
