import type { Db, Tx } from '../database';
import type { Scheduler } from '../scheduler';
import { cancelApprovals } from './approval-store';
import { isOver } from './dag';
import type { LiveRun } from './live-run';
import { cancelItems, mapsWithOpenItems, openItemJobs } from './map-store';
import { noMove, Stale, type RunBook } from './run-book';
import * as store from './run-store';

/** Who stops a run: somebody who asked for it, its time that is up, or the next run of its schedule that takes its place. */
export type CancelCause = 'asked' | 'timeout' | 'replaced';

/**
 * Stops a run: what is queued or waits for somebody ends at once, what runs is
 * asked to stop, and the exit handlers follow. A second call, or one when only
 * they are left, stops them too, unless another run takes its place: that one
 * waits for them. A run that is over stays as it is.
 */
export async function cancelRun(deps: { db: Db; scheduler: Scheduler; book: RunBook }, runId: string, cause: CancelCause = 'asked'): Promise<void> {
  const { db, scheduler, book } = deps;
  const isStopped = await book.exclusively(runId, async () => {
    const run = await book.look(runId);
    const isLeft = !run || run.row.ended_at !== null || (cause === 'replaced' && run.row.status === 'cancelling');
    return isLeft ? false : db.transaction().execute(tx => stop(tx, scheduler, run, cause));
  });
  if (isStopped) {
    await book.move(runId, noMove); // ends it, or lets its exit handlers begin
    scheduler.wake();
  }
}

// Rows are locked in the order every writer takes them: jobs, items, steps, run.
async function stop(tx: Tx, scheduler: Scheduler, run: LiveRun, cause: CancelCause): Promise<boolean> {
  const { id, revision } = run.row;
  const rows = await store.stepsOf(tx, id);
  const exits = new Set(run.steps.filter(s => s.node.isExitHandler).map(s => s.ordinal));
  const isOnlyExits = rows.every(s => exits.has(s.ordinal) || isOver(s.status));
  if (isOnlyExits && cause === 'replaced') {
    return false;
  }
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
  if (!(await store.updateRun(tx, id, revision, { status: 'cancelling', ...(cause === 'timeout' && { timed_out: true }) }))) {
    throw new Stale();
  }
  return true;
}
