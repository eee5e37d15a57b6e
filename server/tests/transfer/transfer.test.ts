import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { createClient } from '../../src/cli/client';
import { copyFrom } from '../../src/cli/transfer/copy';
import { daemonSink } from '../../src/cli/transfer/daemon-sink';
import { folderSink, readFolder } from '../../src/cli/transfer/folder';
import { openMlflow } from '../../src/cli/transfer/mlflow-source';
import type { Totals } from '../../src/cli/transfer/sink';
import { PYTHON, startMlflow, type MlflowServer } from '../mlflow/mlflow-server';
import { startApp, type RunningApp } from '../running-app';
import { contentsOf } from './contents';

jest.setTimeout(240_000);

const everything = { experiments: [], withModels: true, onProgress: () => undefined };
let theirs: MlflowServer;
let ours: RunningApp;
beforeAll(async () => {
  [theirs, ours] = await Promise.all([startMlflow(), startApp()]);
  expect(await python(theirs.url, [join(__dirname, 'source_story.py')])).toContain('told');
});
afterAll(async () => {
  theirs.stop();
  await ours.stop();
});

const sinkOf = (app: RunningApp): ReturnType<typeof daemonSink> => daemonSink(createClient({ url: app.url, token: null }), null);

async function python(url: string, args: string[]): Promise<string> {
  return (await promisify(execFile)(PYTHON, args, { env: { ...process.env, MLFLOW_TRACKING_URI: url, GIT_PYTHON_REFRESH: 'quiet' } })).stdout;
}

test('all that an MLflow server holds comes over under its own ids, and again changes nothing', async () => {
  const totals = await copyFrom(openMlflow(theirs.url, null), sinkOf(ours), everything);
  expect(totals).toMatchObject({ runs: 5, models: 1, versions: 3, loggedModels: 3, left: [] } satisfies Partial<Totals>);
  const expected = await contentsOf(theirs.url);
  expect(Object.keys(expected).length).toBe(9);
  expect(await contentsOf(ours.url)).toEqual(expected);
  expect(await copyFrom(openMlflow(theirs.url, null), sinkOf(ours), everything)).toEqual({ ...totals, files: 0, filesThere: totals.files });
  expect(await contentsOf(ours.url)).toEqual(expected);
});

test('a transfer that broke off goes on: only files that are missing, or of another size, are sent', async () => {
  const sink = sinkOf(ours);
  const sent: string[] = [];
  const listening = (of: typeof sink): typeof sink => ({ ...of, file: (folder, path, bytes) => (sent.push(path), of.file(folder, path, bytes)) });
  const folders = new Set<string>();
  await copyFrom(openMlflow(theirs.url, null), { ...sink, present: folder => (folders.add(folder), sink.present(folder)) }, everything);
  const folder = await (async () => {
    for (const each of folders) {
      if ((await sink.present(each)).has('report.txt') || (await sink.present(each)).size > 1) {
        return each;
      }
    }
    throw new Error('No run has files.');
  })();
  const [gone, cut, ...rest] = [...(await sink.present(folder)).keys()];
  expect(rest.length + 2).toBeGreaterThan(1);
  const at = (path: string): string => `${ours.url}/api/2.0/mlflow-artifacts/artifacts/${folder}/${path}`;
  expect((await fetch(at(gone!), { method: 'DELETE' })).status).toBeLessThan(300);
  expect((await fetch(at(cut!), { method: 'PUT', body: 'half' })).status).toBe(200);
  const totals = await copyFrom(openMlflow(theirs.url, null), listening(sink), everything);
  expect(sent.sort()).toEqual([gone, cut].sort());
  expect(totals.files).toBe(2);
  sent.length = 0;
  const all = daemonSink(createClient({ url: ours.url, token: null }), null, { allFiles: true });
  expect((await copyFrom(openMlflow(theirs.url, null), listening(all), everything)).filesThere).toBe(0);
  expect(sent).toHaveLength(totals.files + totals.filesThere);
  expect(await contentsOf(ours.url)).toEqual(await contentsOf(theirs.url));
});

test('the models that came over load and predict, by alias and by version', async () => {
  const code = `import mlflow\nfrom sklearn.datasets import load_iris\nX, _ = load_iris(return_X_y=True, as_frame=True)\nprint([int(sum(mlflow.pyfunc.load_model(u).predict(X))) for u in ('models:/churn@champion', 'models:/churn/3', 'models:/churn/4')])`;
  const predictions = await python(ours.url, ['-c', code]);
  expect(predictions).toBe(await python(theirs.url, ['-c', code]));
});

test('an export is files that another daemon takes in, whole', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'slipway-export-'));
  const other = await startApp();
  try {
    const exported = await copyFrom(openMlflow(ours.url, null), await folderSink(folder), everything);
    const imported = await readFolder(folder, sinkOf(other), () => undefined);
    expect(imported).toMatchObject({ runs: exported.runs, files: exported.files, versions: exported.versions, points: exported.points });
    expect(await contentsOf(other.url)).toEqual(await contentsOf(ours.url));
    await expect(folderSink(folder)).rejects.toMatchObject({ code: 'folder_in_use', exitCode: 2 });
    await expect(readFolder(tmpdir(), sinkOf(other), () => undefined)).rejects.toMatchObject({ code: 'not_an_export' });
  } finally {
    await other.stop();
    rmSync(folder, { recursive: true, force: true });
  }
});

test('a server that is away, and a batch that MLflow would refuse, are told and leave nothing half', async () => {
  await expect(copyFrom(openMlflow('http://127.0.0.1:9', null), sinkOf(ours), everything)).rejects.toMatchObject({ code: 'source_away' });
  const run = { runId: 'a'.repeat(32), name: 'x', userId: 'u', status: 'FINISHED', startTime: 1, endTime: 2, params: {}, tags: {}, metrics: [], datasets: [] };
  const bad = { ...run, runId: 'b'.repeat(32), params: { '../up': '1' } };
  expect(await ours.call('POST', '/imports/runs', { experiment: { name: 'half', tags: {} }, runs: [run, bad] })).toMatchObject({ status: 400, body: { code: 'invalid_key' } });
  expect((await fetch(`${ours.url}/api/2.0/mlflow/runs/get?run_id=${run.runId}`)).status).toBe(404);
});
