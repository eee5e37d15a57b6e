import type { Engine } from '@slipway/schema';
import { sql, type Insertable } from 'kysely';
import type { Db, Tx } from '../database';
import type { JobError } from './executor';
import type { JobRow, JobState, JobTable } from './tables';

/** To be inserted; workers hear of them at the commit. */
export const newJobs = (tx: Tx, jobs: Insertable<JobTable>[]) => tx.insertInto('job').values(jobs).returning(sql`pg_notify('slipway_job', '')`.as('told'));

/** Who may write about a running job: the worker and attempt that hold its lease. */
export interface Fence {
  id: string;
  attempt: number;
  workerId: string;
}

const fenced = (db: Db, fence: Fence) =>
  db
    .updateTable('job')
    .where('id', '=', fence.id)
    .where('attempt', '=', fence.attempt)
    .where('worker_id', '=', fence.workerId)
    .where('state', '=', 'running');

/** Ends the job; false when the lease is another's by now. */
export async function endJob(tx: Tx, fence: Fence, state: JobState, error: JobError | null): Promise<boolean> {
  const done = await fenced(tx, fence)
    .set({ state, error: error && JSON.stringify(error), worker_id: null, lease_until: null, allocation: null, stop_requested_at: null, ended_at: sql<Date>`now()` })
    .executeTakeFirst();
  return done.numUpdatedRows > 0n;
}

/** Puts a running job back in the queue, counting it as a retry, a loss, or neither. */
export async function requeueJob(tx: Tx, fence: Fence, counts: 'retry' | 'loss' | 'preemption' | 'nothing', delayMs: number): Promise<boolean> {
  const done = await fenced(tx, fence)
    .set(eb => ({
      state: 'queued',
      worker_id: null,
      lease_until: null,
      allocation: null,
      stop_requested_at: null,
      not_before: fromNow(delayMs),
      ...(counts === 'retry' && { retries: eb('retries', '+', 1) }),
      ...(counts === 'preemption' && { preemptions: eb('preemptions', '+', 1) }),
      ...(counts === 'loss' && { losses: eb('losses', '+', 1) })
    }))
    .executeTakeFirst();
  return done.numUpdatedRows > 0n;
}

/** `identity` tells the process from a later one with the same number; null where the system has nothing to tell by. */
export type AttemptPid = Fence & { pid: number; identity: string | null };

/** Which process each attempt is, as far as it still holds its lease. */
export async function setPids(db: Db, of: readonly AttemptPid[]): Promise<void> {
  await sql`
    update job set pid = g.pid, pid_identity = g.identity
    from jsonb_to_recordset(${JSON.stringify(of)}::jsonb) as g(id uuid, attempt int, "workerId" uuid, pid int, identity text)
    where job.id = g.id and job.attempt = g.attempt and job.worker_id = g."workerId" and job.state = 'running'`.execute(db);
}

/** What the engine calls the attempt; false when the lease is another's by now. */
export async function setEngineHandle(db: Db, fence: Fence, handle: string): Promise<boolean> {
  const done = await fenced(db, fence).set({ engine_handle: handle }).executeTakeFirst();
  return done.numUpdatedRows > 0n;
}

/** Gives a running job of a dead worker to another, as the same attempt; nothing when somebody was faster. */
export function adoptJob(db: Db, fence: Fence, workerId: string, leaseMs: number): Promise<JobRow | undefined> {
  return fenced(db, fence)
    .set({ worker_id: workerId, lease_until: fromNow(leaseMs) })
    .returningAll()
    .executeTakeFirst();
}

/** Renews the worker's leases; gives those it still holds, and whether each is to be cancelled. */
export async function renewLeases(db: Db, workerId: string, ids: string[], leaseMs: number): Promise<{ id: string; attempt: number; isCancelled: boolean }[]> {
  const rows = await db
    .updateTable('job')
    .set({ lease_until: fromNow(leaseMs) })
    .where('id', 'in', ids)
    .where('worker_id', '=', workerId)
    .where('state', '=', 'running')
    .returning(['id', 'attempt', 'cancel_requested_at'])
    .execute();
  return rows.map(r => ({ id: r.id, attempt: r.attempt, isCancelled: r.cancel_requested_at !== null }));
}

