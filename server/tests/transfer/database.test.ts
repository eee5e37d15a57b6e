import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { createClient } from '../../src/cli/client';
import { copyFrom } from '../../src/cli/transfer/copy';
import { daemonSink } from '../../src/cli/transfer/daemon-sink';
import { isDatabase, withMlflowOn } from '../../src/cli/transfer/mlflow-database';
import { openMlflow } from '../../src/cli/transfer/mlflow-source';
import { PYTHON } from '../mlflow/mlflow-server';
import { startApp, type RunningApp } from '../running-app';

jest.setTimeout(300_000);

let folder: string;
let app: RunningApp;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'slipway-mlflow-'));
  app = await startApp();
});
afterAll(async () => {
  await app.stop();
  rmSync(folder, { recursive: true, force: true });
});

const python = async (args: string[], uri: string): Promise<string> => (await promisify(execFile)(PYTHON, args, { cwd: folder, env: { ...process.env, MLFLOW_TRACKING_URI: uri, GIT_PYTHON_REFRESH: 'quiet' } })).stdout;

test('what a team logged straight into a database comes over with its files, by one command and no server of theirs', async () => {
  const database = `sqlite:///${join(folder, 'mlflow.db')}`;
  expect(isDatabase(database)).toBe(true);
  expect(await python([join(__dirname, 'source_story.py')], database)).toContain('told');
  const code = `import mlflow\nfrom sklearn.datasets import load_iris\nX, _ = load_iris(return_X_y=True, as_frame=True)\nprint([int(sum(mlflow.pyfunc.load_model(u).predict(X))) for u in ('models:/churn@champion', 'models:/churn/3', 'models:/churn/4')])`;
  const expected = await python(['-c', code], database);

  const sink = daemonSink(createClient({ url: app.url, token: null }), null);
  const totals = await withMlflowOn(database, { python: PYTHON }, url => copyFrom(openMlflow(url, null, {}), sink, { experiments: [], withModels: true, onProgress: () => undefined }));
  expect(totals).toMatchObject({ runs: 5, models: 1, versions: 3, loggedModels: 3, left: [] });
  expect(totals.files).toBeGreaterThan(10);
  expect(await python(['-c', code], app.url)).toBe(expected);
});

test('a database MLflow cannot read, and a Python without MLflow, are told in its words', async () => {
  const bad = join(folder, 'bad.db');
  writeFileSync(bad, 'this is no database'.repeat(100));
  await expect(withMlflowOn(`sqlite:///${bad}`, { python: PYTHON }, async () => undefined)).rejects.toMatchObject({ code: 'mlflow_did_not_start', message: expect.stringContaining('not a database') });
  await expect(withMlflowOn('sqlite:///x', { python: join(folder, 'absent') }, async () => undefined)).rejects.toMatchObject({ code: 'mlflow_did_not_start', message: expect.stringContaining('ENOENT') });
});
