import { sql } from 'kysely';
import type { Db, Tx } from '../database';
import type { PoolRow } from './tables';

/** A job that waits for its pool is not given out before this. */
const NEVER = new Date('9999-12-31T00:00:00Z');

export function poolByName(db: Db, name: string): Promise<PoolRow | undefined> {
  return db.selectFrom('pool').selectAll().where('name', '=', name).executeTakeFirst();
}

export async function listPools(db: Db): Promise<{ name: string; slots: number; description: string; used: number; waiting: number }[]> {
  const { rows } = await sql<{ name: string; slots: number; description: string; used: string; waiting: string }>`
    select p.name, p.slots, p.description,
      count(j.id) filter (where s.is_seated) as used, count(j.id) filter (where not s.is_seated) as waiting
    from pool p
    left join pool_seat s on s.pool = p.name
    left join job j on j.id = s.job_id and j.state in ('queued', 'running')
    group by p.name order by p.name`.execute(db);
  return rows.map(r => ({ ...r, used: Number(r.used), waiting: Number(r.waiting) }));
}

export async function upsertPool(db: Db, row: { name: string; slots: number; description: string; updated_by: string }): Promise<void> {
  const { name: _name, ...set } = row;
  await db.insertInto('pool').values(row).onConflict(oc => oc.column('name').doUpdateSet({ ...set, updated_at: sql<Date>`now()` })).execute();
}

export async function deletePool(db: Db, name: string): Promise<boolean> {
  return (await db.deleteFrom('pool').where('name', '=', name).executeTakeFirst()).numDeletedRows > 0n;
}

/** Jobs just queued wait for their pools. */
export async function insertSeats(tx: Tx, pools: ReadonlyMap<string, string>): Promise<void> {
  if (pools.size > 0) {
    await tx.insertInto('pool_seat').values([...pools].map(([job_id, pool]) => ({ job_id, pool }))).execute();
    await tx.updateTable('job').set({ not_before: NEVER }).where('id', 'in', [...pools.keys()]).execute();
  }
}

/** A job that went back into the queue to be tried again later, or to make room, gives its seat back; it stands in line again once it is due. */
export async function giveSeatBack(tx: Tx, before: { id: string; preemptions: number }): Promise<void> {
  await sql`
    with back as (
      update pool_seat s set is_seated = false, due_at = j.not_before from job j
      where s.job_id = ${before.id} and j.id = s.job_id and s.is_seated and (j.not_before > now() or j.preemptions > ${before.preemptions}) returning s.job_id
    )
    update job set not_before = ${NEVER} where id in (select job_id from back)`.execute(tx);
}

/** Seats as many waiting jobs as the pool has room for, the most urgent first; gives how many. */
export async function seatNext(tx: Tx, name: string): Promise<number> {
  const pool = await tx.selectFrom('pool').selectAll().where('name', '=', name).forUpdate().executeTakeFirst();
  const { rows } = await sql<{ id: string }>`
    with held as (select count(*) as n from pool_seat s join job j on j.id = s.job_id where s.pool = ${name} and s.is_seated and j.state in ('queued', 'running')),
    next as (
      select s.job_id from pool_seat s join job j on j.id = s.job_id
      where s.pool = ${name} and not s.is_seated and j.state = 'queued' and (s.due_at is null or s.due_at <= now())
      order by j.priority desc, coalesce(s.due_at, j.created_at), j.id
      limit greatest(0, ${pool?.slots ?? 1_000_000}::bigint - (select n from held))
    ),
    seated as (update pool_seat set is_seated = true where job_id in (select job_id from next) returning job_id)
    update job set not_before = now() where id in (select job_id from seated) returning id`.execute(tx);
  return rows.length;
}

export async function poolsOf(db: Db, jobId: string): Promise<string[]> {
  const rows = await db.selectFrom('pool_seat').select('pool').where('job_id', '=', jobId).execute();
  return rows.map(r => r.pool);
}

/** Pools that jobs wait for. */
export async function poolsAwaited(db: Db): Promise<string[]> {
  const rows = await db.selectFrom('pool_seat').innerJoin('job', 'job.id', 'pool_seat.job_id').select('pool').distinct().where('is_seated', '=', false).where('state', '=', 'queued').where(isDue).execute();
  return rows.map(r => r.pool);
}

/** The pool each of the jobs waits for, and from when on where that lies ahead. */
export async function waitingFor(db: Db, jobIds: readonly string[]): Promise<{ job_id: string; pool: string; due_at: Date | null }[]> {
  return jobIds.length === 0 ? [] : db.selectFrom('pool_seat').select(['job_id', 'pool', 'due_at']).where('job_id', 'in', jobIds).where('is_seated', '=', false).execute();
}

const isDue = sql<boolean>`(due_at is null or due_at <= now())`;
