import { sql, type Insertable, type Updateable } from 'kysely';
import type { Db, Tx } from '../database';
import type { ScheduleFireRow, ScheduleRow, ScheduleTable } from './tables';

/** Schedules looked at in one go. */
const BATCH = 500;

export function schedulesOf(db: Db, pipelines: string[]): Promise<ScheduleRow[]> {
  return pipelines.length === 0 ? Promise.resolve([]) : db.selectFrom('schedule').selectAll().where('pipeline', 'in', pipelines).orderBy('created_at').orderBy('id').execute();
}

export function scheduleById(db: Db, id: string): Promise<ScheduleRow | undefined> {
  return db.selectFrom('schedule').selectAll().where('id', '=', id).executeTakeFirst();
}

export function scheduleByName(db: Db, pipeline: string, name: string): Promise<ScheduleRow | undefined> {
  return db.selectFrom('schedule').selectAll().where('pipeline', '=', pipeline).where('name', '=', name).executeTakeFirst();
}

/** false where the pipeline has one of that name. */
export async function insertSchedule(tx: Tx, row: Insertable<ScheduleTable>): Promise<boolean> {
  const done = await tx.insertInto('schedule').values(row).onConflict(oc => oc.columns(['pipeline', 'name']).doNothing()).executeTakeFirst();
  return (done.numInsertedOrUpdatedRows ?? 0n) > 0n;
}

export async function updateSchedule(tx: Tx, id: string, set: Updateable<ScheduleTable>): Promise<void> {
  await tx.updateTable('schedule').set(set).where('id', '=', id).execute();
}

export async function deleteSchedule(tx: Tx, id: string): Promise<void> {
  await tx.deleteFrom('schedule_fire').where('schedule_id', '=', id).where('state', '=', 'waiting').execute();
  await tx.deleteFrom('schedule').where('id', '=', id).execute();
}

/** Schedules whose time has come, of pipelines that are still there; the longest due first. */
export function dueSchedules(db: Db, now: Date): Promise<ScheduleRow[]> {
  return db
    .selectFrom('schedule')
    .innerJoin('pipeline', 'pipeline.name', 'schedule.pipeline')
    .selectAll('schedule')
    .where('next_fire_at', '<=', now)
    .where('removed_at', 'is', null)
    .orderBy('next_fire_at')
    .limit(BATCH)
    .execute();
}

export async function nextDue(db: Db): Promise<Date | null> {
  const row = await db
    .selectFrom('schedule')
    .innerJoin('pipeline', 'pipeline.name', 'schedule.pipeline')
    .select('next_fire_at as at')
    .where('next_fire_at', 'is not', null)
    .where('removed_at', 'is', null)
    .orderBy('next_fire_at')
    .limit(1)
    .executeTakeFirst();
  return row?.at ?? null;
}

/** Moves schedules on from `due`; gives the ids of those that moved: not one that somebody else moves, or that was paused or changed meanwhile. */
export async function moveOn(tx: Tx, moves: readonly { due: ScheduleRow; nextFireAt: Date | null; note: string | null }[]): Promise<Set<string>> {
  const values = JSON.stringify(moves.map(({ due, nextFireAt, note }) => ({ id: due.id, was: due.next_fire_at, next: nextFireAt, note })));
  const { rows } = await sql<{ id: string }>`
    with move as (select * from jsonb_to_recordset(${values}::jsonb) as m(id uuid, was timestamptz, next timestamptz, note text)),
      mine as (select s.id from schedule s join move on move.id = s.id and s.next_fire_at = move.was for update of s skip locked)
    update schedule s set next_fire_at = move.next, note = move.note from move join mine on mine.id = move.id where s.id = move.id returning s.id`.execute(tx);
  return new Set(rows.map(r => r.id));
}

/** A fire time that was there before stays as it became. */
export async function insertFires(tx: Tx, fires: readonly { scheduleId: string; fireAt: Date; isCatchUp: boolean; intervalStart: Date | null }[]): Promise<void> {
  if (fires.length > 0) {
    await sql`
      insert into schedule_fire (schedule_id, fire_at, state, is_catch_up, interval_start)
      select f."scheduleId", f."fireAt", 'waiting', f."isCatchUp", f."intervalStart"
      from jsonb_to_recordset(${JSON.stringify(fires)}::jsonb) as f("scheduleId" uuid, "fireAt" timestamptz, "isCatchUp" boolean, "intervalStart" timestamptz)
      on conflict do nothing`.execute(tx);
  }
}

/**
 * Schedules with a fire about which something is to be done, those that have waited longest first: neither paused nor
 * removed, nor such as only wait for a run of theirs to end, which would hide the others behind them.
 */
