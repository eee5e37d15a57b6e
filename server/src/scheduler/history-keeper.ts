import type { Log } from '../core/log';
import type { Db } from '../database';
import type { JobOutcome } from './executor';
import { stepLabel } from './history';
import { isDatabaseAway } from './patience';
import { recordHistory } from './scene-store';
import type { JobRow } from './tables';

/** The last twenty count; more of one step's are not kept for the next write. */
const KEPT = 20;

export interface Taken {
  durationsMs: number[];
  peaksBytes: number[];
  askedBytes: number;
  gpuPeaksBytes: number[];
  gpuPercents: number[];
  gpuMemoryBytes: number | null;
  askedGpus: number;
  peakCell: string | null;
}

/**
 * Keeps what successful runs took, for estimates and advice: written soon
 * after, many at once. Within the transaction that ends a job it would have all
 * jobs of one step wait for one row. What a kill loses of it nobody misses.
 */
export function createHistoryKeeper(deps: { db: Db; log: Log }) {
  let gathered = new Map<string, Taken>();
  let writing: Promise<void> | undefined;

  async function write(): Promise<void> {
    while (gathered.size > 0) {
      const now = gathered;
      gathered = new Map();
      try {
        for (const [label, taken] of now) {
          await recordHistory(deps.db, label, taken);
        }
      } catch (err) {
        deps.log[isDatabaseAway(err) ? 'warn' : 'error']({ err }, 'what jobs took could not be kept');
      }
    }
    writing = undefined;
  }

  return {
    add(job: Pick<JobRow, 'label' | 'engine' | 'memory_bytes' | 'resources' | 'gpus'>, outcome: JobOutcome): void {
      if (outcome.status !== 'succeeded' || !outcome.result || job.engine !== null) {
        return;
      }
      const { durationMs, peakMemoryBytes, gpuPeaks, peakCell = null } = outcome.result;
      const label = stepLabel(job.label);
      const before = gathered.get(label);
      gathered.set(label, {
        durationsMs: newestOf([durationMs], before?.durationsMs),
        peaksBytes: newestOf([peakMemoryBytes], before?.peaksBytes),
        askedBytes: Number(job.memory_bytes),
        gpuPeaksBytes: newestOf([gpuPeaks?.memoryBytes], before?.gpuPeaksBytes),
        gpuPercents: newestOf([gpuPeaks?.percent], before?.gpuPercents),
        gpuMemoryBytes: gpuPeaks?.totalBytes ?? null,
        askedGpus: job.resources?.gpus ?? job.gpus,
        peakCell
      });
      writing ??= write();
    },
    /** What was added is written, or lost with the database away. */
    flush: (): Promise<void> => writing ?? Promise.resolve()
  };
}

const newestOf = (now: readonly (number | null | undefined)[], before: readonly number[] = []): number[] => [...now.filter(n => n != null), ...before].slice(0, KEPT);
