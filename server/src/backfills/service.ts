import { randomUUID } from 'node:crypto';
import { Timing, type Backfill, type BackfillItem, type BackfillPreview, type DataInterval, type NewBackfill } from '@slipway/schema';
import { eachApart } from '../core/each-apart';
import { AppError, Conflict, InvalidInput, NotFound } from '../core/errors';
import type { Log } from '../core/log';
import { createLoop } from '../core/loop';
import { createFireTimes } from '../core/timing';
import { isUuid } from '../core/uuid';
import { personName } from '../core/person-name';
import type { Db, Tx } from '../database';
import type { Events } from '../events';
import { boundParams, checkParams, decodeCursor, encodeCursor, isRunsEnd, type PipelineContent, type Pipelines } from '../pipelines';
import { isDatabaseAway } from '../scheduler';
import { intervalsBetween } from './intervals';
import { COUNTED, toBackfill, toItem } from './mapping';
import * as store from './store';
import type { BackfillRow, BackfillSpec } from './tables';

const LOOK_MS = 1_000;
/** So that each run’s news, of any pipeline, is not a question. */
const REST_MS = 50;
const SHOWN = 100;

export type Backfills = ReturnType<typeof createBackfills>;

/**
 * Runs of a pipeline for stretches of the past. Of several daemons each takes
 * what is free: an item becomes a run in the transaction that makes the run.
 */
