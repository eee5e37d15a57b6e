import { eachApart } from '../core/each-apart';
import type { Log } from '../core/log';
import type { Db, Tx } from '../database';
import { isDatabaseAway } from '../scheduler';
import type { RunTimerRow } from './tables';

const POLL_MS = 1_000;
const BATCH = 100;
/** One that could not be rung waits so long, and does not keep its place before the others. */
const AGAIN_MS = 15_000;

/** Sets what is to happen to runs at a time, in place of what was set of the same kind. */
export async function setTimers(tx: Tx, timers: readonly RunTimerRow[]): Promise<void> {
  if (timers.length > 0) {
    await tx
      .insertInto('run_timer')
      .values([...timers])
      .onConflict(oc => oc.columns(['run_id', 'kind', 'ordinal']).doUpdateSet(eb => ({ due_at: eb.ref('excluded.due_at') })))
      .execute();
  }
}

export async function clearTimers(db: Db, runId: string, of: Partial<Pick<RunTimerRow, 'kind' | 'ordinal'>> = {}): Promise<void> {
  await db
    .deleteFrom('run_timer')
    .where('run_id', '=', runId)
    .$if(of.kind !== undefined, qb => qb.where('kind', '=', of.kind!))
    .$if(of.ordinal !== undefined, qb => qb.where('ordinal', '=', of.ordinal!))
    .execute();
}

/**
 * Looks each second for what is due, and whenever `look` says. `ring` may be
 * called again for what it did not see through: it must bear that.
 */
export function createRunTimers(deps: { db: Db; log: Log; ring(timer: RunTimerRow): Promise<void>; also(): Promise<void> }) {
  const { db, log } = deps;
  let timer: NodeJS.Timeout | undefined;
  let isStopped = false;
  let looking: Promise<void> = Promise.resolve();

  async function ring(due: RunTimerRow): Promise<void> {
    try {
      await deps.ring(due);
    } catch (err) {
      await db.updateTable('run_timer').set({ due_at: new Date(Date.now() + AGAIN_MS) }).where('run_id', '=', due.run_id).where('kind', '=', due.kind).where('ordinal', '=', due.ordinal).execute();
      throw err;
    }
    await clearTimers(db, due.run_id, due);
  }

  async function look(): Promise<void> {
    try {
      const timers = await db.selectFrom('run_timer').selectAll().where('due_at', '<=', new Date()).orderBy('due_at').limit(BATCH).execute();
      await eachApart(timers, ring, { log, what: 'the timer of a run', about: t => ({ runId: t.run_id, kind: t.kind }) });
      await deps.also();
    } catch (err) {
      log[isDatabaseAway(err) ? 'warn' : 'error']({ err }, 'timers of runs could not be looked at');
    }
    if (!isStopped) {
      timer = setTimeout(() => (looking = look()), POLL_MS);
    }
  }

  return {
    start: (): void => void (looking = look()),
    async stop(): Promise<void> {
      isStopped = true;
      clearTimeout(timer);
      await looking;
      clearTimeout(timer);
    }
  };
}
