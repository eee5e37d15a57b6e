import type { Db, Tx } from '../database';
import type { Engines } from './executors';
import * as store from './store';
import type { JobRow } from './tables';

/** Claims the next jobs of an engine as far as it may have more of ours; those it can never run are among them, with the reason. */
export async function claimForEngine(
  deps: { db: Db; engines: Engines; workerId: string; leaseMs: number; onStarted: (tx: Tx, jobs: JobRow[]) => Promise<void> },
  engine: string,
  running: number
): Promise<{ rows: JobRow[]; infeasible: Map<string, string> }> {
  const { db, engines } = deps;
  const room = engines.roomOn(engine, running);
  if (room <= 0) {
    return { rows: [], infeasible: new Map() };
  }
  return db.transaction().execute(async tx => {
    const queued = await store.lockQueued(tx, room, engine);
    const infeasible = new Map(queued.flatMap(job => (engines.whyNever(job) === null ? [] : [[job.id, engines.whyNever(job)!]])));
    const rows = queued.length === 0 ? [] : await store.markRunning(tx, queued.map(j => j.id), deps.workerId, deps.leaseMs);
    await deps.onStarted(tx, rows);
    return { rows, infeasible };
  });
}
