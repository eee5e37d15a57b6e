import { setTimeout } from 'node:timers/promises';
import { toAppError } from '../core/error-handler';
import type { Db } from '../database';
import type { MetricPoint, RunPoints } from './metric-chunks';
import { insertMetrics, type RunStand } from './metric-store';

interface Waiting extends RunPoints {
  resolve(): void;
  reject(error: unknown): void;
}

/** Points of one transaction; more wait for the next. */
const GROUP_POINTS = 20_000;
/** How long a group waits for as many callers as the last one had. */
const GATHER_MS = 1;

/**
 * Group commit: while one transaction is written, what arrives meanwhile
 * gathers for the next. A caller that is alone waits for nobody; many at once
 * share the cost of a commit: those just answered are given a moment to call
 * again, else the first of them would be written alone. Resolved means committed.
 *
 * `refusalOf` says why a run could not be written to; `written` hears of the runs that were.
 */
export function createMetricWriter(deps: { db: Db; refusalOf: (run: RunStand | undefined, id: string) => Error | null; written: (runs: readonly RunStand[]) => void }) {
  const waiting: Waiting[] = [];
  let isWriting = false;
  let lastCallers = 0;

  /** All in one statement; gives, for each, why it was not written. */
  async function write(group: readonly Waiting[]): Promise<(Error | null)[]> {
    const runs = await insertMetrics(deps.db, group);
    deps.written(runs.filter(run => deps.refusalOf(run, run.id) === null));
    const found = new Map(runs.map(run => [run.id, run]));
    return group.map(w => deps.refusalOf(found.get(w.runId), w.runId));
  }

  async function settle(group: readonly Waiting[]): Promise<void> {
    try {
      const outcomes = await write(group);
      group.forEach((w, i) => (outcomes[i] === null ? w.resolve() : w.reject(outcomes[i])));
    } catch (error) {
      if (group.length === 1 || (toAppError(error)?.status ?? 0) >= 500) {
        group.forEach(w => w.reject(error)); // the database is away, or its disk is full: for all of them
        return;
      }
      // One of them may be at fault: each hears its own answer.
      for (const one of group) {
        await settle([one]);
      }
    }
  }

  async function drain(): Promise<void> {
    isWriting = true;
    while (waiting.length > 0) {
      if (waiting.length < lastCallers) {
        await setTimeout(GATHER_MS);
      }
      let points = 0;
      const end = waiting.findIndex(w => (points += w.points.length) > GROUP_POINTS);
      const group = waiting.splice(0, end < 0 ? waiting.length : Math.max(1, end));
      lastCallers = group.length;
      await settle(group);
    }
    isWriting = false;
  }

  return {
    /** Resolves when the points are stored for good. */
    log(runId: string, points: readonly MetricPoint[]): Promise<void> {
      return new Promise((resolve, reject) => {
        waiting.push({ runId, points, resolve, reject });
        if (!isWriting) {
          void drain();
        }
      });
    }
  };
}
