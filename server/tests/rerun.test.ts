import type { CacheExplanation, PipelineRun } from '@slipway/schema';
import { isOver, savePipeline } from './proved-pipeline';
import { startApp, until, type RunningApp } from './running-app';

jest.setTimeout(180_000);

let app: RunningApp;
beforeAll(async () => {
  app = await startApp();
  await savePipeline(app, 'steps', {
    setup: 'from sklearn.metrics import mean_absolute_error\nROWS = 3\nFACTOR = 2.0',
    load: 'import pandas as pd\ntable = pd.DataFrame({"x": range(ROWS)})',
    work: 'value = float(table.x.sum()) * FACTOR',
    score: 'mae = mean_absolute_error([0.0], [value])\nprint("mae", mae)'
  }, { grouping: [{ name: 'load', cells: ['setup', 'load'] }, { name: 'work', cells: ['setup', 'work'] }, { name: 'score', cells: ['setup', 'score'] }] });
});
afterAll(() => app.stop());

async function ended(runId: string): Promise<PipelineRun> {
  return until(async () => {
    const { body } = await app.call('GET', `/pipeline-runs/${runId}`);
    return isOver(body) && (body as PipelineRun);
  });
}
const run = async (params: object = {}): Promise<PipelineRun> => ended((await app.call('POST', '/pipelines/steps/runs', { params })).body.runId);
const why = async (runId: string, step: string): Promise<CacheExplanation> => (await app.call('GET', `/pipeline-runs/${runId}/steps/${step}/cache`)).body;

test('chosen steps run anew on what the past run made; those after them are left out', async () => {
  const past = await run();
  expect(past).toMatchObject({ status: 'succeeded', metrics: { mae: 6 } });
  const asked = await app.call('POST', `/pipeline-runs/${past.runId}/rerun`, { steps: ['work'], params: { FACTOR: 5.5 } });
  expect(asked.status).toBe(201);
  const again = await ended(asked.body.runId);
  expect(again).toMatchObject({ status: 'succeeded', trigger: 'rerun', params: { FACTOR: 5.5 }, origin: { fromRun: past.runId, steps: ['work'] } });
  expect(again.steps.map(s => [s.name, s.status, s.cached])).toEqual([['load', 'succeeded', true], ['work', 'succeeded', false], ['score', 'skipped', false]]);
  const both = await ended((await app.call('POST', `/pipeline-runs/${past.runId}/rerun`, { steps: ['work', 'score'], params: { FACTOR: 5.5 } })).body.runId);
  expect(both.metrics).toEqual({ mae: 16.5 });
});

test('of a pipeline that lets one run go at a time it has its turn, too', async () => {
  expect(await app.call('PUT', '/pipelines/steps/options', { maxActiveRuns: 1 })).toMatchObject({ status: 200 });
  const past = await run();
  const { body } = await app.call('POST', `/pipeline-runs/${past.runId}/rerun`, { steps: ['score'] });
  expect(await ended(body.runId)).toMatchObject({ status: 'succeeded', metrics: past.metrics });
});

test('what cannot be run so is refused with its place', async () => {
  const past = await run();
  const ask = (body: object) => app.call('POST', `/pipeline-runs/${past.runId}/rerun`, body);
  expect(await ask({ steps: ['nothing'] })).toMatchObject({ status: 400, body: { code: 'unknown_step', errors: [{ path: 'steps.0' }] } });
  expect(await ask({ steps: [] })).toMatchObject({ status: 400, body: { code: 'invalid_input' } });
  expect(await ask({ steps: ['score'], params: { NOPE: 1 } })).toMatchObject({ status: 400, body: { code: 'unknown_param' } });
  const partial = await ended((await ask({ steps: ['work'] })).body.runId);
  expect(await app.call('POST', `/pipeline-runs/${partial.runId}/rerun`, { steps: ['score'] })).toMatchObject({ status: 201 });
});

