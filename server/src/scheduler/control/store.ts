import { sql, type ExpressionBuilder, type Selectable } from 'kysely';
import type { Db, Tx } from '../../database';
import type { JobHistoryTable, NodeTable, ReservationTable, SchedulingChangeTable } from '../policy-tables';
import type { JobRow, JobState, SchedulerTables } from '../tables';

/** Which jobs are meant. */
export interface JobFilter {
  state?: JobState | 'ended';
  project?: string;
  createdBy?: string;
}

const matching =
  ({ state, project, createdBy }: JobFilter) =>
  (eb: ExpressionBuilder<SchedulerTables, 'job'>) =>
    eb.and([
      ...(state === 'ended' ? [eb('ended_at', 'is not', null)] : state ? [eb('state', '=', state)] : []),
      ...(project !== undefined ? [eb('project', '=', project)] : []),
      ...(createdBy !== undefined ? [eb('created_by', '=', createdBy)] : [])
    ]);

/** Newest first, after the job `after`: by when they ended where only those are wanted, else by when they came. */
export function newestJobs(db: Db, filter: JobFilter, page: { limit: number; after: string | null }): Promise<JobRow[]> {
  const at = filter.state === 'ended' ? 'ended_at' : 'created_at';
  return db
    .selectFrom('job')
    .selectAll()
    .where(matching(filter))
    .$if(page.after !== null, qb => qb.where(sql<boolean>`(${sql.ref(at)}, id) < (select ${sql.ref(at)}, id from job where id = ${page.after})`))
    .orderBy(at, 'desc')
    .orderBy('id', 'desc')
    .limit(page.limit)
    .execute();
}

/** Queued jobs by rank, after `after`, without those of `except`. */
export function queuedByRank(db: Db, filter: JobFilter, page: { limit: number; after: { rank: number; id: string } | null; except: readonly string[] }): Promise<JobRow[]> {
  return db
    .selectFrom('job')
    .selectAll()
    .where(matching({ ...filter, state: 'queued' }))
    .where(sql<boolean>`id <> all(${page.except}::uuid[])`)
    .$if(page.after !== null, qb => qb.where(sql<boolean>`(rank, id) > (${page.after!.rank}::float8, ${page.after!.id}::uuid)`))
    .orderBy('rank')
    .orderBy('id')
    .limit(page.limit)
    .execute();
}

/** Those of `ids` that still wait and match, in no order. */
export async function queuedOf(db: Db, filter: JobFilter, ids: readonly string[]): Promise<string[]> {
  const rows = await db.selectFrom('job').select('id').where(matching({ ...filter, state: 'queued' })).where(sql<boolean>`id = any(${ids}::uuid[])`).execute();
  return rows.map(r => r.id);
}

export async function countJobs(db: Db, filter: JobFilter): Promise<number> {
  const row = await db.selectFrom('job').select(sql<string>`count(*)`.as('count')).where(matching(filter)).executeTakeFirstOrThrow();
  return Number(row.count);
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
