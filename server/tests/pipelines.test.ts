import { execFile } from 'node:child_process';
import { readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import type { PipelineRun, Proof } from '@slipway/schema';
import { CLASSIFIER, CLASSIFIER_FILES, notebook, type TestNotebook } from './notebook-fixtures';
import { startApp, until, type RunningApp } from './running-app';

jest.setTimeout(180_000);

const PYTHON = join(__dirname, '../../.venv/bin/python');
let app: RunningApp;
beforeAll(async () => {
  app = await startApp();
});
afterAll(() => app.stop());

async function prove(name: string, book: TestNotebook, more: object = {}): Promise<Proof> {
  const started = await app.call('POST', '/proofs', { name, notebookPath: book.path, notebook: book.json, ...more });
  expect(started).toMatchObject({ status: 202, body: { status: 'running' } });
  return until(async () => {
    const { body } = await app.call('GET', `/proofs/${started.body.id}`);
    return body.status !== 'running' && (body as Proof);
  });
}

async function save(name: string, book: TestNotebook, more: object = {}): Promise<void> {
  const proof = await prove(name, book, more);
  expect(proof).toMatchObject({ status: 'same', differences: [] });
  expect((await app.call('POST', '/pipelines', { proofId: proof.id })).status).toBe(201);
}

async function start(name: string, body: object = {}): Promise<string> {
  const started = await app.call('POST', `/pipelines/${name}/runs`, body);
  expect(started.status).toBe(201);
  return started.body.runId;
}

async function ended(runId: string): Promise<PipelineRun> {
  return until(async () => {
    const { body } = await app.call('GET', `/pipeline-runs/${runId}`);
    return ['succeeded', 'failed', 'cancelled'].includes(body.status) && (body as PipelineRun);
  });
}

const run = async (name: string, body: object = {}): Promise<PipelineRun> => ended(await start(name, body));
const python = async (code: string): Promise<string> => (await promisify(execFile)(PYTHON, ['-c', code], { env: { ...process.env, MLFLOW_TRACKING_URI: app.url } })).stdout.trim();

describe('a classifier', () => {
  const book = notebook(CLASSIFIER, CLASSIFIER_FILES);
  let first: PipelineRun;

  test('is proved, saved and run: metric, model, separate processes', async () => {
    await save('iris', book);
    first = await run('iris');
    expect(first).toMatchObject({ status: 'succeeded', version: 1, trigger: 'hand', models: [{ name: 'iris', version: '1' }], params: { SEED: 7, TREES: 5 } });
    expect(first.metrics.accuracy).toBeGreaterThan(0.8);
    expect(first.steps.length).toBeGreaterThanOrEqual(3);
    expect(first.steps.every(s => s.status === 'succeeded' && !s.cached && s.hasNotebook)).toBe(true);
    expect(new Set(first.steps.map(s => s.pid)).size).toBe(first.steps.length);
  });

  test('its model predicts the same from the real MLflow client, and leads back to cells and data', async () => {
    const predictions = await python(
      'import mlflow; from sklearn.datasets import load_iris; m = mlflow.pyfunc.load_model("models:/iris/1"); X = load_iris(as_frame=True).data; print((m.predict(X) == load_iris().target).mean())'
    );
    expect(Number(predictions)).toBeGreaterThan(0.9);
    const { body } = await app.call('GET', '/lineage?uri=model:iris@1');
    const kinds = body.nodes.map((n: { kind: string }) => n.kind);
    expect(kinds).toEqual(expect.arrayContaining(['run', 'pipeline', 'cell', 'dataset']));
    expect(body.nodes.map((n: { label: string }) => n.label)).toContain('extra.csv');
  });

  test('its MLflow run holds params, metrics, notebooks and logs', async () => {
    const listed = await until(async () => {
      const text = await python(
        `import mlflow, json; c = mlflow.MlflowClient(); r = c.get_run("${first.mlflowRunId}"); print(json.dumps([r.info.status, r.data.params, r.data.metrics, [a.path for a in c.list_artifacts("${first.mlflowRunId}")]]))`
      );
      const parsed = JSON.parse(text);
      return parsed[3].includes('logs') && parsed;
    });
    expect(listed[0]).toBe('FINISHED');
    expect(listed[1]).toMatchObject({ SEED: '7', TREES: '5' });
    expect(listed[2].accuracy).toBe(first.metrics.accuracy);
    expect(listed[3]).toEqual(expect.arrayContaining(['model', 'notebooks', 'files', 'logs']));
  });

  test('an unchanged run comes from the cache with the same model; a param reruns what depends on it', async () => {
    const again = await run('iris');
    expect(again.steps.map(s => s.cached)).toEqual(again.steps.map(() => true));
    expect(again).toMatchObject({ models: [{ name: 'iris', version: '1' }], metrics: first.metrics });
    const other = await run('iris', { params: { TREES: 1, SEED: 1 } });
    expect(other.metrics.accuracy).not.toBe(first.metrics.accuracy);
    expect(other.models).toEqual([{ name: 'iris', version: '2' }]);
    expect(other.steps.some(s => !s.cached)).toBe(true);
  });

  test('a changed data file is noticed, and only what read it runs again', async () => {
    writeFileSync(join(book.folder, 'extra.csv'), 'w\n0.5\n1.5\n');
    const changed = await run('iris');
    expect(changed.metrics.accuracy).toBeCloseTo(2 * (first.metrics.accuracy as number), 9);
    expect(changed.steps.map(s => s.cacheNote).join()).toMatch(/extra\.csv has changed/);
    writeFileSync(join(book.folder, 'extra.csv'), CLASSIFIER_FILES['extra.csv']);
  });

  test('the same content saved again is unchanged, other content a new version', async () => {
    const proof = await prove('iris', book);
    const same = await app.call('POST', '/pipelines', { proofId: proof.id });
    expect(same.body).toMatchObject({ version: 1, isUnchanged: true });
    const changed = { ...book, json: { ...book.json, cells: book.json.cells.map(c => (c.id === 'constants' ? { ...c, source: 'SEED = 8\nTREES = 5' } : c)) } };
    const next = await app.call('POST', '/pipelines', { proofId: (await prove('iris', changed)).id });
    expect(next.body).toMatchObject({ version: 2, isUnchanged: false });
  });

  test('the log and the executed notebook of a step are there to read', async () => {
    const name = first.steps.at(-1)!.name;
    const scoring = first.steps.find(s => s.name)!.name;
    const logs = await Promise.all(first.steps.map(s => app.call('GET', `/pipeline-runs/${first.runId}/steps/${encodeURIComponent(s.name)}/log`)));
    expect(logs.map(l => l.body.text).join('')).toMatch(/accuracy 0\.\d+/);
    expect(logs.every(l => l.body.isComplete)).toBe(true);
    const executed = await app.call('GET', `/pipeline-runs/${first.runId}/steps/${encodeURIComponent(name ?? scoring)}/notebook`);
    expect(executed.body).toMatchObject({ nbformat: 4 });
  });
});

describe('what a proof sees', () => {
  test('a slice that misses a cell is red, with both values', async () => {
    const book = notebook({
      a: 'from sklearn.metrics import accuracy_score\nk = 1',
      hidden: "__import__('sys').modules['__main__'].__dict__['k'] = 0",
      m: 'score = accuracy_score([1, 0], [k, 0])\nprint(score)'
    });
    const proof = await prove('sliced', book);
    expect(proof).toMatchObject({ status: 'different', differences: [{ kind: 'metric', name: 'score', cellId: 'm', notebook: '0.5', pipeline: '1' }] });
    const refused = await app.call('POST', '/pipelines', { proofId: proof.id });
    expect(refused).toMatchObject({ status: 409, body: { code: 'results_differ' } });
  });

  test('a changed constant is red, and saved only on demand', async () => {
    const book = notebook({ a: 'from sklearn.metrics import mean_absolute_error\nk = 1', m: 'mae = mean_absolute_error([0], [k])\nprint(mae)' });
    const proof = await prove('constant', book, { paramValues: { k: 3 } });
    expect(proof).toMatchObject({ status: 'different', differences: [{ name: 'mae', notebook: '1', pipeline: '3' }] });
    const saved = await app.call('POST', '/pipelines', { proofId: proof.id, allowDifferences: true });
    expect(saved.body).toMatchObject({ version: 1, params: [{ name: 'k', value: 3 }] });
  });

  test('what changes from run to run of the notebook itself is named so', async () => {
    const book = notebook({ a: 'import random\nfrom sklearn.metrics import mean_absolute_error', m: 'mae = mean_absolute_error([0], [random.random()])\nprint(mae)' });
    const proof = await prove('random', book);
    expect(proof.status).toBe('different');
    expect(proof.differences[0]).toMatchObject({ kind: 'not_deterministic', cellId: 'm' });
    expect(proof.differences[0]!.message).toContain('not deterministic: cell m');
  });

  test('a notebook that fails is told with its cell; one of an unknown kernel is refused', async () => {
    const failing = await prove('failing', notebook({ m: 'from sklearn.metrics import accuracy_score\nraise ValueError("no such luck")\nscore = accuracy_score([1], [1])\nprint(score)' }));
    expect(failing).toMatchObject({ status: 'failed', differences: [{ kind: 'error', cellId: 'm' }] });
    expect(failing.differences[0]!.message).toContain('no such luck');
    const book = notebook({ m: 'from sklearn.metrics import accuracy_score\nscore = accuracy_score([1], [1])\nprint(score)' }, {}, 'cobol');
    expect(await app.call('POST', '/proofs', { name: 'kernel', notebookPath: book.path })).toMatchObject({ status: 400, body: { code: 'kernel_not_found' } });
  });

  test('a schedule that cannot be is refused before anything runs', async () => {
    const book = notebook(CLASSIFIER, CLASSIFIER_FILES);
    const ask = (cron: string, timeZone: string) => app.call('POST', '/proofs', { name: 'x', notebookPath: book.path, schedule: { cron, timeZone } });
    expect(await ask('61 * * * *', 'UTC')).toMatchObject({ status: 400, body: { code: 'invalid_cron' } });
    expect(await ask('0 0 31 2 *', 'UTC')).toMatchObject({ status: 400, body: { code: 'invalid_cron' } });
    expect(await ask('* * * * *', 'Mars/Olympus')).toMatchObject({ status: 400, body: { code: 'unknown_time_zone' } });
  });
});

describe('a run', () => {
  const book = notebook(
    {
      a: 'import time\nfrom sklearn.metrics import mean_absolute_error\nWAIT = 0.0',
      load: "text = open('data.txt').read()",
      slow: 'value = float(text)\ntime.sleep(WAIT)',
      m: 'mae = mean_absolute_error([0.0], [value])\nprint("mae", mae)'
    },
    { 'data.txt': '1.5' }
  );

  test('that fails is retried from the failed step, and the same run goes on', async () => {
    await save('steady', book);
    writeFileSync(join(book.folder, 'data.txt'), 'nonsense');
    const failed = await run('steady');
    expect(failed.status).toBe('failed');
    const broken = failed.steps.find(s => s.status === 'failed')!;
    expect(broken.error).toMatchObject({ code: 'cell_failed' });
    expect(failed.steps.filter(s => s.status === 'skipped').length).toBeGreaterThan(0);
    writeFileSync(join(book.folder, 'data.txt'), '2.5');
    expect(await app.call('POST', `/pipeline-runs/${failed.runId}/retry`, { fromStep: failed.steps[0]!.name })).toMatchObject({ status: 200, body: { runId: failed.runId } });
    const good = await ended(failed.runId);
    expect(good).toMatchObject({ status: 'succeeded', metrics: { mae: 2.5 } });
    expect(good.steps.find(s => s.name === broken.name)!.attempts).toBe(2);
  });

  test('is cancelled in its middle, its process with it', async () => {
    const runId = await start('steady', { params: { WAIT: 60.5 }, useCache: false });
    const pid = await until(async () => {
      const { body } = await app.call('GET', `/pipeline-runs/${runId}`);
      return (body as PipelineRun).steps.find(s => s.status === 'running' && s.pid !== null)?.pid ?? undefined;
    });
    await sleep(200);
    expect((await app.call('POST', `/pipeline-runs/${runId}/cancel`)).status).toBe(200);
    const over = await ended(runId);
    expect(over.status).toBe('cancelled');
    expect(() => process.kill(pid, 0)).toThrow();
  });

  test('of an unknown param or of a wrong type is refused', async () => {
    expect(await app.call('POST', '/pipelines/steady/runs', { params: { NOPE: 1 } })).toMatchObject({ status: 400, body: { code: 'unknown_param' } });
    expect(await app.call('POST', '/pipelines/steady/runs', { params: { WAIT: 'long' } })).toMatchObject({ status: 400, body: { code: 'param_type' } });
  });
});

describe('a schedule', () => {
  test('fires every second, pauses, and makes up once for what was missed', async () => {
    await save('timed', notebook({ m: 'from sklearn.metrics import accuracy_score\nscore = accuracy_score([1], [1])\nprint(score)' }));
    await app.call('PUT', '/pipelines/timed/schedule', { cron: '* * * * * *', timeZone: 'UTC' });
    const runs = async (): Promise<PipelineRun[]> => (await app.call('GET', '/pipelines/timed/runs')).body.items;
    await until(async () => (await runs()).length >= 2);
    const paused = await app.call('PUT', '/pipelines/timed/schedule', { cron: '* * * * * *', timeZone: 'UTC', isPaused: true });
    expect(paused.body.schedule).toMatchObject({ isPaused: true, nextFireAt: null });
    await sleep(300);
    const count = (await runs()).length;
    await sleep(1_500);
    expect((await runs()).length).toBe(count);
    expect((await runs()).every(r => r.trigger === 'schedule')).toBe(true);

    // As after an hour of downtime: an hourly schedule whose time was missed thrice.
    await app.call('PUT', '/pipelines/timed/schedule', { cron: '0 * * * *', timeZone: 'UTC' });
    const missed = new Date(Math.floor(Date.now() / 3_600_000) * 3_600_000 - 2 * 3_600_000);
    await app.database.db.updateTable('schedule').set({ next_fire_at: missed }).where('pipeline', '=', 'timed').execute();
    await until(async () => (await runs()).length === count + 1);
    await sleep(1_500);
    expect((await runs()).length).toBe(count + 1);
    const { body } = await app.call('GET', '/pipelines/timed');
    expect(body.schedule.note).toMatch(/^Slipway missed 3 runs .* it ran once/);
    expect(new Date(body.schedule.nextFireAt).getTime()).toBeGreaterThan(Date.now());
  });
});

test('local modules belong to the version: a later edit does not change what runs', async () => {
  const book = notebook({ m: 'from helper import factor\nfrom sklearn.metrics import mean_absolute_error\nmae = mean_absolute_error([0.0], [factor()])\nprint(mae)' }, { 'helper.py': 'def factor():\n    return 2.0\n' });
  await save('modular', book);
  writeFileSync(join(book.folder, 'helper.py'), 'def factor():\n    return 3.0\n');
  expect((await run('modular')).metrics).toEqual({ mae: 2 });
  await save('modular', book);
  expect((await run('modular')).metrics).toEqual({ mae: 3 });
  expect(readFileSync(join(book.folder, 'helper.py'), 'utf8')).toContain('3.0');
});

test('a clock makes a step run anew each time, and the page says why', async () => {
  await save('clocked', notebook({ m: 'import time\nfrom sklearn.metrics import accuracy_score\nnow = time.time()\nscore = accuracy_score([1], [1 if now > 0 else 0])\nprint(score)' }));
  await run('clocked');
  const again = await run('clocked');
  expect(again.steps.map(s => s.cached)).toContain(false);
  expect(again.steps.map(s => s.cacheNote).join()).toContain('clock');
});

test('a cached result whose bytes are gone is made again, not handed on', async () => {
  await save('forgetful', notebook(CLASSIFIER, CLASSIFIER_FILES));
  await run('forgetful');
  expect((await run('forgetful')).steps.every(s => s.cached)).toBe(true);
  const bytes = join(app.home, 'artifacts');
  readdirSync(bytes, { recursive: true, withFileTypes: true }).filter(e => e.isFile()).forEach(e => rmSync(join(e.parentPath, e.name)));
  const again = await run('forgetful');
  expect(again.status).toBe('succeeded');
  expect(again.steps.map(s => s.cached)).toContain(false);
  expect((await run('forgetful')).steps.every(s => s.cached)).toBe(true);
});