/** Running jobs of the worker that somebody wants stopped, and those that are to make room. */
export async function stopsAsked(db: Db, workerId: string): Promise<{ cancelled: string[]; preempted: string[] }> {
  const rows = await db
    .selectFrom('job')
    .select(['id', 'cancel_requested_at', 'stop_requested_at'])
    .where('state', '=', 'running')
    .where('worker_id', '=', workerId)
    .where(eb => eb.or([eb('cancel_requested_at', 'is not', null), eb('stop_requested_at', 'is not', null)]))
    .execute();
  return { cancelled: rows.filter(r => r.cancel_requested_at !== null).map(r => r.id), preempted: rows.filter(r => r.stop_requested_at !== null).map(r => r.id) };
}

/**
 * Running jobs nobody runs: their lease is over, their worker was an earlier start of this home, or they are
 * ours and we do not know of them, since the connection broke as their claim was stored.
 */
export function lostJobs(db: Db, me: { workerId: string; home: string }, held: string[]): Promise<JobRow[]> {
  return db
    .selectFrom('job')
    .selectAll()
    .where('state', '=', 'running')
    .where(eb =>
      eb.or([
        eb('lease_until', '<', sql<Date>`now()`),
        eb.and([eb('worker_id', '=', me.workerId), eb('started_at', '<', sql<Date>`now() - interval '10 seconds'`)]),
        eb('worker_id', 'in', eb.selectFrom('worker').select('worker.id').where('home', '=', me.home).where('worker.id', '<>', me.workerId))
      ])
    )
    .$if(held.length > 0, qb => qb.where('id', 'not in', held))
    .execute();
}

/** Cancels what is queued at once and asks workers to stop what runs; gives the ids cancelled here and now. */
export async function cancelJobs(tx: Tx, ids: string[]): Promise<{ cancelled: string[]; stopping: string[] }> {
  const ended = await tx
    .updateTable('job')
    .set({ state: 'cancelled', ended_at: sql<Date>`now()`, cancel_requested_at: sql<Date>`now()` })
    .where('id', 'in', ids)
    .where('state', '=', 'queued')
    .returning('id')
    .execute();
  const stopping = await tx
    .updateTable('job')
    .set({ cancel_requested_at: sql<Date>`coalesce(cancel_requested_at, now())` })
    .where('id', 'in', ids)
    .where('state', '=', 'running')
    .returning('id')
    .execute();
  return { cancelled: ended.map(r => r.id), stopping: stopping.map(r => r.id) };
}

export function jobsById(db: Db, ids: readonly string[]): Promise<JobRow[]> {
  return ids.length === 0 ? Promise.resolve([]) : db.selectFrom('job').selectAll().where('id', 'in', ids).execute();
}

export async function insertWorker(db: Db, id: string, home: string): Promise<void> {
  await db.insertInto('worker').values({ id, home }).execute();
}

export async function deleteOtherWorkers(db: Db, id: string, home: string): Promise<void> {
  await db.deleteFrom('worker').where('home', '=', home).where('id', '<>', id).execute();
}

export async function notifyWorkers(tx: Tx): Promise<void> {
  await sql`select pg_notify('slipway_job', '')`.execute(tx);
}

const fromNow = (ms: number) => sql<Date>`now() + ${ms} * interval '1 millisecond'`;

/** Of each engine: how many of our jobs are there and wait to go there, and what those there asked for, over all daemons. */
export async function engineCounts(db: Db): Promise<Map<string, Pick<Engine, 'running' | 'waiting' | 'held'>>> {
  const { rows } = await sql<{ engine: string; running: string; waiting: string; cpus: number; memory_bytes: string; gpus: string }>`
    select engine, count(*) filter (where state = 'running') as running, count(*) filter (where state = 'queued') as waiting,
      coalesce(sum(cpus * ranks) filter (where state = 'running'), 0)::float8 as cpus,
      coalesce(sum(memory_bytes * ranks) filter (where state = 'running'), 0) as memory_bytes,
      coalesce(sum(gpus * ranks) filter (where state = 'running'), 0) as gpus
    from (select *, coalesce((resources ->> 'ranks')::int, 1) as ranks from job where engine is not null and state in ('queued', 'running')) job group by engine`.execute(db);
  return new Map(rows.map(r => [r.engine, { running: Number(r.running), waiting: Number(r.waiting), held: { cpus: r.cpus, memoryBytes: Number(r.memory_bytes), gpus: Number(r.gpus) } }]));
}
