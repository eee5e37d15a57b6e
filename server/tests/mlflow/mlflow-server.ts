import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '@slipway/kernels-bridge';
import { until } from '../running-app';

export const PYTHON = join(__dirname, '../../../.venv/bin/python');

export interface MlflowServer {
  url: string;
  stop(): void;
}

/** MLflow's own tracking server, on a database and a folder of its own. */
export async function startMlflow(): Promise<MlflowServer> {
  const folder = mkdtempSync(join(tmpdir(), 'slipway-mlflow-'));
  const port = await freePort('127.0.0.1');
  const url = `http://127.0.0.1:${port}`;
  const args = ['-m', 'mlflow', 'server', '--port', String(port), '--workers', '1', '--backend-store-uri', `sqlite:///${join(folder, 'mlflow.db')}`, '--artifacts-destination', join(folder, 'artifacts')];
  // Its eight workers for jobs, which nothing here asks for, would take both cores for half a minute.
  const env = { ...process.env, MLFLOW_SERVER_ENABLE_JOB_EXECUTION: 'false' };
  const server = spawn(PYTHON, args, { cwd: folder, stdio: 'ignore', detached: true, env });
  await until(() => fetch(`${url}/health`).then(r => r.ok, () => false), 100_000);
  return {
    url,
    stop: () => {
      process.kill(-server.pid!, 'SIGKILL'); // its group: the server and its worker
      rmSync(folder, { recursive: true, force: true });
    }
  };
}
