import { execFile, spawn } from 'node:child_process';
import { existsSync, mkdirSync, openSync, closeSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { Client } from 'pg';
import type { Log } from '../core/log';
import { processIdentity } from '../core/process-identity';
import type { HomePaths } from './home';
import { postgresHost, type PostgresHost } from './postgres-host';

const run = promisify(execFile);
const START_MS = 60_000;
const STOP_MS = 15_000;
const WATCH_MS = 500;
/** No process. Never to be signalled: kill(0) and kill(-1) reach whole groups, and everything. */
const NONE = 0;

type ConfiguredHost = PostgresHost & { settings: readonly string[] };

export interface EmbeddedPostgres {
  /** Over a unix socket in a 0700 folder: no port, no password, nobody else. */
  url: string;
  /** Ends the watch and shuts PostgreSQL down; connections still open are cut. */
  stop(): Promise<void>;
}

/**
 * PostgreSQL in the home: made at first start, started, or attached to where a
 * killed daemon left it running; started again should it die. `settings` are
 * `name=value` of postgresql.conf.
 */
export async function startPostgres(paths: HomePaths, log: Log, settings: readonly string[] = []): Promise<EmbeddedPostgres> {
  const host = { ...postgresHost(paths), settings };
  await initialise(host, paths);
  let pid = await attachOrStart(host, paths);
  await createDatabase(host);
  let isStopping = false;
  const watch = async (): Promise<void> => {
    while (!isStopping) {
      await sleep(WATCH_MS);
      if (!isStopping && processIdentity(pid) === null) {
        log.warn('PostgreSQL ended; starting it again');
        pid = await attachOrStart(host, paths).catch(err => {
          log.error({ err }, 'PostgreSQL did not start; trying again');
          return NONE;
        });
      }
    }
  };
  const watching = watch();
  return {
    url: urlOf(host, 'slipway'),
    stop: async () => {
      isStopping = true;
      await watching;
      await shutDown(pid);
    }
  };
}

async function initialise(host: PostgresHost, paths: HomePaths): Promise<void> {
  if (existsSync(join(host.dataDir, 'PG_VERSION'))) {
    return;
  }
  // Into a name of its own and renamed when whole: a killed first start leaves nothing half made.
  const fresh = `${host.dataDir}.new`;
  rmSync(fresh, { recursive: true, force: true });
  if (dirname(host.dataDir) === paths.postgres) {
    mkdirSync(paths.postgres, { recursive: true, mode: 0o700 });
  }
  const args = ['-D', fresh, '-U', 'slipway', '--auth=trust', '-E', 'UTF8', '--locale-provider=builtin', '--locale=C.UTF-8', '--no-instructions'];
  const [program, ...rest] = [...host.prefix, join(host.binaries, 'bin', 'initdb'), ...args];
  await run(program!, rest, { uid: host.uid, gid: host.gid, cwd: '/' });
  renameSync(fresh, host.dataDir);
}

async function attachOrStart(host: ConfiguredHost, paths: HomePaths): Promise<number> {
  const left = postmasterOf(host);
  const pid = left ?? launch(host, paths);
  const until = Date.now() + START_MS;
  for (;;) {
    if (await answers(host)) {
      return pid;
    }
    if (processIdentity(pid) === null) {
      throw new Error(`PostgreSQL did not start; ${join(paths.logs, 'postgres.log')} says why.`);
    }
    if (Date.now() > until) {
      throw new Error(`PostgreSQL did not answer within ${START_MS / 1000} s; ${join(paths.logs, 'postgres.log')} may say why.`);
    }
    await sleep(25);
  }
}

/** Pid of a living postmaster of this very data folder, else null. */
function postmasterOf(host: PostgresHost): number | null {
  try {
    const pid = Number(readFileSync(join(host.dataDir, 'postmaster.pid'), 'utf8').split('\n')[0]);
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').includes(host.dataDir) ? pid : null;
  } catch {
    return null;
  }
}

function launch(host: ConfiguredHost, paths: HomePaths): number {
  const settings = [`unix_socket_directories=${host.socketDir}`, 'listen_addresses=', 'max_connections=100', 'unix_socket_permissions=0700', ...host.settings];
  const [program, ...args] = [...host.prefix, join(host.binaries, 'bin', 'postgres'), '-D', host.dataDir, ...settings.flatMap(s => ['-c', s])];
  const logFd = openSync(join(paths.logs, 'postgres.log'), 'a', 0o600);
  // Detached: Ctrl-C in a terminal is for the daemon, which then stops PostgreSQL in order.
  const child = spawn(program!, args, { uid: host.uid, gid: host.gid, cwd: '/', detached: true, stdio: ['ignore', logFd, logFd] });
  closeSync(logFd);
  child.on('error', () => undefined); // seen by attachOrStart as a process that is gone
  child.unref();
  return child.pid ?? NONE;
}

async function answers(host: PostgresHost): Promise<boolean> {
  const client = new Client({ connectionString: urlOf(host, 'postgres'), connectionTimeoutMillis: 2_000 });
  client.on('error', () => undefined);
  try {
    await client.connect();
    return true;
  } catch {
    return false;
  } finally {
    await client.end().catch(() => undefined);
  }
}

async function createDatabase(host: PostgresHost): Promise<void> {
  const client = new Client({ connectionString: urlOf(host, 'postgres') });
  await client.connect();
  try {
    const { rowCount } = await client.query(`select 1 from pg_database where datname = 'slipway'`);
    if (rowCount === 0) {
      await client.query('create database slipway');
    }
  } finally {
    await client.end();
  }
}

/** SIGINT is PostgreSQL's fast shutdown; SIGQUIT, should that hang, loses nothing but needs a recovery. */
async function shutDown(pid: number): Promise<void> {
  if (pid === NONE) {
    return;
  }
  for (const signal of ['SIGINT', 'SIGQUIT'] as const) {
    const until = Date.now() + STOP_MS;
    try {
      process.kill(pid, signal);
    } catch {
      return;
    }
    while (Date.now() < until) {
      if (processIdentity(pid) === null) {
        return;
      }
      await sleep(20);
    }
  }
}

function urlOf(host: PostgresHost, database: string): string {
  return `postgresql://slipway@localhost/${database}?host=${encodeURIComponent(host.socketDir)}`;
}
