import type { NewSweep, Sweep, SweepTrial } from '@slipway/schema';
import { savePipeline } from '../proved-pipeline';
import { startApp, until, type RunningApp } from '../running-app';

jest.setTimeout(300_000);

let app: RunningApp;
const OVER = ['succeeded', 'failed', 'cancelled'];
const BOWL = {
  settings: 'from sklearn.metrics import mean_absolute_error\nX = 1.0\nN = 3\nKIND = "a"\nWAIT = 0.0',
  score: 'import time\ntime.sleep(WAIT)\nif KIND == "bad":\n    raise ValueError("no such kind")\nloss = mean_absolute_error([0.0], [(X - 2.0) ** 2 + abs(N - 4) + (0.5 if KIND == "b" else 0.0)])\nprint("loss", loss)'
};
const CURVE = {
  settings: 'from sklearn.metrics import mean_absolute_error\nimport time\nLEVEL = 0.5\nSTEPS = 3\nWAIT = 0.0',
  train: 'for step in range(STEPS):\n    time.sleep(WAIT)\n    loss = mean_absolute_error([0.0], [LEVEL + 1 / (step + 1)])'
};

beforeAll(async () => {
  app = await startApp();
  await savePipeline(app, 'bowl', BOWL);
  await savePipeline(app, 'curve', CURVE);
});
afterAll(() => app.stop());

const space = { X: { type: 'float', low: 0, high: 4 }, N: { type: 'int', low: 1, high: 8 } } as const;

const ask = (more: object = {}): object => ({ pipeline: 'bowl', space, objective: { metric: 'loss', direction: 'minimize' }, maxTrials: 6, sampler: { kind: 'random', seed: 1 }, ...more });

async function begin(more: object = {}): Promise<Sweep> {
  const { status, body } = await app.call('POST', '/sweeps', ask(more));
  expect({ status, body }).toMatchObject({ status: 201 });
  return body;
}

const get = async (id: string): Promise<Sweep> => (await app.call('GET', `/sweeps/${id}`)).body;
const ended = (id: string): Promise<Sweep> => until(async () => OVER.includes((await get(id)).state) && get(id), 120_000);
const trialsOf = async (id: string): Promise<SweepTrial[]> => (await app.call('GET', `/sweeps/${id}/trials?limit=500`)).body.items;

test('a sweep tries params, finds the best, and its runs are children of its own', async () => {
  const sweep = await ended((await begin({ maxParallel: 2 })).id);
  const trials = await trialsOf(sweep.id);
  expect(sweep).toMatchObject({ state: 'succeeded', counts: { asked: 6, running: 0, succeeded: 6, failed: 0 } });
  expect(trials.map(t => t.number)).toEqual([0, 1, 2, 3, 4, 5]);
  for (const trial of trials) {
    const { X, N } = trial.params as { X: number; N: number };
    expect(trial.value).toBeCloseTo((X - 2) ** 2 + Math.abs(N - 4), 9);
  }
  expect(sweep.best!.value).toBe(Math.min(...trials.map(t => t.value!)));
  const run = (await app.call('GET', `/pipeline-runs/${sweep.best!.runId}`)).body;
  expect(run).toMatchObject({ trigger: 'sweep', origin: { sweep: { id: sweep.id, trial: sweep.best!.number } }, params: sweep.best!.params, models: [] });
  const child = (await app.call('GET', `/runs/${sweep.best!.mlflowRunId}`)).body;
  const tags = Object.fromEntries(child.tags.map((t: { key: string; value: string }) => [t.key, t.value]));
  expect(tags).toMatchObject({ 'mlflow.parentRunId': sweep.mlflowRunId, 'slipway.sweep': sweep.id });
  const parent = (await app.call('GET', `/runs/${sweep.mlflowRunId}`)).body;
  expect(parent.metrics).toMatchObject([{ key: 'loss', last: sweep.best!.value }]);
  expect(parent.status).toBe('FINISHED');
});

