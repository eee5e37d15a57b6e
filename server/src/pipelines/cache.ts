import { existsSync } from 'node:fs';
import type { BlobStore, StoredFile } from '@slipway/kernels-bridge';
import type { Db } from '../database';
import type { FileDigests } from './file-digests';
import type { StepOutcome } from './step-outcome';
import type { CacheRow } from './tables';
import * as store from './cache-store';

/** What the cache says of a step about to run. */
export type CacheAnswer = { isHit: true; entry: CacheRow; note: string } | { isHit: false; note: string };

export type StepCache = ReturnType<typeof createStepCache>;

/** Results of earlier steps; one is given only while everything it read is as it was. */
export function createStepCache(deps: { db: Db; blobs: Pick<BlobStore, 'pathOf'>; digests: FileDigests; environment: Readonly<Record<string, string | undefined>> }) {
  return {
    /** Looks for a result of `baseKey`, no older than `maxAgeMs`, whose reads still hold for a step in `folder` that sees `files` laid over it. */
    async find(baseKey: string, folder: string, files: readonly StoredFile[], maxAgeMs = Infinity): Promise<CacheAnswer> {
      const entries = await store.cacheEntries(deps.db, baseKey);
      let note = 'Not run before with this code, these inputs and this environment.';
      for (const [i, entry] of entries.entries()) {
        if (!digestsOf(entry.result).every(digest => existsSync(deps.blobs.pathOf(digest)))) {
          // Of another daemon on this database, or removed: what runs now takes its place.
          await store.deleteCacheEntry(deps.db, entry.step_key);
          note = i === 0 ? 'Its result is not on this machine any more.' : note;
          continue;
        }
        const reason = impureNote(entry.result) ?? expiredNote(entry, maxAgeMs) ?? (await whyStale(entry.result, folder, files, deps));
        if (reason === null) {
          return { isHit: true, entry, note: `Same code, inputs and environment as on ${entry.created_at.toISOString()}.` };
        }
        note = i === 0 ? reason : note; // the newest tells most
      }
      return { isHit: false, note };
    }
  };
}

function expiredNote(entry: CacheRow, maxAgeMs: number): string | null {
  return Date.now() - entry.created_at.getTime() > maxAgeMs ? `Its result of ${entry.created_at.toISOString()} has expired.` : null;
}

/** All that a step handing on this result needs. */
function digestsOf(outcome: StepOutcome): string[] {
  return [...outcome.values, ...(outcome.spreads ?? []), ...outcome.files, ...outcome.models.flatMap(m => m.files), ...(outcome.logged ?? []).flatMap(run => run.files), ...(outcome.notebook ? [outcome.notebook] : [])].map(stored => stored.digest);
}

/** Why the result may never be reused; null when it may. */
export function impureNote(outcome: Pick<StepOutcome, 'impurities'>): string | null {
  return outcome.impurities.length === 0 ? null : `Not reused: ${outcome.impurities.join(', ')}.`;
}

async function whyStale(
  outcome: StepOutcome,
  folder: string,
  files: readonly StoredFile[],
  deps: { digests: FileDigests; environment: Readonly<Record<string, string | undefined>> }
): Promise<string | null> {
  for (const [name, value] of Object.entries(outcome.envRead)) {
    if ((deps.environment[name] ?? null) !== value) {
      return `The environment variable ${name} has changed.`;
    }
  }
  for (const read of outcome.reads) {
    if ((await deps.digests.digestOf(read, folder, files)) !== read.digest) {
      return `${read.path} has changed.`;
    }
  }
  return null;
}
