import type { Db } from '../database';
import type { Events } from '../events';
import type { RunStand } from './metric-store';

const EVERY_MS = 250;

/**
 * Tells of runs that points are logged to, soon after each was stored: the
 * first at once, then all of 250 ms together. A row and a wake-up for each
 * point would cost more than the point. What a daemon that ends has not told is
 * not told: whoever listens reads anew when the daemon is back.
 */
export function createRunNews(deps: { db: Db; events: Events }) {
  const changed = new Map<string, RunStand>();
  let isPaused = false;

  async function tell(): Promise<void> {
    const runs = [...changed.values()];
    changed.clear();
    isPaused = true;
    setTimeout(() => {
      isPaused = false;
      if (changed.size > 0) {
        void tell();
      }
    }, EVERY_MS).unref();
    try {
      await deps.db.transaction().execute(tx => deps.events.append(tx, runs.map(run => ({ type: 'run.changed', subject: run.id, data: { experimentId: run.experiment_id } }))));
    } catch {
      runs.forEach(run => changed.set(run.id, run)); // the database is away: told with the next
    }
  }

  return (runs: readonly RunStand[]): void => {
    runs.forEach(run => changed.set(run.id, run));
    if (!isPaused && changed.size > 0) {
      void tell();
    }
  };
}
