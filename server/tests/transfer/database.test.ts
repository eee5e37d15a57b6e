import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { createClient } from '../../src/cli/client';
import { copyFrom } from '../../src/cli/transfer/copy';
import { daemonSink } from '../../src/cli/transfer/daemon-sink';
import { isDatabase, withMlflowOn } from '../../src/cli/transfer/mlflow-database';
import { openMlflow } from '../../src/cli/transfer/mlflow-source';
import type { Totals } from '../../src/cli/transfer/sink';
import { PYTHON } from '../mlflow/mlflow-server';
import { startApp } from '../running-app';
import { asAdmin, databaseUrl } from '../test-database';

jest.setTimeout(300_000);

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'slipway-mlflow-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const python = async (args: string[], uri: string, cwd: string): Promise<string> => (await promisify(execFile)(PYTHON, args, { cwd, env: { ...process.env, MLFLOW_TRACKING_URI: uri, GIT_PYTHON_REFRESH: 'quiet' } })).stdout;

test.each(['sqlite', 'postgresql'])('what a team logged straight into a database (%s) comes over with its files, by one command and no server of theirs', async kind => {
  const database = kind === 'sqlite' ? `sqlite:///${join(folder, 'mlflow.db')}` : await theirPostgres();
  expect(isDatabase(database)).toBe(true);
  const work = mkdtempSync(join(folder, `${kind}-`));
  expect(await python([join(__dirname, 'source_story.py')], database, work)).toContain('told');
  const code = `import mlflow\nfrom sklearn.datasets import load_iris\nX, _ = load_iris(return_X_y=True, as_frame=True)\nprint([int(sum(mlflow.pyfunc.load_model(u).predict(X))) for u in ('models:/churn@champion', 'models:/churn/3', 'models:/churn/4')])`;
  const expected = await python(['-c', code], database, work);

  const app = await startApp();
  try {
    const sink = daemonSink(createClient({ url: app.url, token: null }), null);
    const copied = (): Promise<Totals> => withMlflowOn(database, { python: PYTHON }, url => copyFrom(openMlflow(url, null, {}), sink, { experiments: [], withModels: true, onProgress: () => undefined }));
    const totals = await copied();
    expect(totals).toMatchObject({ runs: 5, models: 1, versions: 3, loggedModels: 3, left: [] });
    expect(totals.files).toBeGreaterThan(10);
    expect(await python(['-c', code], app.url, work)).toBe(expected);
    expect(await copied()).toEqual({ ...totals, files: 0, filesThere: totals.files });
  } finally {
    await app.stop();
  }
});

/** A database for MLflow's tables on the tests' PostgreSQL; it goes with that. */
async function theirPostgres(): Promise<string> {
  const name = `mlflow_${randomBytes(6).toString('hex')}`;
  await asAdmin(`create database ${name}`);
  return databaseUrl(name).replace(/^postgres(ql)?:/, 'postgresql:');
}

test('a database MLflow cannot read, and a Python without MLflow, are told in its words', async () => {
  const bad = join(folder, 'bad.db');
  writeFileSync(bad, 'this is no database'.repeat(100));
  await expect(withMlflowOn(`sqlite:///${bad}`, { python: PYTHON }, async () => undefined)).rejects.toMatchObject({ code: 'mlflow_did_not_start', message: expect.stringContaining('not a database') });
  await expect(withMlflowOn('sqlite:///x', { python: join(folder, 'absent') }, async () => undefined)).rejects.toMatchObject({ code: 'mlflow_did_not_start', message: expect.stringContaining('ENOENT') });
});
