import { randomUUID } from 'node:crypto';
import { ScheduleSpec, type PipelineSchedule, type Schedule, type ScheduleFire, type SchedulePreview, type SchedulePreviewQuery } from '@slipway/schema';
import type { z } from 'zod';
import { personBehind } from '../core/endpoint-router';
import { Conflict, InvalidInput, NotFound } from '../core/errors';
import { checkFormat } from '../core/format-instant';
import { createFireTimes, type FireTimes } from '../core/timing';
import { isUuid } from '../core/uuid';
import type { Db, Tx } from '../database';
import type { Events } from '../events';
import { canonicalJson } from './content';
import { latestContent } from './definition-store';
import { boundTexts, checkParams } from './interval-bindings';
import * as store from './schedule-store';
import type { ScheduleFireRow, ScheduleRow } from './tables';

/** The schedule that a pipeline saved with one has, and that `PUT …/schedule` sets. */
export const DEFAULT_SCHEDULE = 'default';

export type Schedules = ReturnType<typeof createSchedules>;

/** The schedules of pipelines: when runs start by themselves, and with what. */
export function createSchedules(deps: { db: Db; events: Events; clock(): Date }) {
  const { db, events, clock } = deps;

  /** @throws InvalidInput `unknown_time_zone`, `invalid_cron`, `invalid_timing`, `never_fires` */
  function checkTimes(spec: ScheduleSpec, anchor = clock()): FireTimes {
    const times = createFireTimes(spec, anchor);
    if (times.next(clock()) === null) {
      throw new InvalidInput('never_fires', `The schedule ${spec.name} never comes: it ended on ${spec.endAt}.`, { errors: [{ path: 'endAt', message: 'in the past' }] });
    }
    return times;
  }

  /** @throws what `checkTimes` refuses, and what is wrong with its params */
  async function check(tx: Db, pipeline: string, spec: ScheduleSpec, anchor: Date): Promise<FireTimes> {
    const times = checkTimes(spec, anchor);
    const content = await latestContent(tx, pipeline);
    if (content) {
      checkParams(content, spec);
    }
    return times;
  }

  const change = (pipeline: string, work: (tx: Tx) => Promise<void>): Promise<void> =>
    db.transaction().execute(async tx => {
      await work(tx);
      await events.append(tx, [{ type: 'pipeline.changed', subject: pipeline }]);
    });

  async function existing(id: string): Promise<ScheduleRow> {
    const row = isUuid(id) ? await store.scheduleById(db, id) : undefined;
    if (!row) {
      throw new NotFound('schedule_not_found', `There is no schedule ${id}.`);
    }
    return row;
  }

  async function insert(tx: Tx, pipeline: string, spec: ScheduleSpec, userId: string): Promise<string> {
    const now = clock();
    const times = await check(tx, pipeline, spec, now);
    const id = randomUUID();
    const row = { id, pipeline, name: spec.name, spec: JSON.stringify(spec), created_at: now, next_fire_at: spec.isPaused ? null : times.next(now), last_fire_at: null, note: null, created_by: personBehind(userId) };
    if (!(await store.insertSchedule(tx, row))) {
      throw new Conflict('schedule_exists', `The pipeline ${pipeline} has a schedule ${spec.name} already; change that one, or take another name.`);
    }
    return id;
  }

  async function update(tx: Tx, before: ScheduleRow, spec: ScheduleSpec, userId: string): Promise<void> {
    const times = await check(tx, before.pipeline, spec, before.created_at);
    const isSame = timingOf(spec) === timingOf(before.spec);
    const named = spec.name === before.name ? undefined : await store.scheduleByName(tx, before.pipeline, spec.name);
    if (named) {
      throw new Conflict('schedule_exists', `The pipeline ${before.pipeline} has a schedule ${spec.name} already.`);
    }
    await store.updateSchedule(tx, before.id, {
      name: spec.name,
      spec: JSON.stringify(spec),
      ...(!isAlready(before, spec) && { created_by: personBehind(userId) }),
      next_fire_at: spec.isPaused ? null : isSame && before.next_fire_at ? before.next_fire_at : times.next(clock()),
      note: isSame ? before.note : null
    });
  }

  async function show(rows: ScheduleRow[]): Promise<PipelineSchedule[]> {
    const waiting = await store.waitingCounts(db, rows.map(r => r.id));
    return rows.map(row => toSchedule(row, waiting.get(row.id) ?? 0));
  }

  return {
    checkTimes,
    async list(pipeline: string): Promise<{ items: PipelineSchedule[] }> {
      return { items: await show(await store.schedulesOf(db, [pipeline])) };
    },
    async get(id: string): Promise<PipelineSchedule> {
      return (await show([await existing(id)]))[0]!;
    },
    /** @throws Conflict `schedule_exists` */
    async create(pipeline: string, spec: ScheduleSpec, userId: string): Promise<PipelineSchedule> {
      let id = '';
      await change(pipeline, async tx => void (id = await insert(tx, pipeline, spec, userId)));
      return this.get(id);
    },
    /** Who changes a schedule answers for its runs from then on. */
    async replace(id: string, spec: ScheduleSpec, userId: string): Promise<PipelineSchedule> {
      const before = await existing(id);
      await change(before.pipeline, tx => update(tx, before, spec, userId));
      return this.get(id);
    },
    async remove(id: string): Promise<void> {
      const row = await existing(id);
      await change(row.pipeline, tx => store.deleteSchedule(tx, id));
    },
    async fires(id: string, query: { limit: number; cursor?: string }): Promise<{ items: ScheduleFire[]; nextCursor?: string }> {
      await existing(id);
      const before = query.cursor === undefined ? null : new Date(query.cursor);
      if (before && Number.isNaN(before.getTime())) {
        throw new InvalidInput('invalid_cursor', 'The cursor is not one that a page gave.');
      }
      const rows = await store.listFires(db, id, query.limit + 1, before);
      const items = rows.slice(0, query.limit).map(toFire);
      return { items, ...(rows.length > query.limit && { nextCursor: items.at(-1)!.fireAt }) };
    },
    /** When a timing would fire next, and what its bindings would be then; nothing is stored. */
    preview(query: z.output<typeof SchedulePreviewQuery>): SchedulePreview {
      query.bindings.forEach((b, i) => b.format !== undefined && checkFormat(b.format, `bindings.${i}.format`));
      const times = createFireTimes(query, clock());
      const fires: SchedulePreview['fires'] = [];
      for (let at = times.next(clock()); at && fires.length < query.count; at = times.next(at)) {
        const dataInterval = { start: (times.previous(at) ?? at).toISOString(), end: at.toISOString() };
        fires.push({ fireAt: at.toISOString(), dataInterval, params: boundTexts(query.bindings, dataInterval, query.timeZone) });
      }
      return { fires };
    },
    /** Sets the schedule named `default` inside the caller's transaction; null takes it away. @throws as `create` does */
    async set(tx: Tx, pipeline: string, schedule: Schedule | null, userId: string): Promise<void> {
      const before = await store.scheduleByName(tx, pipeline, DEFAULT_SCHEDULE);
      if (schedule === null) {
        return before && store.deleteSchedule(tx, before.id);
      }
      const spec = defaultSchedule(before?.spec, schedule);
      await (before ? update(tx, before, spec, userId) : insert(tx, pipeline, spec, userId));
    },
    /** Makes a schedule what the spec says, by its name, inside the caller's transaction; one that is so already goes on untouched. @throws as `create` does */
    async put(tx: Tx, pipeline: string, spec: ScheduleSpec, userId: string): Promise<void> {
      const before = await store.scheduleByName(tx, pipeline, spec.name);
      if (!before) {
        await insert(tx, pipeline, spec, userId);
      } else if (!isAlready(before, spec)) {
        await update(tx, before, spec, userId);
      }
    },
    /** Takes away the schedules that are not named, inside the caller's transaction. */
    async keepOnly(tx: Tx, pipeline: string, names: readonly string[]): Promise<void> {
      for (const row of await store.schedulesOf(tx, [pipeline])) {
        if (!names.includes(row.name)) {
          await store.deleteSchedule(tx, row.id);
        }
      }
    },
    /** Counts from now on: what the pipeline's absence missed is not made up for. */
    async resume(tx: Tx, pipeline: string): Promise<void> {
      for (const row of await store.schedulesOf(tx, [pipeline])) {
        await store.updateSchedule(tx, row.id, { next_fire_at: row.spec.isPaused ? null : createFireTimes(row.spec, row.created_at).next(clock()) });
      }
    }
  };
}