export async function waitingSchedules(db: Db): Promise<ScheduleRow[]> {
  const { rows } = await sql<ScheduleRow>`
    select s.* from schedule s join pipeline p on p.name = s.pipeline
      join (select schedule_id, min(fire_at) as since, count(*) as fires from schedule_fire where state = 'waiting' group by schedule_id) f on f.schedule_id = s.id
    where p.removed_at is null and not (s.spec ->> 'isPaused')::boolean
      and (s.spec ->> 'overlap' <> 'queue' or f.fires > (s.spec ->> 'maxCatchUp')::int or (s.spec ->> 'maxConcurrent')::int >
        (select count(*) from pipeline_run r where r.status in ('queued', 'running', 'cancelling') and r.origin -> 'schedule' ->> 'id' = s.id::text))
    order by f.since limit ${BATCH}`.execute(db);
  return rows;
}

/** Fires of a schedule that wait, oldest first. */
export function waitingFires(db: Db, scheduleId: string): Promise<ScheduleFireRow[]> {
  return db.selectFrom('schedule_fire').selectAll().where('schedule_id', '=', scheduleId).where('state', '=', 'waiting').orderBy('fire_at').limit(BATCH * 2).execute();
}

/** Runs of the schedule that are under way; its row is locked, so that two daemons count one after the other. */
export async function activeRunsLocked(tx: Tx, scheduleId: string): Promise<string[]> {
  await tx.selectFrom('schedule').select('id').where('id', '=', scheduleId).forUpdate().execute();
  return activeRunsOf(tx, scheduleId);
}

export async function activeRunsOf(db: Db, scheduleId: string): Promise<string[]> {
  const rows = await db
    .selectFrom('pipeline_run')
    .select('id')
    .where('status', 'in', ['queued', 'running', 'cancelling'])
    .where(sql<boolean>`origin -> 'schedule' ->> 'id' = ${scheduleId}`)
    .execute();
  return rows.map(r => r.id);
}

/** Takes a waiting fire for a run; false when it was taken. */
export async function startFire(tx: Tx, fire: Pick<ScheduleFireRow, 'schedule_id' | 'fire_at'>, runId: string): Promise<boolean> {
  const taken = await tx
    .updateTable('schedule_fire')
    .set({ state: 'started', run_id: runId })
    .where('schedule_id', '=', fire.schedule_id)
    .where('fire_at', '=', fire.fire_at)
    .where('state', '=', 'waiting')
    .executeTakeFirst();
  if (taken.numUpdatedRows === 0n) {
    return false;
  }
  await tx.updateTable('schedule').set({ last_fire_at: fire.fire_at }).where('id', '=', fire.schedule_id).execute();
  return true;
}

/** Lets waiting fires pass, and says why on them and on the schedule. */
export async function skipFires(tx: Tx, scheduleId: string, fireAts: readonly Date[], note: string): Promise<void> {
  const done = await tx
    .updateTable('schedule_fire')
    .set({ state: 'skipped', note })
    .where('schedule_id', '=', scheduleId)
    .where('fire_at', 'in', [...fireAts])
    .where('state', '=', 'waiting')
    .executeTakeFirst();
  if (done.numUpdatedRows > 0n) {
    await tx.updateTable('schedule').set({ note }).where('id', '=', scheduleId).execute();
  }
}

export async function waitingCounts(db: Db, ids: string[]): Promise<Map<string, number>> {
  if (ids.length === 0) {
    return new Map();
  }
  const rows = await db
    .selectFrom('schedule_fire')
    .select(['schedule_id', eb => eb.fn.countAll<string>().as('count')])
    .where('schedule_id', 'in', ids)
    .where('state', '=', 'waiting')
    .groupBy('schedule_id')
    .execute();
  return new Map(rows.map(r => [r.schedule_id, Number(r.count)]));
}

/** Fires of a schedule, newest first, before `before`. */
export function listFires(db: Db, scheduleId: string, limit: number, before: Date | null): Promise<ScheduleFireRow[]> {
  return db
    .selectFrom('schedule_fire')
    .selectAll()
    .where('schedule_id', '=', scheduleId)
    .$if(before !== null, qb => qb.where('fire_at', '<', before))
    .orderBy('fire_at', 'desc')
    .limit(limit)
    .execute();
}

/** Whether a fire lies ahead of the clock: then the clock was set back. */
export async function hasFiredAhead(db: Db, now: Date): Promise<boolean> {
  const row = await db.selectFrom('schedule').select('id').where('last_fire_at', '>', now).limit(1).executeTakeFirst();
  return row !== undefined;
}

export function armedSchedules(db: Db): Promise<ScheduleRow[]> {
  return db.selectFrom('schedule').selectAll().where('next_fire_at', 'is not', null).execute();
}

/** Fire times are kept a while to answer for them, not for ever. */
export async function trimFires(db: Db, most: number): Promise<number> {
  const { numAffectedRows } = await sql`
    delete from schedule_fire where ctid = any(array(
      select ctid from schedule_fire where fire_at < now() - interval '30 days' and state <> 'waiting' limit ${most} for update skip locked))`.execute(db);
  return Number(numAffectedRows ?? 0n);
}
