import { randomUUID } from 'node:crypto';
import type { Schedule } from '@slipway/schema';
import { AppError } from '../core/errors';
import type { Log } from '../core/log';
import type { Db, Tx } from '../database';
import type { Events } from '../events';
import { isDatabaseAway } from '../scheduler';
import { missedSince, parseCron } from '../core/cron';
import * as store from './definition-store';
import { hasActiveScheduledRun } from './run-store';
import type { ScheduleRow } from './tables';

const POLL_MS = 1_000;
/** A fire this late was missed, not merely slow. */
const LATE_MS = 10_000;

export type Schedules = ReturnType<typeof createSchedules>;

/** Starts runs at their time: each fire time at most once, whatever number of daemons look at it. */
export function createSchedules(deps: {
  db: Db;
  events: Events;
  log: Log;
  /** Starts a run of the latest version; `inTx` runs in the transaction that makes it. */
  startRun(pipeline: string, inTx: (tx: Tx, runId: string) => Promise<void>): Promise<string>;
}) {
  const { db, events, log } = deps;
  let timer: NodeJS.Timeout | undefined;
  let isStopped = false;
  let looking: Promise<void> = Promise.resolve();

  async function look(): Promise<void> {
    let waitMs = POLL_MS;
    try {
      for (const due of await store.dueSchedules(db, new Date())) {
        await fire(due);
      }
      const next = await store.nextDue(db);
      waitMs = next ? Math.min(POLL_MS, Math.max(5, next.getTime() - Date.now())) : POLL_MS;
    } catch (err) {
      log[isDatabaseAway(err) ? 'warn' : 'error']({ err }, 'schedules could not be looked at');
    }
    if (!isStopped) {
      timer = setTimeout(() => (looking = look()), waitMs);
    }
  }

  async function fire(due: ScheduleRow): Promise<void> {
    const now = new Date();
    const cron = parseCron(due.cron, due.time_zone);
    const nextFireAt = cron.nextRun(now);
    const news = [{ type: 'pipeline.changed', subject: due.pipeline }];
    if (await hasActiveScheduledRun(db, due.pipeline)) {
      const note = `Skipped ${due.next_fire_at!.toISOString()}: the scheduled run before was still under way.`;
      await db.transaction().execute(async tx => {
        await store.takeFire(tx, due, { nextFireAt, note, runId: null });
        await events.append(tx, news);
      });
      return;
    }
    const note = noteOfMissed(missedSince(cron, due.next_fire_at!, now), due.next_fire_at!, now);
    try {
      await deps.startRun(due.pipeline, async (tx, runId) => {
        if (!(await store.takeFire(tx, due, { nextFireAt, note, runId }))) {
          throw new FireTaken();
        }
        await events.append(tx, news);
      });
    } catch (err) {
      if (err instanceof FireTaken) {
        return;
      }
      if (!(err instanceof AppError)) {
        throw err;
      }
      log.warn({ err, pipeline: due.pipeline }, 'a scheduled run could not start');
      await db.transaction().execute(async tx => {
        await store.takeFire(tx, due, { nextFireAt, note: `${due.next_fire_at!.toISOString()} could not start: ${err.message}`, runId: null });
        await events.append(tx, news);
      });
    }
  }

  return {
    /** Sets the schedule inside the caller's transaction; null runs by hand only. @throws InvalidInput `unknown_time_zone`, `invalid_cron` */
    async set(tx: Tx, pipeline: string, schedule: Schedule | null): Promise<void> {
      if (schedule === null) {
        return store.deleteSchedule(tx, pipeline);
      }
      const cron = parseCron(schedule.cron, schedule.timeZone);
      const [before] = await store.schedulesOf(tx, [pipeline]);
      const isSame = before?.cron === schedule.cron && before.time_zone === schedule.timeZone;
      await store.upsertSchedule(tx, {
        pipeline,
        id: isSame ? before.id : randomUUID(),
        cron: schedule.cron,
        time_zone: schedule.timeZone,
        is_paused: schedule.isPaused,
        next_fire_at: schedule.isPaused ? null : isSame && before.next_fire_at ? before.next_fire_at : cron.nextRun(),
        last_fire_at: before?.last_fire_at ?? null,
        note: isSame ? before.note : null
      });
    },
    /** Counts from now on: what the pipeline's absence missed is not made up for. */
    async resume(tx: Tx, pipeline: string): Promise<void> {
      const [row] = await store.schedulesOf(tx, [pipeline]);
      if (row && !row.is_paused) {
        await store.upsertSchedule(tx, { ...row, next_fire_at: parseCron(row.cron, row.time_zone).nextRun() });
      }
    },
    async start(): Promise<void> {
      await store.trimFires(db);
      looking = look();
    },
    async stop(): Promise<void> {
      isStopped = true;
      clearTimeout(timer);
      await looking;
      clearTimeout(timer);
    }
  };
}

class FireTaken extends Error {}

function noteOfMissed(missed: ReturnType<typeof missedSince>, due: Date, now: Date): string | null {
  if (now.getTime() - due.getTime() < LATE_MS) {
    return null;
  }
  if (missed.count === 0) {
    return `Slipway was not running at ${due.toISOString()}; it ran at ${now.toISOString()} instead.`;
  }
  const count = `${missed.isMore ? 'more than ' : ''}${missed.count + 1}`;
  return `Slipway missed ${count} runs from ${due.toISOString()} to ${missed.last.toISOString()}; it ran once at ${now.toISOString()} for all of them.`;
}
