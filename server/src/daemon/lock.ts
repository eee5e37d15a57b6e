import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { processIdentity } from '../core/process-identity';
import type { HomePaths } from './home';

/** Another daemon lives on this home. */
export class HomeTaken extends Error {
  override readonly name = 'HomeTaken';
  constructor(readonly pid: number, readonly url: string | null) {
    super(`A daemon already runs on this home (pid ${pid}${url ? `, ${url}` : ', starting'}).`);
  }
}

/**
 * Takes the home for this process until the result is called. A lock whose
 * process is gone (kill -9, reboot, pid given to another) is taken over.
 *
 * @throws {HomeTaken} if a living daemon has it
 */
export function lockHome(paths: HomePaths): () => void {
  const mine = `${process.pid} ${processIdentity(process.pid) ?? ''}`;
  for (let i = 0; i < 5; i++) {
    if (link(paths.lockFile, mine)) {
      return () => {
        if (read(paths.lockFile) === mine) {
          rmSync(paths.lockFile, { force: true });
        }
      };
    }
    const found = read(paths.lockFile);
    const holder = livingPid(found);
    if (holder !== null) {
      throw new HomeTaken(holder, readDaemonUrl(paths));
    }
    if (found !== null) {
      removeStale(paths.lockFile, found);
    }
  }
  throw new Error(`Could not take ${paths.lockFile}: others keep taking it.`);
}

/** Pid of the living daemon of a home; null when none lives. */
export function holderOf(paths: HomePaths): number | null {
  return livingPid(read(paths.lockFile));
}

function livingPid(lock: string | null): number | null {
  const [pid, ...identity] = (lock ?? '').split(' ');
  const alive = processIdentity(Number(pid));
  return pid && alive !== null && alive === identity.join(' ') ? Number(pid) : null;
}

/** Makes the file with its text, whole or not at all; false where there is one. */
function link(file: string, text: string): boolean {
  const fresh = `${file}.${process.pid}.tmp`;
  writeFileSync(fresh, text, { mode: 0o600 });
  try {
    linkSync(fresh, file);
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') {
      return false;
    }
    throw error;
  } finally {
    rmSync(fresh);
  }
}

/** Two may find the same stale lock; the slower must not remove the quicker's new one. */
function removeStale(file: string, stale: string): void {
  const aside = `${file}.${process.pid}.stale`;
  try {
    renameSync(file, aside);
  } catch {
    return; // the quicker one did
  }
  const taken = read(aside);
  if (taken !== null && taken !== stale) {
    link(file, taken);
  }
  rmSync(aside, { force: true });
}

function readDaemonUrl(paths: HomePaths): string | null {
  try {
    return (JSON.parse(readFileSync(paths.daemonFile, 'utf8')) as { url: string }).url;
  } catch {
    return null;
  }
}

function read(file: string): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return null;
  }
}
