import { sql, type Selectable } from 'kysely';
import type { Db, Tx } from '../../database';
import type { JobHistoryTable, NodeTable, ReservationTable, SchedulingChangeTable } from '../policy-tables';
import type { JobRow, JobState } from '../tables';

export function listJobs(db: Db, query: { state?: JobState; project?: string; createdBy?: string; limit: number }): Promise<JobRow[]> {
  return db
    .selectFrom('job')
    .selectAll()
    .$if(query.state !== undefined, qb => qb.where('state', '=', query.state!))
    .$if(query.createdBy !== undefined, qb => qb.where('created_by', '=', query.createdBy!))
    .$if(query.project !== undefined, qb => qb.where('project', '=', query.project!))
    .orderBy('created_at', 'desc')
    .orderBy('id', 'desc')
    .limit(query.limit)
    .execute();
}

export function jobById(db: Db, id: string): Promise<JobRow | undefined> {
  return db.selectFrom('job').selectAll().where('id', '=', id).executeTakeFirst();
}

/** Asks for the end of a job that is not over; false when it is. */
export async function requestCancel(tx: Tx, id: string): Promise<boolean> {
  const done = await tx
    .updateTable('job')
    .set({ cancel_requested_at: sql<Date>`coalesce(cancel_requested_at, now())` })
    .where('id', '=', id)
    .where('state', 'in', ['queued', 'running'])
    .executeTakeFirst();
  return done.numUpdatedRows > 0n;
}

/** Moves a queued job; false when it does not wait any more. */
export async function setPriority(tx: Tx, id: string, set: { priority: number; rank: number }): Promise<boolean> {
  const done = await tx.updateTable('job').set(set).where('id', '=', id).where('state', '=', 'queued').executeTakeFirst();
  return done.numUpdatedRows > 0n;
}

export function nodes(db: Db): Promise<Selectable<NodeTable>[]> {
  return db.selectFrom('node').selectAll().orderBy('name').execute();
}

export async function setNode(tx: Tx, id: string, set: { isDrained: boolean; isSpot?: boolean }): Promise<boolean> {
  const done = await tx
    .updateTable('node')
    .set({ drained_at: set.isDrained ? sql<Date>`coalesce(drained_at, now())` : null, ...(set.isSpot !== undefined && { is_spot: set.isSpot }) })
    .where('id', '=', id)
    .executeTakeFirst();
  return done.numUpdatedRows > 0n;
}

export async function upsertQuota(tx: Tx, project: string, quota: { guaranteed: object; limit: object | null; weight: number }): Promise<void> {
  const values = { guaranteed: JSON.stringify(quota.guaranteed), most: quota.limit && JSON.stringify(quota.limit), weight: quota.weight };
  await tx.insertInto('project_quota').values({ project, ...values }).onConflict(c => c.column('project').doUpdateSet(values)).execute();
}

export async function deleteQuota(tx: Tx, project: string): Promise<boolean> {
  return (await tx.deleteFrom('project_quota').where('project', '=', project).executeTakeFirst()).numDeletedRows > 0n;
}

export async function upsertLicence(tx: Tx, name: string, total: number): Promise<void> {
  await tx.insertInto('licence').values({ name, total }).onConflict(c => c.column('name').doUpdateSet({ total })).execute();
}

export async function deleteLicence(tx: Tx, name: string): Promise<boolean> {
  return (await tx.deleteFrom('licence').where('name', '=', name).executeTakeFirst()).numDeletedRows > 0n;
}

export async function insertReservation(tx: Tx, row: Selectable<ReservationTable>): Promise<void> {
  await tx.insertInto('reservation').values(row).execute();
}

export async function deleteReservation(tx: Tx, id: string): Promise<boolean> {
  return (await tx.deleteFrom('reservation').where('id', '=', id).executeTakeFirst()).numDeletedRows > 0n;
}

export async function insertChange(tx: Tx, change: { person: string; action: string; subject: string; detail: object }): Promise<void> {
  await tx.insertInto('scheduling_change').values({ ...change, detail: JSON.stringify(change.detail) }).execute();
}

/** Newest first, before `before`. */
export function changes(db: Db, page: { limit: number; before: string | null }): Promise<Selectable<SchedulingChangeTable>[]> {
  return db
    .selectFrom('scheduling_change')
    .selectAll()
    .$if(page.before !== null, qb => qb.where('id', '<', page.before!))
    .orderBy('id', 'desc')
    .limit(page.limit)
    .execute();
}

export function histories(db: Db): Promise<Selectable<JobHistoryTable>[]> {
  return db.selectFrom('job_history').selectAll().orderBy('updated_at', 'desc').limit(500).execute();
}

/** How many jobs of each project wait and run. */
export async function countsByProject(db: Db): Promise<{ project: string; state: JobState; count: number }[]> {
  const rows = await db
    .selectFrom('job')
    .select(['project', 'state', sql<string>`count(*)`.as('count')])
    .where('state', 'in', ['queued', 'running'])
    .groupBy(['project', 'state'])
    .execute();
  return rows.map(r => ({ ...r, count: Number(r.count) }));
}
