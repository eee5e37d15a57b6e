import { mkdir, readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Db } from '../database';
import type { Blobs } from './blobs';
import { lockAgainstNaming, namedAmong } from './store';

/** What lies on the disk and is used by nobody. */
export interface Cleared {
  files: number;
  sizeBytes: number;
  /** Nobody uses them either, but they are so young that they may be about to be named: the next time they go. */
  waitingFiles: number;
  waitingBytes: number;
}
export type Collector = ReturnType<typeof createCollector>;

/** From a blob's last byte to its name in the database it takes milliseconds; a database that is away fails the upload sooner. */
const GRACE_MS = 30_000;
/** What an upload left that was cut off by a crash. */
const ABANDONED_MS = 24 * 3_600_000;
const BATCH = 500;

/**
 * Deletes blobs that nothing names. Beside uploads it is safe for two reasons:
 * a blob that was put again is young again, and who names a blob waits while
 * blobs go (`lockAgainstNaming`) and then looks whether it is there. A crash
 * leaves nothing but files nobody uses.
 */
export function createCollector(deps: { db: Db; blobs: Blobs; root: string; graceMs?: number }) {
  const { db, blobs, root } = deps;
  const graceMs = deps.graceMs ?? GRACE_MS;
  const condemned = join(root, 'condemned');

  /** Blobs a crash left on their way out: nobody looked whether they are young. */
  async function takeBack(): Promise<void> {
    for (const digest of await readdir(condemned).catch(() => [])) {
      await putBack(digest);
    }
  }

  async function putBack(digest: string): Promise<void> {
    await (await blobs.has(digest) ? rm(join(condemned, digest), { force: true }) : rename(join(condemned, digest), blobs.pathOf(digest)));
  }

  /** Out of its place first: a blob that is put meanwhile is another file, and stays. */
  async function remove(digest: string, youngerThanMs: number, cleared: Cleared): Promise<void> {
    const path = join(condemned, digest);
    if (!(await rename(blobs.pathOf(digest), path).then(() => true, () => false))) {
      return; // another daemon was faster
    }
    const { mtimeMs, size } = await stat(path);
    if (mtimeMs >= youngerThanMs) {
      await putBack(digest);
      count(cleared, size, true);
    } else {
      await rm(path);
      count(cleared, size, false);
    }
  }

  async function removeUnnamed(digests: readonly string[], youngerThanMs: number, cleared: Cleared): Promise<void> {
    await db.transaction().execute(async tx => {
      await lockAgainstNaming(tx);
      const named = await namedAmong(tx, digests);
      for (const digest of digests.filter(each => !named.has(each))) {
        await remove(digest, youngerThanMs, cleared);
      }
    });
  }

  async function look(digests: readonly string[], youngerThanMs: number, cleared: Cleared): Promise<void> {
    for (const digest of digests) {
      const found = await stat(blobs.pathOf(digest)).catch(() => null);
      if (found) {
        count(cleared, found.size, found.mtimeMs >= youngerThanMs);
      }
    }
  }

  return {
    /**
     * Deletes what nobody names, or only counts it (`isDryRun`). `held` are
     * digests that are used without a name; blobs younger than `before` stay.
     */
    async collect(options: { held: ReadonlySet<string>; before?: Date; isDryRun?: boolean }): Promise<Cleared> {
      const cleared: Cleared = { files: 0, sizeBytes: 0, waitingFiles: 0, waitingBytes: 0 };
      const youngerThanMs = Math.min(Date.now() - graceMs, options.before?.getTime() ?? Infinity);
      if (!options.isDryRun) {
        await mkdir(condemned, { recursive: true, mode: 0o700 });
        await takeBack();
        await removeAbandoned(join(root, 'incoming'), cleared);
      }
      for await (const digests of batchesOf(root)) {
        const loose = digests.filter(digest => !options.held.has(digest));
        const named = await namedAmong(db, loose);
        const unnamed = loose.filter(digest => !named.has(digest));
        if (unnamed.length > 0) {
          await (options.isDryRun ? look : removeUnnamed)(unnamed, youngerThanMs, cleared);
        }
      }
      return cleared;
    }
  };
}

function count(cleared: Cleared, sizeBytes: number, isWaiting: boolean): void {
  cleared[isWaiting ? 'waitingFiles' : 'files'] += 1;
  cleared[isWaiting ? 'waitingBytes' : 'sizeBytes'] += sizeBytes;
}

/** Digests of all blobs, so many at a time. */
async function* batchesOf(root: string): AsyncGenerator<string[]> {
  for (const prefix of await readdir(join(root, 'sha256')).catch(() => [])) {
    const digests = (await readdir(join(root, 'sha256', prefix))).filter(name => /^[0-9a-f]{64}$/.test(name));
    for (let i = 0; i < digests.length; i += BATCH) {
      yield digests.slice(i, i + BATCH);
    }
  }
}

async function removeAbandoned(incoming: string, cleared: Cleared): Promise<void> {
  for (const entry of await readdir(incoming, { withFileTypes: true }).catch(() => [])) {
    const path = join(incoming, entry.name);
    const found = entry.isFile() ? await stat(path).catch(() => null) : null;
    if (found && found.mtimeMs < Date.now() - ABANDONED_MS) {
      await rm(path, { force: true });
      count(cleared, found.size, false);
    }
  }
}