test('why a step was, or was not, reused: the param, the value it takes, or being asked to run anew', async () => {
  const first = await run({ FACTOR: 7.5 });
  const second = await run({ FACTOR: 8.5 });
  const work = await why(second.runId, 'work');
  expect(work).toMatchObject({ isCached: false, comparedWith: { step: 'work' } });
  expect(work.differences).toMatchObject([{ part: 'param', name: 'FACTOR', after: '8.5' }]);
  expect((await why(second.runId, 'score')).differences).toMatchObject([{ part: 'input', name: 'value' }]);
  expect(await why(second.runId, 'load')).toMatchObject({ isCached: true, comparedWith: { step: 'load' }, differences: [] });
  const anew = await ended((await app.call('POST', '/pipelines/steps/runs', { params: { FACTOR: 7.5 }, useCache: false, fromRun: first.runId })).body.runId);
  expect(anew.origin).toMatchObject({ fromRun: first.runId });
  expect((await why(anew.runId, 'work')).differences).toMatchObject([{ part: 'opted_out' }]);
});

describe('behind a step that a person takes', () => {
  const CELLS = {
    load: 'from sklearn.metrics import mean_absolute_error\nvalue = 2.0',
    report: 'print("nothing comes of it")',
    score: 'mae = mean_absolute_error([0.0], [value])\nprint("mae", mae)'
  };
  const STEPS = Object.keys(CELLS);
  const look = async (runId: string): Promise<PipelineRun> => (await app.call('GET', `/pipeline-runs/${runId}`)).body;
  const states = ({ steps }: PipelineRun): Record<string, string> => Object.fromEntries(steps.map(s => [s.name, s.status]));
  /** Without authentication everybody is the owner, who may not decide about a run of their own: it is made another's. */
  const approve = async (runId: string): Promise<void> => {
    await until(async () => states(await look(runId))['sign off'] === 'awaiting');
    await app.database.db.updateTable('pipeline_run').set({ created_by: 'token:ann' }).where('id', '=', runId).execute();
    expect(await app.call('POST', `/pipeline-runs/${runId}/steps/sign%20off/decision`, { decision: 'approve' })).toMatchObject({ status: 200 });
  };

  beforeAll(() => savePipeline(app, 'signed', CELLS, { sinks: STEPS, grouping: STEPS.map(name => ({ name, cells: [name] })) }));

  test.each(['all_succeeded', 'none_failed'])('a step that runs if %s is asked about anew, and runs once that is granted', async runIf => {
    const set = await app.call('PUT', '/pipelines/signed/options', { steps: { score: { runIf } }, humanSteps: [{ name: 'look', after: ['load'], before: ['report'] }, { name: 'sign off', after: ['load'], before: ['score'] }] });
    expect(set).toMatchObject({ status: 200 });
    const { body } = await app.call('POST', '/pipelines/signed/runs', {});
    await approve(body.runId);
    await app.call('POST', `/pipeline-runs/${body.runId}/steps/look/decision`, { decision: 'approve' });
    const past = await ended(body.runId);
    expect(past.status).toBe('succeeded');
    const { runId } = (await app.call('POST', `/pipeline-runs/${past.runId}/rerun`, { steps: ['score'] })).body;
    await until(async () => states(await look(runId))['sign off'] === 'awaiting');
    expect(states(await look(runId))).toEqual({ load: 'succeeded', look: 'skipped', report: 'skipped', 'sign off': 'awaiting', score: 'waiting' });
    await approve(runId);
    expect(await ended(runId)).toMatchObject({ status: 'succeeded', metrics: { mae: 2 } });
  });

  test('what that person refused before is asked anew, too', async () => {
    const { body } = await app.call('POST', '/pipelines/signed/runs', {});
    await until(async () => states(await look(body.runId))['sign off'] === 'awaiting');
    await app.database.db.updateTable('pipeline_run').set({ created_by: 'token:ann' }).where('id', '=', body.runId).execute();
    for (const step of ['look', 'sign%20off']) {
      await app.call('POST', `/pipeline-runs/${body.runId}/steps/${step}/decision`, { decision: 'reject' });
    }
    expect((await ended(body.runId)).status).toBe('failed');
    const { runId } = (await app.call('POST', `/pipeline-runs/${body.runId}/rerun`, { steps: ['score'] })).body;
    await approve(runId);
    expect(states(await ended(runId))).toMatchObject({ load: 'succeeded', score: 'succeeded', report: 'skipped' });
  });
});
