import type { Db, Tx } from '../database';
import type { Scheduler } from '../scheduler';
import { cancelApprovals } from './approval-store';
import { isOver } from './dag';
import type { LiveRun } from './live-run';
import { cancelItems, mapsWithOpenItems, openItemJobs } from './map-store';
import { noMove, Stale, type RunBook } from './run-book';
import * as store from './run-store';

/**
 * Stops a run: what is queued or waits for somebody ends at once, what runs is
 * asked to stop, and the exit handlers follow. A second call, or one when only
 * they are left, stops them too. A run that is over stays as it is.
 */
export async function cancelRun(deps: { db: Db; scheduler: Scheduler; book: RunBook }, runId: string, isTimeout = false): Promise<void> {
  const { db, scheduler, book } = deps;
  await book.exclusively(runId, async () => {
    const run = await book.look(runId);
    if (run && run.row.ended_at === null) {
      await db.transaction().execute(tx => stop(tx, scheduler, run, isTimeout));
    }
  });
  await book.move(runId, noMove); // ends it, or lets its exit handlers begin
  scheduler.wake();
}

// Rows are locked in the order every writer takes them: jobs, items, steps, run.
async function stop(tx: Tx, scheduler: Scheduler, run: LiveRun, isTimeout: boolean): Promise<void> {
  const { id, revision } = run.row;
  const rows = await store.stepsOf(tx, id);
  const exits = new Set(run.steps.filter(s => s.node.isExitHandler).map(s => s.ordinal));
  const isOnlyExits = rows.every(s => exits.has(s.ordinal) || isOver(s.status));
  const meant = rows.filter(s => isOnlyExits || !exits.has(s.ordinal));
  const maps = meant.filter(s => s.kind === 'map' && s.status === 'running').map(s => s.ordinal);
  const active = meant.filter(s => s.status === 'queued' || s.status === 'running');
  const { cancelled } = await scheduler.cancel(tx, [...active.flatMap(s => s.job_id ?? []), ...(await openItemJobs(tx, id, maps))]);
  await cancelItems(tx, id, maps, cancelled);
  // Items that another daemon began meanwhile: from here on there is none left to begin.
  const late = await scheduler.cancel(tx, await openItemJobs(tx, id, maps));
  await cancelItems(tx, id, maps, late.cancelled);
  const mapsLeft = await mapsWithOpenItems(tx, id, maps);
  const ended = meant.filter(s => s.status === 'waiting' || s.status === 'awaiting' || (s.job_id !== null && cancelled.includes(s.job_id)) || (maps.includes(s.ordinal) && !mapsLeft.has(s.ordinal)));
  await store.cancelSteps(tx, id, ended.map(s => s.ordinal));
  await cancelApprovals(tx, id);
  if (!(await store.updateRun(tx, id, revision, { status: 'cancelling', ...(isTimeout && { timed_out: true }) }))) {
    throw new Stale();
  }
}