/** The schedule named `default` by another clock: what else was said of it stays. */
export function defaultSchedule(former: ScheduleSpec | undefined, schedule: Schedule): ScheduleSpec {
  const { intervalMs: _intervalMs, ...kept } = former ?? {};
  return ScheduleSpec.parse({ ...kept, name: DEFAULT_SCHEDULE, ...schedule });
}

const isAlready = ({ spec }: ScheduleRow, asked: ScheduleSpec): boolean => canonicalJson(ScheduleSpec.parse(spec)) === canonicalJson(asked);

/** What decides when it fires, as text to compare. */
function timingOf({ cron, intervalMs, timeZone, startAt, endAt }: ScheduleSpec): string {
  return JSON.stringify([cron, intervalMs, timeZone, startAt, endAt]);
}

function toSchedule(row: ScheduleRow, waiting: number): PipelineSchedule {
  return {
    ...row.spec,
    id: row.id,
    pipeline: row.pipeline,
    nextFireAt: row.next_fire_at?.toISOString() ?? null,
    lastFireAt: row.last_fire_at?.toISOString() ?? null,
    note: row.note,
    waiting,
    createdAt: row.created_at.toISOString()
  };
}

function toFire(row: ScheduleFireRow): ScheduleFire {
  const fireAt = row.fire_at.toISOString();
  return { fireAt, dataInterval: row.interval_start && { start: row.interval_start.toISOString(), end: fireAt }, state: row.state, runId: row.run_id, note: row.note };
}