test('a grid tries each point once, and no more can be asked of it', async () => {
  const grid = { X: { type: 'float', low: 1, high: 3, step: 1 }, KIND: { type: 'choice', values: ['a', 'b'] } };
  const sweep = await ended((await begin({ space: grid, sampler: { kind: 'grid' }, maxTrials: 100, maxParallel: 3 })).id);
  const points = (await trialsOf(sweep.id)).map(t => `${String(t.params.X)} ${String(t.params.KIND)}`);
  expect(points.sort()).toEqual(['1 a', '1 b', '2 a', '2 b', '3 a', '3 b']);
  expect(sweep.best!.params).toEqual({ X: 2, KIND: 'a' });
  expect(await app.call('POST', `/sweeps/${sweep.id}/extend`, { trials: 1 })).toMatchObject({ status: 409, body: { code: 'grid_exhausted' } });
});

test('the process of the suggestions is killed in mid-sweep: no trial is lost and none asked twice', async () => {
  const undisturbed = await ended((await begin({ sampler: { kind: 'tpe', seed: 7, startupTrials: 2 }, maxTrials: 8 })).id);
  const { id } = await begin({ sampler: { kind: 'tpe', seed: 7, startupTrials: 2 }, maxTrials: 8, params: { WAIT: 0.05 } });
  const killed = new Set<number>();
  await until(async () => {
    const pid = optimizerPid();
    if (pid !== undefined && !killed.has(pid) && killed.size < 3) {
      killed.add(pid);
      process.kill(pid, 'SIGKILL');
    }
    return OVER.includes((await get(id)).state);
  }, 120_000);
  expect(killed.size).toBeGreaterThan(0);
  const [trials, reference] = await Promise.all([trialsOf(id), trialsOf(undisturbed.id)]);
  expect(trials.map(t => t.params)).toEqual(reference.map(t => t.params));
});

test('failed trials do not end a sweep, but too many in a row do, and it says so', async () => {
  const some = await ended((await begin({ space: { KIND: { type: 'choice', values: ['a', 'bad'] } }, sampler: { kind: 'grid', seed: 3 }, maxFailures: 2 })).id);
  expect(some).toMatchObject({ state: 'succeeded', counts: { succeeded: 1, failed: 1 } });
  expect((await trialsOf(some.id)).find(t => t.state === 'failed')!.error).toMatch(/failed/);
  const all = await ended((await begin({ space: { KIND: { type: 'choice', values: ['bad'] } }, sampler: { kind: 'random' }, maxFailures: 2, maxTrials: 9 })).id);
  expect(all).toMatchObject({ state: 'failed', why: '2 trials in a row failed.', counts: { asked: 2, failed: 2 }, best: null });
});

test('a trial that others were better than is stopped while it runs', async () => {
  const levels = { LEVEL: { type: 'choice', values: [0.1, 5] } };
  const { id } = await begin({ pipeline: 'curve', space: levels, params: { STEPS: 400, WAIT: 0.02 }, sampler: { kind: 'grid', seed: 1 }, pruner: { kind: 'median', startupTrials: 1 }, useCache: false });
  const trials = await trialsOf((await ended(id)).id);
  const pruned = trials.find(t => t.params.LEVEL === 5)!;
  const first = trials.find(t => t.number === 0)!;
  expect(first.state).toBe('succeeded');
  if (first.params.LEVEL === 0.1) {
    expect(pruned).toMatchObject({ state: 'pruned', value: null });
    expect((await app.call('GET', `/pipeline-runs/${pruned.runId}`)).body.status).toBe('cancelled');
    const { points } = (await app.call('GET', `/sweeps/${id}/trials/${pruned.number}/reports`)).body;
    expect(points[0]).toEqual({ step: 0, value: 6 });
    expect(points.length).toBeLessThan(400);
  } else {
    throw new Error('The seed tries the good one second: the story shows nothing.');
  }
});

