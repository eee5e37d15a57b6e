import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { PYTHON, ROOT, SLIPWAY, freePort, untilAnswers } from '../lab/processes.mjs';
import { UV } from '../../scripts/setup/python.mjs';

const DRIVER = join(ROOT, '.cache', 'bench-psycopg2');

/** A daemon with its own PostgreSQL, and MLflow's server on a database of that same PostgreSQL. */
export async function startServers(folder) {
  const ours = await startOurs(folder);
  const theirs = await startTheirs(folder, ours.postgres).catch(error => {
    signal(ours.pid, 'SIGTERM');
    throw error;
  });
  return {
    ours,
    theirs,
    async stop() {
      signal(-theirs.pid, 'SIGKILL');
      const ended = new Promise(resolve => ours.child.once('exit', resolve));
      signal(ours.pid, 'SIGTERM');
      await ended;
    }
  };
}

/** A daemon with its own PostgreSQL. */
export async function startOurs(folder) {
  const home = join(folder, 'home');
  mkdirSync(home, { recursive: true, mode: 0o700 });
  const [port, log] = [await freePort(), join(folder, 'slipway.log')];
  const fd = openSync(log, 'w');
  const child = spawn(process.execPath, [SLIPWAY, 'serve', '--home', home, '--port', String(port), '--auth', 'none'], { stdio: ['ignore', fd, fd] });
  const url = `http://127.0.0.1:${port}`;
  await untilAnswers(`${url}/healthz`, child, log);
  const { pid } = JSON.parse(readFileSync(join(home, 'daemon.json'), 'utf8'));
  return { name: 'Slipway', url, pid, child, postgres: postgresOf(home) };
}

/** Where the daemon's PostgreSQL listens, from the file that PostgreSQL keeps itself. */
function postgresOf(home) {
  const folder = ['data', '18', '.'].map(name => join(home, 'postgres', name)).find(path => existsSync(join(path, 'postmaster.pid')));
  const socketDir = readFileSync(join(folder, 'postmaster.pid'), 'utf8').split('\n')[4];
  return { user: 'slipway', host: socketDir };
}

async function startTheirs(folder, postgres) {
  await withClient({ ...postgres, database: 'slipway' }, client => client.query('create database mlflow'));
  if (!existsSync(DRIVER)) {
    execFileSync(UV, ['pip', 'install', '--quiet', '--python', PYTHON, '--target', DRIVER, 'psycopg2-binary'], { stdio: 'inherit' });
  }
  const [port, log] = [await freePort(), join(folder, 'mlflow.log')];
  const fd = openSync(log, 'w');
  const store = `postgresql+psycopg2://slipway@/mlflow?host=${encodeURIComponent(postgres.host)}`;
  const args = ['-m', 'mlflow', 'server', '--port', String(port), '--backend-store-uri', store, '--artifacts-destination', join(folder, 'mlflow-artifacts')];
  const child = spawn(PYTHON, args, { cwd: folder, stdio: ['ignore', fd, fd], detached: true, env: { ...process.env, PYTHONPATH: DRIVER, MLFLOW_SERVER_ENABLE_JOB_EXECUTION: 'false' } }); // its idle job workers would take a third of a core from both
  const url = `http://127.0.0.1:${port}`;
  await untilAnswers(`${url}/health`, child, log).catch(error => {
    signal(-child.pid, 'SIGKILL'); // with its workers: they would go on for ever
    throw error;
  });
  return { name: 'MLflow', url, pid: child.pid, postgres };
}

export async function withClient(connection, use) {
  const client = new pg.Client(connection);
  await client.connect();
  try {
    return await use(client);
  } finally {
    await client.end();
  }
}

/** Bytes in memory of a process and all below it. */
export function memoryBytes(pid) {
  const own = Number(/^Pss:\s+(\d+)/m.exec(read(`/proc/${pid}/smaps_rollup`))?.[1] ?? 0) * 1024;
  return own + read(`/proc/${pid}/task/${pid}/children`).split(' ').filter(Boolean).reduce((sum, child) => sum + memoryBytes(Number(child)), 0);
}

function read(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

function signal(pid, name) {
  try {
    process.kill(pid, name);
  } catch {
    // gone already
  }
}
