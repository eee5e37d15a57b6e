import type { DataInterval, RunOrigin, Scalar } from '@slipway/schema';
import { eachApart } from '../core/each-apart';
import { AppError } from '../core/errors';
import type { Log } from '../core/log';
import { createFireTimes } from '../core/timing';
import type { Db, Tx } from '../database';
import type { Events } from '../events';
import { isDatabaseAway } from '../scheduler';
import { latestContent } from './definition-store';
import { dueFires } from './due-fires';
import { boundParams } from './interval-bindings';
import * as store from './schedule-store';
import type { ScheduleFireRow, ScheduleRow } from './tables';

const POLL_MS = 1_000;
/** Schedules whose runs are started side by side. */
const AT_ONCE = 4;
/** The clock was moved when it and elapsed time differ by more than this. */
const CLOCK_MOVED_MS = 5_000;

export interface ScheduledRun {
  params: Record<string, Scalar>;
  origin: RunOrigin;
  dataInterval: DataInterval;
  /** Whose run it is: its schedule's author's. */
  userId: string;
}

/**
 * Starts runs at their time, each fire time at most once, whatever number of
 * daemons look at it: in one transaction a fire time becomes a row that waits
 * and its schedule goes on to the next; in another that row is taken for a run.
 */
export function createScheduleLoop(deps: {
  db: Db;
  events: Events;
  log: Log;
  clock(): Date;
  /** Starts a run of the latest version; `inTx` runs in the transaction that makes it. */
  startRun(pipeline: string, run: ScheduledRun, inTx: (tx: Tx, runId: string) => Promise<void>): Promise<string>;
  /** Stops a run whose place another takes, all but its exit handlers. */
  replaceRun(runId: string): Promise<void>;
}) {
  const { db, events, log, clock } = deps;
  let timer: NodeJS.Timeout | undefined;
  let isStopped = false;
  let looking: Promise<void> = Promise.resolve();
  let seen = { clock: 0, elapsed: 0 };

  async function look(): Promise<void> {
    let waitMs = POLL_MS;
    try {
      await noticeClock();
      await makeDue(await store.dueSchedules(db, clock()));
      const waiting = (await store.waitingSchedules(db)).values();
      await Promise.all(Array.from({ length: AT_ONCE }, () => eachApart(waiting, startWaiting, { log, what: 'a scheduled run', about: s => ({ pipeline: s.pipeline, schedule: s.name }) })));
      const next = await store.nextDue(db);
      waitMs = next ? Math.min(POLL_MS, Math.max(5, next.getTime() - clock().getTime())) : POLL_MS;
    } catch (err) {
      log[isDatabaseAway(err) ? 'warn' : 'error']({ err }, 'schedules could not be looked at');
    }
    if (!isStopped) {
      timer = setTimeout(() => (looking = look()), waitMs);
    }
  }

  /** Where the clock was set back, the next fire times lie too far ahead: they are found anew. What has fired does not fire again. */
  async function noticeClock(): Promise<void> {
    const now = { clock: clock().getTime(), elapsed: performance.now() };
    const wentBack = seen.clock !== 0 && now.clock - seen.clock < now.elapsed - seen.elapsed - CLOCK_MOVED_MS;
    seen = now;
    if (wentBack) {
      log.warn('the clock was set back: schedules are counted anew');
      await rearm();
    }
  }

  async function rearm(): Promise<void> {
    for (const row of await store.armedSchedules(db)) {
      const next = createFireTimes(row.spec, row.created_at).next(clock());
      if (next && row.next_fire_at! > next) {
        await db.transaction().execute(tx => store.moveOn(tx, [{ due: row, nextFireAt: next, note: row.note }]));
      }
    }
  }

  /** Turns what is due into fires that wait; at the top of an hour that is many at once. */
  async function makeDue(schedules: readonly ScheduleRow[]): Promise<void> {
    if (schedules.length === 0) {
      return;
    }
    const moves = schedules.map(due => {
      const times = createFireTimes(due.spec, due.created_at);
      const { fires, nextFireAt, note } = dueFires(due.spec, times, due.next_fire_at!, clock());
      return { due, nextFireAt, note, fires: fires.map(f => ({ ...f, scheduleId: due.id, intervalStart: times.previous(f.fireAt) })) };
    });
    await db.transaction().execute(async tx => {
      const moved = await store.moveOn(tx, moves);
      const mine = moves.filter(m => moved.has(m.due.id));
      await store.insertFires(tx, mine.flatMap(m => m.fires));
      await events.append(tx, [...new Set(mine.map(m => m.due.pipeline))].map(pipeline => ({ type: 'pipeline.changed', subject: pipeline })));
    });
  }

  /** Starts as many of the fires that wait as may run, oldest first; what the rest do is the schedule's to say. */
  async function startWaiting(schedule: ScheduleRow): Promise<void> {
    const { overlap, maxCatchUp } = schedule.spec;
    const waiting = await store.waitingFires(db, schedule.id);
    const superseded = overlap === 'replace' ? waiting.slice(0, -1) : waiting.slice(0, Math.max(0, waiting.length - maxCatchUp));
    if (superseded.length > 0) {
      const why = overlap === 'replace' ? 'a later fire took its place' : `more than ${maxCatchUp} waited`;
      await skip(schedule, superseded, why);
    }
    for (const fire of waiting.slice(superseded.length)) {
      if ((await start(schedule, fire)) === 'started') {
        continue;
      }
      if (overlap === 'skip' && !fire.is_catch_up) {
        await skip(schedule, [fire], 'the scheduled run before was still under way');
      } else if (overlap === 'replace') {
        await Promise.all((await store.activeRunsOf(db, schedule.id)).map(runId => deps.replaceRun(runId)));
        return;
      } else {
        return;
      }
    }
  }

  async function skip(schedule: ScheduleRow, fires: readonly ScheduleFireRow[], why: string): Promise<void> {
    const note = `Skipped ${fires.at(-1)!.fire_at.toISOString()}: ${why}.`;
    await db.transaction().execute(async tx => {
      await store.skipFires(tx, schedule.id, fires.map(f => f.fire_at), note);
      await events.append(tx, [{ type: 'pipeline.changed', subject: schedule.pipeline }]);
    });
  }

  async function start(schedule: ScheduleRow, fire: ScheduleFireRow): Promise<'started' | 'busy'> {
    // Asked again where it counts; here it spares making a run that may not start.
    if ((await store.activeRunsOf(db, schedule.id)).length >= schedule.spec.maxConcurrent) {
      return 'busy';
    }
    try {
      await deps.startRun(schedule.pipeline, await runOf(schedule, fire), async (tx, runId) => {
        if ((await store.activeRunsLocked(tx, schedule.id)).length >= schedule.spec.maxConcurrent) {
          throw new Busy();
        }
        if (!(await store.startFire(tx, fire, runId))) {
          throw new FireTaken();
        }
        await events.append(tx, [{ type: 'pipeline.changed', subject: schedule.pipeline }]);
      });
    } catch (err) {
      if (err instanceof Busy) {
        return 'busy';
      }
      if (err instanceof AppError) {
        log.warn({ err, pipeline: schedule.pipeline }, 'a scheduled run could not start');
        await skip(schedule, [fire], `it could not start: ${err.message}`);
      } else if (!(err instanceof FireTaken)) {
        throw err;
      }
    }
    return 'started';
  }

  async function runOf(schedule: ScheduleRow, fire: ScheduleFireRow): Promise<ScheduledRun> {
    const { spec } = schedule;
    const fireAt = fire.fire_at.toISOString();
    const dataInterval = { start: (fire.interval_start ?? fire.fire_at).toISOString(), end: fireAt };
    const content = spec.bindings.length === 0 ? undefined : await latestContent(db, schedule.pipeline);
    const bound = content ? boundParams(spec.bindings, dataInterval, spec.timeZone, content) : {};
    return { params: { ...spec.params, ...bound }, dataInterval, userId: schedule.created_by ?? 'schedule', origin: { reason: `The schedule ${schedule.name} fired at ${fireAt}.`, schedule: { id: schedule.id, name: schedule.name, fireAt } } };
  }

  return {
    async start(): Promise<void> {
      if (await store.hasFiredAhead(db, clock())) {
        await rearm();
      }
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

class Busy extends Error {}
class FireTaken extends Error {}