test('pause, resume, cancel, more trials, delete', async () => {
  const { id } = await begin({ maxTrials: 50, params: { WAIT: 0.3 }, useCache: false });
  await until(async () => (await get(id)).counts.succeeded >= 1);
  expect(await app.call('POST', `/sweeps/${id}/pause`)).toMatchObject({ status: 200, body: { state: 'paused' } });
  expect(await app.call('DELETE', `/sweeps/${id}`)).toMatchObject({ status: 409, body: { code: 'sweep_state' } });
  const { counts } = await until(async () => (await get(id)).counts.running === 0 && get(id));
  expect(await app.call('POST', `/sweeps/${id}/pause`)).toMatchObject({ status: 409, body: { code: 'sweep_state' } });
  expect((await get(id)).counts.asked).toBe(counts.asked);
  await app.call('POST', `/sweeps/${id}/resume`);
  await until(async () => (await get(id)).counts.asked > counts.asked);
  await app.call('POST', `/sweeps/${id}/cancel`);
  const cancelled = await ended(id);
  expect(cancelled).toMatchObject({ state: 'cancelled', why: 'It was cancelled.' });
  const extended = (await app.call('POST', `/sweeps/${id}/extend`, { trials: 1 })).body as Sweep;
  expect(extended).toMatchObject({ state: 'running', maxTrials: 51 });
  await app.call('POST', `/sweeps/${id}/cancel`);
  await ended(id);
  expect((await app.call('DELETE', `/sweeps/${id}`)).status).toBe(200);
  expect(await app.call('GET', `/sweeps/${id}`)).toMatchObject({ status: 404, body: { code: 'sweep_not_found' } });
});

test('the best params become the pipeline’s own, as a new version', async () => {
  await savePipeline(app, 'adopting', BOWL);
  const sweep = await ended((await begin({ pipeline: 'adopting', maxTrials: 3 })).id);
  const { status, body } = await app.call('POST', `/sweeps/${sweep.id}/adopt`);
  expect([status, body.version]).toEqual([201, 2]);
  const values = Object.fromEntries(body.params.map((p: { name: string; value: unknown }) => [p.name, p.value]));
  expect(values).toMatchObject({ ...sweep.best!.params, KIND: 'a' });
  const run = (await app.call('POST', '/pipelines/adopting/runs', {})).body;
  expect(await until(async () => (await app.call('GET', `/pipeline-runs/${run.runId}`)).body.metrics.loss)).toBe(sweep.best!.value);
});

test('a sweep learns from an earlier one, ends when nothing gets better, and says what matters', async () => {
  const earlier = await ended((await begin({ maxTrials: 8, maxParallel: 2 })).id);
  const later = await ended((await begin({ sampler: { kind: 'tpe', seed: 2, startupTrials: 4 }, warmStart: [earlier.id], maxTrials: 30, patience: 3 })).id);
  expect(later).toMatchObject({ state: 'succeeded', warmTrials: 8, why: '3 trials in a row were no better than the best.' });
  expect(later.counts.asked).toBeLessThan(30);
  const { params } = (await app.call('GET', `/sweeps/${earlier.id}/importances`)).body;
  expect(params.map((p: { name: string }) => p.name).sort()).toEqual(['N', 'X']);
  expect(params.reduce((sum: number, p: { importance: number }) => sum + p.importance, 0)).toBeCloseTo(1, 6);
});

