import { toAppError } from '../core/error-handler';
import type { Db, Tx } from '../database';
import { insertMetrics, type MetricPoint } from './metric-store';
import type { RunRow } from './tables';

interface Waiting {
  runId: string;
  points: readonly MetricPoint[];
  resolve(): void;
  reject(error: unknown): void;
}

/** Points of one transaction; more wait for the next. */
const GROUP_POINTS = 20_000;

/**
 * Group commit: while one transaction is written, what arrives meanwhile
 * gathers for the next. A caller that is alone waits for nobody; many at once
 * share the cost of a commit. Resolved means committed.
 *
 * `accept` gives the run if it may be written to, else throws; `changed` tells of it.
 */
export function createMetricWriter(deps: { db: Db; accept: (tx: Tx, runIds: readonly string[]) => Promise<Map<string, RunRow | Error>>; changed: (tx: Tx, runs: readonly RunRow[]) => Promise<void> }) {
  const { db, accept, changed } = deps;
  const waiting: Waiting[] = [];
  let isWriting = false;

  /** All in one transaction; gives, for each, why it was not written. */
  function write(group: readonly Waiting[]): Promise<(Error | undefined)[]> {
    return db.transaction().execute(async tx => {
      const runs = await accept(tx, [...new Set(group.map(w => w.runId))]);
      const outcomes = group.map(w => runs.get(w.runId)).map(found => (found instanceof Error ? found : undefined));
      const accepted = group.filter((_, i) => outcomes[i] === undefined);
      if (accepted.length > 0) {
        await insertMetrics(tx, accepted.flatMap(w => w.points.map(p => ({ ...p, runId: w.runId }))));
        await changed(tx, [...runs.values()].filter((run): run is RunRow => !(run instanceof Error)));
      }
      return outcomes;
    });
  }

  async function settle(group: readonly Waiting[]): Promise<void> {
    try {
      const outcomes = await write(group);
      group.forEach((w, i) => (outcomes[i] === undefined ? w.resolve() : w.reject(outcomes[i])));
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
      let points = 0;
      const end = waiting.findIndex(w => (points += w.points.length) > GROUP_POINTS);
      await settle(waiting.splice(0, end < 0 ? waiting.length : Math.max(1, end)));
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
