import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { startApp, type RunningApp } from '../running-app';

jest.setTimeout(600_000);

let app: RunningApp;
let token: string;
const folder = mkdtempSync(join(tmpdir(), 'slipway-mlflow-cli-'));
beforeAll(async () => {
  app = await startApp({ auth: 'token' });
  token = readFileSync(join(app.home, 'token'), 'utf8').trim();
});
afterAll(async () => {
  await app.stop();
  rmSync(folder, { recursive: true, force: true });
});

// Each command starts a Python that imports MLflow: minutes in all, so only in the long run.
const testInLongRun = process.env.SLIPWAY_SOAK_SECONDS === undefined ? test.skip : test;

testInLongRun('MLflow’s own command line works on experiments, runs and artifacts', async () => {
  await mlflow('experiments', 'create', '--experiment-name', 'shell');
  const id = /(\d+)\s+shell/.exec(await mlflow('experiments', 'search'))?.[1];
  expect(id).toBe('1');
  await mlflow('experiments', 'rename', '--experiment-id', id!, '--new-name', 'terminal');
  expect(await mlflow('experiments', 'search')).toContain('terminal');

  const said = await python(`import mlflow\nmlflow.set_experiment("terminal")\nwith mlflow.start_run(run_name="first") as r: mlflow.log_metric("acc", 0.5)\nprint(r.info.run_id)`);
  const run = said.split('\n').at(-1)!; // above it the client prints where to look
  expect(await mlflow('runs', 'list', '--experiment-id', id!)).toContain(run);
  expect(JSON.parse(await mlflow('runs', 'describe', '--run-id', run))).toMatchObject({ data: { metrics: { acc: 0.5 } } });

  writeFileSync(join(folder, 'note.txt'), 'kept');
  await mlflow('artifacts', 'log-artifact', '--local-file', join(folder, 'note.txt'), '--run-id', run, '--artifact-path', 'notes');
  expect(JSON.parse(await mlflow('artifacts', 'list', '--run-id', run, '--artifact-path', 'notes'))).toEqual([expect.objectContaining({ path: 'notes/note.txt', file_size: 4 })]);
  const fetched = await mlflow('artifacts', 'download', '--run-id', run, '--artifact-path', 'notes/note.txt', '--dst-path', join(folder, 'down'));
  expect(readFileSync(fetched.split('\n').at(-1)!, 'utf8')).toBe('kept');

  await mlflow('runs', 'delete', '--run-id', run);
  expect(await mlflow('runs', 'list', '--experiment-id', id!)).not.toContain(run);
  await mlflow('runs', 'restore', '--run-id', run);
  expect(await mlflow('runs', 'list', '--experiment-id', id!)).toContain(run);
  await mlflow('experiments', 'delete', '--experiment-id', id!);
  expect(await mlflow('experiments', 'search')).not.toContain('terminal');
  await mlflow('experiments', 'restore', '--experiment-id', id!);
  expect(await mlflow('experiments', 'search')).toContain('terminal');
});

const mlflow = (...args: string[]): Promise<string> => call(['-m', 'mlflow', ...args]);
const python = (code: string): Promise<string> => call(['-c', code]);

async function call(args: string[]): Promise<string> {
  const { stdout } = await promisify(execFile)(join(__dirname, '../../../.venv/bin/python'), args, { env: { ...process.env, MLFLOW_TRACKING_URI: app.url, MLFLOW_TRACKING_TOKEN: token, GIT_PYTHON_REFRESH: 'quiet' } });
  return stdout.trim();
}
