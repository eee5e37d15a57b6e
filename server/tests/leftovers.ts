import { readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
// Not through the index, which leads to the whole app: jest's set-up runs before its mapping of modules.
import { homePaths, type HomePaths } from '../src/daemon/home';
import { holderOf } from '../src/daemon/lock';

/** Homes of tests are called so, and then by the pid of the jest process they belong to. */
export const HOME_PREFIX = 'slipway-test-home-';
const PATIENCE_MS = 15_000;

/** What tests left that were killed: daemons and PostgreSQL are ended in order, then the folders go. Homes of living tests stay as they are. */
export async function removeLeftHomes(): Promise<void> {
  for (const name of readdirSync(tmpdir()).filter(n => n.startsWith(HOME_PREFIX))) {
    if (!isAlive(Number(name.slice(HOME_PREFIX.length).split('-')[0]))) {
      await removeHome(join(tmpdir(), name));
    }
  }
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

async function removeHome(folder: string): Promise<void> {
  const paths = homePaths(folder);
  for (const pid of [holderOf(paths), ...daemonsOn(folder)]) {
    await end(pid, 'SIGTERM'); // a daemon takes its PostgreSQL with it
  }
  await end(postmasterOf(paths), 'SIGINT');
  rmSync(folder, { recursive: true, force: true, maxRetries: 10 }); // another test run may be clearing it too
  rmSync(paths.runtimeDir, { recursive: true, force: true, maxRetries: 10 });
}

/** Daemons that were told to live there; also one whose home is a disk in a mount namespace of its own, which nothing in the folder tells. */
function daemonsOn(folder: string): number[] {
  const partsOf = (pid: string, file: string): string[] => {
    try {
      return readFileSync(`/proc/${pid}/${file}`, 'utf8').split('\0');
    } catch {
      return []; // ended meanwhile, or somebody else's
    }
  };
  const isDaemon = (pid: string): boolean => partsOf(pid, 'environ').includes(`SLIPWAY_HOME=${folder}`) && partsOf(pid, 'cmdline').includes('serve');
  return readdirSync('/proc').filter(name => /^\d+$/.test(name) && isDaemon(name)).map(Number);
}

/** Asks the process to end, and makes it when it does not in time. */
async function end(pid: number | null, signal: NodeJS.Signals): Promise<void> {
  for (const each of [signal, 'SIGKILL'] as const) {
    if (pid === null || !isAlive(pid)) {
      return;
    }
    process.kill(pid, each);
    for (const until = Date.now() + PATIENCE_MS; Date.now() < until && isAlive(pid); ) {
      await sleep(20);
    }
  }
}

/** Pid of the PostgreSQL that runs on this very home, and of no other process that has its pid by now. */
function postmasterOf(paths: HomePaths): number | null {
  const data = join(paths.postgres, 'data');
  try {
    const pid = Number(readFileSync(join(data, 'postmaster.pid'), 'utf8').split('\n')[0]);
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').includes(data) ? pid : null;
  } catch {
    return null;
  }
}