test('a metric that only MLflow was told is searched over', async () => {
  await savePipeline(app, 'logged', {
    settings: 'import mlflow\nLR = 0.5',
    train: 'def fit(lr):\n    for epoch in range(3):\n        mlflow.log_metric("val_loss", abs(lr - 0.25) + 1 / (epoch + 1), step=epoch)\nfit(LR)'
  });
  const objective = { metric: 'val_loss', direction: 'minimize' };
  const sweep = await ended((await begin({ pipeline: 'logged', space: { LR: { type: 'choice', values: [0.125, 0.25, 0.5] } }, sampler: { kind: 'grid' }, objective, pruner: { kind: 'asha' } })).id);
  expect(sweep).toMatchObject({ state: 'succeeded', best: { params: { LR: 0.25 }, value: 1 / 3, lastReport: { step: 2, value: 1 / 3 } } });
  const run = (await app.call('GET', `/runs/${sweep.best!.mlflowRunId}`)).body;
  expect(run.metrics.find((m: { key: string }) => m.key === 'val_loss')).toMatchObject({ last: 1 / 3 });
});

test('a sweep asks no more trials once its time is up', async () => {
  const sweep = await ended((await begin({ params: { WAIT: 0.4 }, useCache: false, maxTrials: 100, timeLimitMs: 1_000 })).id);
  expect(sweep).toMatchObject({ state: 'succeeded', why: 'Its time was up.' });
  expect(sweep.counts.asked).toBeLessThan(100);
  expect(sweep.counts.succeeded).toBe(sweep.counts.asked);
});

test('a sweep whose own run somebody deletes goes on to its end', async () => {
  const { id, mlflowRunId } = await begin({ params: { WAIT: 0.2 }, useCache: false, maxTrials: 3 });
  const deleted = await fetch(`${app.url}/api/2.0/mlflow/runs/delete`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ run_id: mlflowRunId }) });
  expect(deleted.status).toBe(200);
  expect(await ended(id)).toMatchObject({ state: 'succeeded', counts: { succeeded: 3 } });
});

test.each<[string, Partial<NewSweep> | object, string, string]>([
  ['an unknown param', { space: { Z: { type: 'int', low: 0, high: 1 } } }, 'unknown_param', 'space.Z'],
  ['an unknown fixed param', { params: { Z: 1 } }, 'unknown_param', 'params'],
  ['a number for a text', { space: { KIND: { type: 'int', low: 0, high: 1 } } }, 'param_type', 'space.KIND'],
  ['low above high', { space: { X: { type: 'float', low: 2, high: 1 } } }, 'invalid_space', 'space.X.low'],
  ['a log scale from nought', { space: { X: { type: 'float', low: 0, high: 1, log: true } } }, 'invalid_space', 'space.X.low'],
  ['a grid without steps', { sampler: { kind: 'grid' } }, 'grid_needs_step', 'space.X.step'],
  ['a metric it does not measure', { objective: { metric: 'auc', direction: 'maximize' } }, 'unknown_metric', 'objective.metric'],
  ['a warm start from nowhere', { sampler: { kind: 'tpe' }, warmStart: ['00000000-0000-4000-8000-000000000000'] }, 'unknown_sweep', 'warmStart.0'],
  ['a name that cannot be kept', { name: 'a\u0000b' }, 'invalid_input', ''],
  ['CMA-ES over one param', { space: { X: { type: 'float', low: 0, high: 1 } }, sampler: { kind: 'cma-es' } }, 'cma_es_needs_two', 'sampler.kind']
])('%s is refused, and the place is named', async (_what, more, code, path) => {
  const { status, body } = await app.call('POST', '/sweeps', ask(more));
  expect({ status, code: body.code, path: body.errors?.[0]?.path }).toEqual({ status: 400, code, path });
});

/** Of this test's own daemon: the child of this process that runs it. */
function optimizerPid(): number | undefined {
  const { execFileSync } = jest.requireActual<typeof import('node:child_process')>('node:child_process');
  const lines = execFileSync('ps', ['-o', 'pid=,args=', '--ppid', String(process.pid)], { encoding: 'utf8' }).split('\n');
  const found = lines.find(line => line.includes('slipway/optimize.py'));
  return found === undefined ? undefined : Number(found.trim().split(' ')[0]);
}
