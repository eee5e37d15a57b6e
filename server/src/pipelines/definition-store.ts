import { sql, type Insertable } from 'kysely';
import type { Db, Tx } from '../database';
import type { PipelineRow, PipelineVersionRow, ScheduleRow, ScheduleTable } from './tables';

/** The pipeline by name, removed ones too, locked until the transaction ends. */
export function lockPipeline(tx: Tx, name: string): Promise<PipelineRow | undefined> {
  return tx.selectFrom('pipeline').selectAll().where('name', '=', name).forUpdate().executeTakeFirst();
}

export function pipelineByName(db: Db, name: string): Promise<PipelineRow | undefined> {
  return db.selectFrom('pipeline').selectAll().where('name', '=', name).where('removed_at', 'is', null).executeTakeFirst();
}

export function listPipelines(db: Db): Promise<PipelineRow[]> {
  return db.selectFrom('pipeline').selectAll().where('removed_at', 'is', null).orderBy('name').execute();
}

export async function upsertPipeline(tx: Tx, name: string, version: number): Promise<void> {
  await tx
    .insertInto('pipeline')
    .values({ name, latest_version: version })
    .onConflict(oc => oc.column('name').doUpdateSet({ latest_version: version, removed_at: null }))
    .execute();
}

export async function setRemoved(tx: Tx, name: string, removedAt: Date | null): Promise<boolean> {
  const done = await tx
    .updateTable('pipeline')
    .set({ removed_at: removedAt })
    .where('name', '=', name)
    .where('removed_at', removedAt === null ? 'is not' : 'is', null)
    .executeTakeFirst();
  return done.numUpdatedRows > 0n;
}

export async function insertVersion(tx: Tx, row: { pipeline: string; version: number; content_hash: string; created_by: string }): Promise<PipelineVersionRow> {
  return tx.insertInto('pipeline_version').values(row).returningAll().executeTakeFirstOrThrow();
}

export function versionOf(db: Db, pipeline: string, version: number): Promise<PipelineVersionRow | undefined> {
  return db.selectFrom('pipeline_version').selectAll().where('pipeline', '=', pipeline).where('version', '=', version).executeTakeFirst();
}

export function listVersions(db: Db, pipeline: string): Promise<PipelineVersionRow[]> {
  return db.selectFrom('pipeline_version').selectAll().where('pipeline', '=', pipeline).orderBy('version', 'desc').execute();
}

export function schedulesOf(db: Db, pipelines: string[]): Promise<ScheduleRow[]> {
  return pipelines.length === 0 ? Promise.resolve([]) : db.selectFrom('schedule').selectAll().where('pipeline', 'in', pipelines).execute();
}

export async function upsertSchedule(tx: Tx, row: Insertable<ScheduleTable>): Promise<void> {
  const { pipeline: _pipeline, ...set } = row;
  await tx.insertInto('schedule').values(row).onConflict(oc => oc.column('pipeline').doUpdateSet(set)).execute();
}

export async function deleteSchedule(tx: Tx, pipeline: string): Promise<void> {
  await tx.deleteFrom('schedule').where('pipeline', '=', pipeline).execute();
}

/** Schedules whose time has come, of pipelines that are still there. */
export function dueSchedules(db: Db, now: Date): Promise<ScheduleRow[]> {
  return db
    .selectFrom('schedule')
    .innerJoin('pipeline', 'pipeline.name', 'schedule.pipeline')
    .selectAll('schedule')
    .where('next_fire_at', '<=', now)
    .where('removed_at', 'is', null)
    .orderBy('next_fire_at')
    .execute();
}

export async function nextDue(db: Db): Promise<Date | null> {
  const row = await db
    .selectFrom('schedule')
    .innerJoin('pipeline', 'pipeline.name', 'schedule.pipeline')
    .select(eb => eb.fn.min('next_fire_at').as('at'))
    .where('removed_at', 'is', null)
    .executeTakeFirst();
  return row?.at ?? null;
}

/** Takes one fire time for the caller; false when it was taken, paused or changed meanwhile. */
export async function takeFire(tx: Tx, due: ScheduleRow, set: { nextFireAt: Date | null; note: string | null; runId: string | null }): Promise<boolean> {
  const moved = await tx
    .updateTable('schedule')
    .set({ next_fire_at: set.nextFireAt, last_fire_at: set.runId === null ? due.last_fire_at : due.next_fire_at, note: set.note })
    .where('id', '=', due.id)
    .where('next_fire_at', '=', due.next_fire_at)
    .executeTakeFirst();
  if (moved.numUpdatedRows === 0n) {
    return false;
  }
  const fired = await tx
    .insertInto('schedule_fire')
    .values({ schedule_id: due.id, fire_at: due.next_fire_at!, run_id: set.runId })
    .onConflict(oc => oc.doNothing())
    .executeTakeFirst();
  return (fired.numInsertedOrUpdatedRows ?? 0n) > 0n;
}

/** Fire times are kept a while to answer for them, not for ever. */
export async function trimFires(db: Db): Promise<void> {
  await db.deleteFrom('schedule_fire').where('fire_at', '<', sql<Date>`now() - interval '30 days'`).execute();
}

/** The notebook of each pipeline's latest version. */
export async function notebookPaths(db: Db, pipelines: string[]): Promise<Map<string, string>> {
  if (pipelines.length === 0) {
    return new Map();
  }
  const rows = await db
    .selectFrom('pipeline')
    .innerJoin('pipeline_version as v', join => join.onRef('v.pipeline', '=', 'pipeline.name').onRef('v.version', '=', 'pipeline.latest_version'))
    .innerJoin('pipeline_content as c', 'c.hash', 'v.content_hash')
    .select(['pipeline.name', sql<string>`c.content ->> 'notebookPath'`.as('path')])
    .where('pipeline.name', 'in', pipelines)
    .execute();
  return new Map(rows.map(r => [r.name, r.path]));
}