export function createBackfills(deps: { db: Db; events: Events; log: Log; pipelines: Pick<Pipelines, 'startRun' | 'cancel' | 'definitions' | 'schedules'> }) {
  const { db, events, log, pipelines } = deps;
  const loop = createLoop({ work, everyMs: LOOK_MS, restMs: REST_MS, log, what: 'looking after backfills', isExpected: isDatabaseAway });
  let unsubscribe = (): void => undefined;

  const change = <T>(pipeline: string, step: (tx: Tx) => Promise<T>): Promise<T> =>
    db.transaction().execute(async tx => {
      const result = await step(tx);
      await events.append(tx, [{ type: 'pipeline.changed', subject: pipeline }]);
      return result;
    });

  async function work(): Promise<void> {
    await eachApart(await store.runningBackfills(db), carryOn, { log, what: 'a backfill', about: b => ({ backfillId: b.id, pipeline: b.pipeline }) });
  }

  /** Starts what may start; ends the backfill once nothing of it is left. */
  async function carryOn(backfill: BackfillRow): Promise<void> {
    const { content } = await pipelines.definitions.versionWith(backfill.pipeline, backfill.version).catch((err: unknown) => {
      if (err instanceof NotFound) {
        return { content: null }; // removed: it goes on when the pipeline is restored
      }
      throw err;
    });
    for (let item = await store.nextItem(db, backfill.id); content && item; item = await store.nextItem(db, backfill.id)) {
      if ((await store.activeRuns(db, backfill.id)).length >= backfill.max_concurrent || !(await startItem(backfill, item, content))) {
        return;
      }
    }
    if (content && (await store.activeRuns(db, backfill.id)).length === 0) {
      await end(backfill);
    }
  }

  async function startItem(backfill: BackfillRow, item: NonNullable<Awaited<ReturnType<typeof store.nextItem>>>, content: PipelineContent): Promise<boolean> {
    const { spec } = backfill;
    const dataInterval = { start: item.interval_start.toISOString(), end: item.interval_end.toISOString() };
    const params = { ...spec.params, ...boundParams(spec.bindings, dataInterval, spec.timing.timeZone, content) };
    const origin = { reason: `A backfill by ${personName(backfill.created_by)} of ${spec.from} to ${spec.to}.`, backfill: { id: backfill.id } };
    const ask = { params, dataInterval, origin, trigger: 'backfill' as const, userId: backfill.created_by, useCache: spec.useCache, version: backfill.version };
    try {
      await pipelines.startRun(backfill.pipeline, ask, async (tx, runId) => {
        const now = await store.lockBackfill(tx, backfill.id);
        const mayStart = now?.state === 'running' && (await store.activeRuns(tx, backfill.id)).length < now.max_concurrent;
        if (!mayStart || !(await store.takeItem(tx, backfill.id, item.ordinal, { state: 'started', runId }))) {
          throw new NotNow();
        }
      });
      return true;
    } catch (err) {
      if (err instanceof NotNow) {
        return false;
      }
      if (!(err instanceof AppError)) {
        throw err;
      }
      await change(backfill.pipeline, tx => store.takeItem(tx, backfill.id, item.ordinal, { state: 'refused', error: err.message }));
      return true;
    }
  }

  async function end(backfill: BackfillRow): Promise<void> {
    await change(backfill.pipeline, async tx => {
      const now = await store.lockBackfill(tx, backfill.id);
      if (now?.state !== 'running' || (await store.nextItem(tx, backfill.id)) || (await store.activeRuns(tx, backfill.id)).length > 0) {
        return;
      }
      const counts = await store.countsOf(tx, [backfill.id]);
      await store.updateBackfill(tx, backfill.id, { state: counts.every(c => c.state === 'succeeded') ? 'succeeded' : 'failed', ended_at: new Date() });
    });
  }

  async function existing(id: string): Promise<BackfillRow> {
    const row = isUuid(id) ? await store.backfillById(db, id) : undefined;
    if (!row) {
      throw new NotFound('backfill_not_found', `There is no backfill ${id}.`);
    }
    return row;
  }

  async function show(rows: BackfillRow[]): Promise<Backfill[]> {
    const counts = await store.countsOf(db, rows.map(r => r.id));
    return rows.map(row => toBackfill(row, counts.filter(c => c.id === row.id)));
  }

  const get = async (id: string): Promise<Backfill> => (await show([await existing(id)]))[0]!;

  /** Goes from one state to another, unless it is not in one that allows it. */
  async function move(id: string, from: readonly BackfillRow['state'][], set: { state: BackfillRow['state']; ended_at?: Date | null }, also: (tx: Tx) => Promise<void> = async () => undefined): Promise<Backfill> {
    const { pipeline } = await existing(id);
    await change(pipeline, async tx => {
      const row = (await store.lockBackfill(tx, id))!;
      if (!from.includes(row.state)) {
        throw new Conflict('backfill_state', `The backfill is ${row.state}: only one that is ${from.join(' or ')} can be made ${set.state}.`);
      }
      await also(tx);
      await store.updateBackfill(tx, id, set);
    });
    loop.poke();
    return get(id);
  }

  /** What a backfill comes to: the version, and its intervals in the order they start. */
  async function plan(name: string, ask: NewBackfill): Promise<{ spec: BackfillSpec; version: number; content: PipelineContent; intervals: DataInterval[]; leftOut: number }> {
    const { row, content } = await pipelines.definitions.versionWith(name, ask.version);
    const schedule = ask.schedule === undefined ? undefined : await pipelines.schedules.get(ask.schedule);
    if (schedule && schedule.pipeline !== name) {
      throw new InvalidInput('schedule_of_another', `The schedule ${schedule.name} is one of ${schedule.pipeline}, not of ${name}.`, { errors: [{ path: 'schedule', message: 'another pipeline’s' }] });
    }
    const timing = ask.timing ?? (schedule && Timing.parse({ cron: schedule.cron, intervalMs: schedule.intervalMs, timeZone: schedule.timeZone }));
    if (!timing) {
      throw new InvalidInput('no_timing', 'Say which intervals: name a schedule, or give a timing.', { errors: [{ path: 'timing', message: 'missing' }] });
    }
    // What is given goes first: a param that it binds has no fixed value of the schedule's, and one that it fixes is not bound by it.
    const bindings = ask.bindings ?? schedule?.bindings.filter(b => !(b.param in ask.params)) ?? [];
    const params = { ...Object.fromEntries(Object.entries(schedule?.params ?? {}).filter(([name]) => !bindings.some(b => b.param === name))), ...ask.params };
    checkParams(content, { params, bindings, timeZone: timing.timeZone });
    const [from, to] = [new Date(ask.from), new Date(ask.to)];
    const all = intervalsBetween(createFireTimes(timing, new Date(schedule?.startAt ?? schedule?.createdAt ?? ask.from)), from, to);
    const done = ask.only === 'missing' ? await store.doneIntervals(db, name, from, to) : new Set<string>();
    const intervals = all.filter(each => !done.has(store.keyOf(each)));
    const { order, useCache } = ask;
    return { spec: { from: ask.from, to: ask.to, timing, params, bindings, order, useCache }, version: row.version, content, intervals: order === 'newest' ? intervals.reverse() : intervals, leftOut: all.length - intervals.length };
  }

  return {
    get,
    async preview(name: string, ask: NewBackfill): Promise<BackfillPreview> {
      const { spec, content, intervals, leftOut } = await plan(name, ask);
      const shown = intervals.slice(0, SHOWN).map(each => ({ ...each, params: { ...spec.params, ...boundParams(spec.bindings, each, spec.timing.timeZone, content) } }));
      return { total: intervals.length, leftOut, intervals: shown };
    },
    /** @throws InvalidInput `nothing_to_backfill`, `empty_range`, `too_many_intervals`, and what is wrong with timing or params */
    async create(name: string, ask: NewBackfill, userId: string): Promise<Backfill> {
      const { spec, version, intervals, leftOut } = await plan(name, ask);
      if (intervals.length === 0) {
        const why = leftOut > 0 ? `all ${leftOut} intervals have a run that succeeded` : 'no interval lies whole in that range';
        throw new InvalidInput('nothing_to_backfill', `There is nothing to backfill: ${why}.`, { errors: [{ path: 'from', message: why }] });
      }
      const id = randomUUID();
      const row = { id, pipeline: name, version, spec: JSON.stringify(spec), state: 'running' as const, max_concurrent: ask.maxConcurrent, created_by: userId, ended_at: null };
      await change(name, tx => store.insertBackfill(tx, row, intervals));
      loop.poke();
      return get(id);
    },
    async list(name: string, query: { limit: number; cursor?: string }): Promise<{ items: Backfill[]; nextCursor?: string }> {
      await pipelines.definitions.existing(name);
      const rows = await store.listBackfills(db, name, query.limit + 1, query.cursor === undefined ? null : decodeCursor(query.cursor));
      const shown = rows.slice(0, query.limit);
      return { items: await show(shown), ...(rows.length > query.limit && { nextCursor: encodeCursor(shown.at(-1)!) }) };
    },
    async items(id: string, query: { limit: number; cursor?: string; state?: keyof typeof COUNTED }): Promise<{ items: BackfillItem[]; nextCursor?: string }> {
      await existing(id);
      if (query.cursor !== undefined && !/^\d{1,9}$/.test(query.cursor)) {
        throw new InvalidInput('invalid_cursor', 'The cursor is not one that a page gave.');
      }
      const rows = await store.itemsOf(db, id, query.limit + 1, query.cursor === undefined ? -1 : Number(query.cursor), query.state === undefined ? null : COUNTED[query.state]);
      const shown = rows.slice(0, query.limit);
      return { items: shown.map(toItem), ...(rows.length > query.limit && { nextCursor: String(shown.at(-1)!.ordinal) }) };
    },
    /** What runs goes on; nothing more starts. */
    pause: (id: string): Promise<Backfill> => move(id, ['running'], { state: 'paused' }),
    resume: (id: string): Promise<Backfill> => move(id, ['paused'], { state: 'running' }),
    /** Its runs under way are cancelled with it. */
    async cancel(id: string): Promise<Backfill> {
      await move(id, ['running', 'paused'], { state: 'cancelled', ended_at: new Date() });
      await Promise.all((await store.activeRuns(db, id)).map(runId => pipelines.cancel(runId)));
      return get(id);
    },
    /** Runs again what failed, was cancelled or could not start; what succeeded stays. @throws Conflict `nothing_failed` */
    retryFailed: (id: string): Promise<Backfill> =>
      move(id, ['running', 'paused', 'failed'], { state: 'running', ended_at: null }, async tx => {
        if ((await store.reviveItems(tx, id)) === 0) {
          throw new Conflict('nothing_failed', 'No interval of the backfill failed.');
        }
      }),
    async setConcurrency(id: string, maxConcurrent: number): Promise<Backfill> {
      const { pipeline } = await existing(id);
      await change(pipeline, tx => store.updateBackfill(tx, id, { max_concurrent: maxConcurrent }));
      loop.poke();
      return get(id);
    },
    start(): void {
      unsubscribe = events.subscribe(event => isRunsEnd(event) && loop.poke());
      loop.start();
    },
    async stop(): Promise<void> {
      unsubscribe();
      await loop.stop();
    }
  };
}

/** Paused, full, or taken by another daemon meanwhile. */
class NotNow extends Error {}
