import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '@slipway/kernels-bridge';
import { CliError, EXIT } from '../output';

/** MLflow's server begins within some seconds; on a busy machine, and with a large database, later. */
const START_MS = 120_000;
const LINES_KEPT = 200;

/** Whether it is the address of a database, as `mlflow server --backend-store-uri` takes it. */
export function isDatabase(from: string): boolean {
  return /^(sqlite|postgresql|mysql|mssql)(\+\w+)?:\/\//.test(from);
}

/**
 * Runs MLflow's own server on a database while `work` reads it: its schema is
 * MLflow's business, and differs from release to release. The address goes by
 * the environment, for it may hold a password.
 *
 * @param options.artifacts what that server had as `--artifacts-destination`
 * @throws {CliError} `mlflow_did_not_start`, with what it said last
 */
export async function withMlflowOn<T>(database: string, options: { python: string; artifacts?: string }, work: (url: string) => Promise<T>): Promise<T> {
  const port = await freePort('127.0.0.1');
  const args = ['-m', 'mlflow', 'server', '--host', '127.0.0.1', '--port', String(port), '--workers', '1', ...(options.artifacts === undefined ? [] : ['--artifacts-destination', options.artifacts])];
  const env = { ...process.env, MLFLOW_BACKEND_STORE_URI: database, MLFLOW_SERVER_ENABLE_JOB_EXECUTION: 'false', GIT_PYTHON_REFRESH: 'quiet' };
  const server = spawn(options.python, args, { env, stdio: ['ignore', 'ignore', 'pipe'], detached: true });
  const said: string[] = [];
  server.stderr.on('data', (chunk: Buffer) => {
    said.push(...chunk.toString().split('\n').filter(line => line.trim() !== ''));
    said.splice(0, said.length - LINES_KEPT);
  });
  const url = `http://127.0.0.1:${port}`;
  const stop = (): void => end(server);
  process.once('exit', stop);
  try {
    await untilAnswers(url, server, said);
    return await work(url);
  } finally {
    stop();
    process.off('exit', stop);
  }
}

async function untilAnswers(url: string, server: ChildProcess, said: readonly string[]): Promise<void> {
  const failed = once(server, 'error').then(([error]) => String((error as Error).message));
  const over = Promise.race([failed, once(server, 'exit').then(() => reasonIn(said))]);
  for (const until = Date.now() + START_MS; Date.now() < until; ) {
    if (await fetch(`${url}/health`).then(r => r.ok, () => false)) {
      return;
    }
    const why = await Promise.race([over, sleep(200).then(() => null)]);
    if (why !== null) {
      throw new CliError(EXIT.failed, 'mlflow_did_not_start', `MLflow does not start on that database. It said: ${why}\nWhere its driver or release is another than Slipway’s, name the Python it runs in: SLIPWAY_PYTHON=/path/to/python.`);
    }
  }
  throw new CliError(EXIT.failed, 'mlflow_did_not_start', `MLflow does not answer on that database within ${START_MS / 1000} s.`);
}

/** The line of Python's that names an error, not the advice after it. */
function reasonIn(said: readonly string[]): string {
  return said.findLast(line => /\w(Error|Exception)\b.*: |Error: /.test(line) || line.includes('No module named')) ?? said.at(-1) ?? 'nothing';
}

/** Its group: the server has workers. */
function end(server: ChildProcess): void {
  try {
    process.kill(-server.pid!, 'SIGKILL');
  } catch {
    // gone already
  }
}
