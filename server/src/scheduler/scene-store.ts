import { sql } from 'kysely';
import type { Db, Tx } from '../database';
import type { PolicyRow } from './demand-of';
import type { JobHistoryTable, NodeTable, ProjectQuotaTable, ProjectUsageTable, ReservationTable } from './policy-tables';
import type { Selectable } from 'kysely';
import type { JobRow } from './tables';
import type { Allocation } from './policy';

/** A node not seen for so long is gone. */
const NODE_SEEN_MS = 60_000;
const COLUMNS = ['id', 'label', 'project', 'priority', 'is_preemptible', 'resources', 'cpus', 'memory_bytes', 'gpus', 'created_at', 'estimate_ms', 'array_id', 'array_parallel', 'allocation', 'started_at', 'stop_requested_at', 'state', 'not_before'] as const;

/** One claims at a time, over all daemons: quotas hold across them. Until the transaction ends. */
export async function lockClaims(tx: Tx): Promise<void> {
  await sql`select pg_advisory_xact_lock(720118)`.execute(tx);
}

/**
 * The first `perLine` jobs of every line that may start now. Walks the index
 * from line to line, so it costs as much as there are lines, however many wait.
 */
export async function headsOfLines(db: Db, perLine: number): Promise<PolicyRow[]> {
  const queued = sql`state = 'queued' and line is not null`;
  const columns = sql.join(COLUMNS.map(c => sql.ref(`job.${c}`)));
  const { rows } = await sql<PolicyRow>`
    with recursive lines as (
      (select line from job where ${queued} order by line limit 1)
      union all
      select (select job.line from job where ${queued} and job.line > lines.line order by job.line limit 1) from lines where lines.line is not null
    )
    select ${columns} from lines cross join lateral (
      select * from job where job.line = lines.line and ${queued} and not_before <= now() and cancel_requested_at is null order by rank, id limit ${perLine}
    ) job where lines.line is not null`.execute(db);
  return rows;
}

/** Jobs a person cancelled while they waited. */
export async function cancelledInQueue(db: Db): Promise<string[]> {
  const rows = await db.selectFrom('job').select('id').where('state', '=', 'queued').where('cancel_requested_at', 'is not', null).limit(500).execute();
  return rows.map(r => r.id);
}

/** What runs on the nodes, not on engines. */
export function runningHere(db: Db): Promise<PolicyRow[]> {
  return db.selectFrom('job').select(COLUMNS).where('state', '=', 'running').where('engine', 'is', null).execute();
}

export interface SceneRows {
  nodes: Selectable<NodeTable>[];
  quotas: Selectable<ProjectQuotaTable>[];
  usage: Selectable<ProjectUsageTable>[];
  reservations: Selectable<ReservationTable>[];
  licences: { name: string; total: number }[];
}

/** The small tables a round looks at, in one statement. */
export async function sceneRows(db: Db): Promise<SceneRows> {
  const { rows } = await sql<SceneRows>`
    select
      (select coalesce(json_agg(n order by n.id), '[]') from node n where seen_at > now() - ${NODE_SEEN_MS} * interval '1 millisecond') as nodes,
      (select coalesce(json_agg(q), '[]') from project_quota q) as quotas,
      (select coalesce(json_agg(u), '[]') from project_usage u) as usage,
      (select coalesce(json_agg(r), '[]') from reservation r where ends_at > now()) as reservations,
      (select coalesce(json_agg(l), '[]') from licence l) as licences`.execute(db);
  return rows[0]!;
}

/** Gives jobs to a worker with what each holds: a new attempt each; those cancelled meanwhile are left out. */
export async function markGranted(tx: Tx, granted: { id: string; allocation: Allocation | null; cost: number }[], workerId: string, leaseMs: number): Promise<JobRow[]> {
  const { rows } = await sql<JobRow>`
    update job set state = 'running', attempt = attempt + 1, worker_id = ${workerId}, lease_until = now() + ${leaseMs} * interval '1 millisecond',
      started_at = now(), pid = null, pid_identity = null, engine_handle = null, stop_requested_at = null, preempted_for = null, allocation = g.allocation, cost = g.cost
    from jsonb_to_recordset(${JSON.stringify(granted)}::jsonb) as g(id uuid, allocation jsonb, cost double precision)
    where job.id = g.id and job.state = 'queued'
    returning job.*`.execute(tx);
  return rows;
}

/** Tells running jobs to make room; `forJob` in words. */
export async function requestStop(tx: Tx, ids: string[], forJob: string): Promise<void> {
  await tx.updateTable('job').set({ stop_requested_at: sql<Date>`now()`, preempted_for: forJob }).where('id', 'in', ids).where('state', '=', 'running').where('stop_requested_at', 'is', null).execute();
}

export async function upsertNode(db: Db, node: { id: string; name: string; cpus: number; memoryBytes: number; scratchBytes: number; devices: unknown }): Promise<void> {
  const values = { name: node.name, cpus: node.cpus, memory_bytes: node.memoryBytes, scratch_bytes: node.scratchBytes, devices: JSON.stringify(node.devices) };
  await db
    .insertInto('node')
    .values({ id: node.id, ...values })
    .onConflict(c => c.column('id').doUpdateSet({ ...values, seen_at: sql<Date>`now()` }))
    .execute();
}

export async function nodeSeen(db: Db, id: string): Promise<void> {
  await db.updateTable('node').set({ seen_at: sql<Date>`now()` }).where('id', '=', id).execute();
}

/** The node takes no more jobs until it is back; a drain is remembered. */
export async function nodeAway(db: Db, id: string): Promise<void> {
  await db.updateTable('node').set({ seen_at: new Date(0) }).where('id', '=', id).execute();
}

/** Adds to what a project used, after what it used before has faded. */
export async function chargeProject(tx: Tx, project: string, added: number, halfLifeMs: number): Promise<void> {
  await sql`
    insert into project_usage (project, value, at) values (${project}, ${added}, now())
    on conflict (project) do update set
      value = project_usage.value * power(0.5, greatest(0, extract(epoch from now() - project_usage.at)) * 1000 / ${halfLifeMs}) + excluded.value, at = now()`.execute(tx);
}

/** Keeps what the last twenty successful runs of a step took. */
export async function recordHistory(tx: Tx, label: string, durationMs: number, peakBytes: number | null, askedBytes: number): Promise<void> {
  await sql`
    insert into job_history (label, durations_ms, peaks_bytes, asked_bytes) values (${label}, array[${durationMs}::bigint], ${peakBytes === null ? sql`'{}'` : sql`array[${peakBytes}::bigint]`}, ${askedBytes})
    on conflict (label) do update set
      durations_ms = (excluded.durations_ms || job_history.durations_ms)[1:20],
      peaks_bytes = (excluded.peaks_bytes || job_history.peaks_bytes)[1:20],
      asked_bytes = excluded.asked_bytes, updated_at = now()`.execute(tx);
}

export function historyOf(db: Db, labels: string[]): Promise<Selectable<JobHistoryTable>[]> {
  return labels.length === 0 ? Promise.resolve([]) : db.selectFrom('job_history').selectAll().where('label', 'in', labels).execute();
}
