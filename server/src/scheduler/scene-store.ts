import { sql } from 'kysely';
import type { Db, Tx } from '../database';
import type { PolicyRow } from './demand-of';
import type { Taken } from './history-keeper';
import type { GpuUse, JobHistoryTable, NodeTable, ProjectQuotaTable, ProjectUsageTable, ReservationTable } from './policy-tables';
import type { Selectable } from 'kysely';
import { policySettings, type ChangedSettings } from './settings-store';
import type { JobRow } from './tables';
import type { Allocation, ClusterNode } from './policy';

/** A node not seen for so long is away; jobs that only it can run wait for it. */
const NODE_SEEN_MS = 60_000;
/** Away for so long, it is not expected back. */
const NODE_GONE_MS = 7 * 24 * 3_600_000;
/** As old may the word of a node be that claims: woken from a long sleep, it claims before its first heartbeat. */
const NODE_FRESH_MS = 10_000;
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

/** Whether a round could decide anything: somebody waits or was cancelled waiting, or a reservation may want its room. */
export async function isRoundWanted(db: Db): Promise<boolean> {
  const { rows } = await sql<{ is_wanted: boolean }>`
    select exists(select from job where state = 'queued' and line is not null)
      or exists(select from job where state = 'queued' and cancel_requested_at is not null)
      or exists(select from reservation where ends_at > now()) as is_wanted`.execute(db);
  return rows[0]!.is_wanted;
}

/** What runs, on the nodes and on engines. */
export function runningJobs(db: Db): Promise<PolicyRow[]> {
  return db.selectFrom('job').select(COLUMNS).where('state', '=', 'running').execute();
}

export async function isWaitingFor(db: Db, engine: string): Promise<boolean> {
  const row = await db.selectFrom('job').select('id').where('state', '=', 'queued').where('engine', '=', engine).where('not_before', '<=', sql<Date>`now()`).limit(1).executeTakeFirst();
  return row !== undefined;
}

/** The first `perProject` jobs of every project that may go to the engine now; walks the index from project to project, as headsOfLines does. */
export async function headsForEngine(db: Db, engine: string, perProject: number): Promise<JobRow[]> {
  const queued = sql`state = 'queued' and engine = ${engine}`;
  const { rows } = await sql<JobRow>`
    with recursive projects as (
      (select project from job where ${queued} order by project limit 1)
      union all
      select (select job.project from job where ${queued} and job.project > projects.project order by job.project limit 1) from projects where projects.project is not null
    )
    select job.* from projects cross join lateral (
      select * from job where job.project = projects.project and ${queued} and not_before <= now() and cancel_requested_at is null order by rank, id limit ${perProject}
    ) job where projects.project is not null`.execute(db);
  return rows;
}

export interface SceneRows {
  nodes: (Selectable<NodeTable> & { is_here: boolean; is_fresh: boolean })[];
  quotas: Selectable<ProjectQuotaTable>[];
  usage: Selectable<ProjectUsageTable>[];
  reservations: Selectable<ReservationTable>[];
  licences: { name: string; total: number }[];
  settings: ChangedSettings;
  /** Jobs a person cancelled while they waited. */
  cancelled: string[];
}

/** The small tables a round looks at, in one statement; the caller's own node is there however long it is gone. */
export async function sceneRows(db: Db, ownNode: string): Promise<SceneRows> {
  const { rows } = await sql<SceneRows>`
    select
      (select coalesce(json_agg(n order by n.id), '[]') from (
        select *, seen_at > ${before(NODE_SEEN_MS)} as is_here, seen_at > ${before(NODE_FRESH_MS)} as is_fresh from node where id = ${ownNode} or seen_at > ${before(NODE_GONE_MS)}
      ) n) as nodes,
      (select coalesce(json_agg(q), '[]') from project_quota q) as quotas,
      (select coalesce(json_agg(u), '[]') from project_usage u) as usage,
      (select coalesce(json_agg(r), '[]') from reservation r where ends_at > now()) as reservations,
      (select coalesce(json_agg(l), '[]') from licence l) as licences,
      (select row_to_json(s) from policy_settings s) as settings,
      array(select id::text from job where state = 'queued' and cancel_requested_at is not null limit 500) as cancelled`.execute(db);
  return rows[0]!;
}

/** The same for a claim: who claims is there, and says so where its last word is old, or its node was removed meanwhile. */
export async function rowsOfClaim(tx: Tx, node: OwnNode): Promise<SceneRows> {
  const rows = await sceneRows(tx, node.id);
  const own = rows.nodes.find(n => n.id === node.id);
  if (own?.is_fresh) {
    return rows;
  }
  await nodeSeen(tx, node);
  return own ? rows : sceneRows(tx, node.id);
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

/** The node a daemon gives out. */
export type OwnNode = Pick<ClusterNode, 'id' | 'name' | 'cpus' | 'memoryBytes' | 'scratchBytes' | 'devices'>;

/** The node is here, also where somebody removed it while it was away. */
export async function nodeSeen(db: Db, node: OwnNode): Promise<void> {
  const values = { name: node.name, cpus: node.cpus, memory_bytes: node.memoryBytes, scratch_bytes: node.scratchBytes, devices: JSON.stringify(node.devices) };
  await db
    .insertInto('node')
    .values({ id: node.id, ...values })
    .onConflict(c => c.column('id').doUpdateSet({ ...values, seen_at: sql<Date>`now()` }))
    .execute();
}

/** How busy the node's GPUs are, by their ids. */
export async function setGpuLoad(db: Db, id: string, load: Record<string, GpuUse>): Promise<void> {
  await db.updateTable('node').set({ gpu_load: Object.keys(load).length === 0 ? null : JSON.stringify(load) }).where('id', '=', id).execute();
}

/** How busy the GPUs of all nodes are, by their ids; nothing of nodes that are away. */
export async function gpuLoads(db: Db): Promise<Map<string, GpuUse>> {
  const rows = await db.selectFrom('node').select('gpu_load').where('gpu_load', 'is not', null).where('seen_at', '>', before(NODE_SEEN_MS)).execute();
  return new Map(rows.flatMap(row => Object.entries(row.gpu_load!)));
}

/** The node takes no more jobs until it is back, as one that is silent; a drain is remembered. */
export async function nodeAway(db: Db, id: string): Promise<void> {
  await db.updateTable('node').set({ seen_at: before(NODE_SEEN_MS) }).where('id', '=', id).execute();
}

/** Forgets a node that is away; false when it is here, or was not known. */
export async function removeNode(tx: Tx, id: string): Promise<boolean> {
  const done = await tx.deleteFrom('node').where('id', '=', id).where('seen_at', '<=', before(NODE_SEEN_MS)).executeTakeFirst();
  return done.numDeletedRows > 0n;
}

/**
 * Adds to what projects used what their jobs held that run no more, each once:
 * done at a claim, for many at a time. As each job ended, all ends of a project
 * would wait for its one row.
 */
export async function chargeProjects(tx: Tx): Promise<void> {
  const { halfLifeMs } = await policySettings(tx);
  await sql`
    with due as (
      select id, project, cost, started_at, coalesce(ended_at, least(now(), not_before)) as until from job where cost > 0 and state <> 'running' for update skip locked
    ), done as (update job set cost = 0 from due where job.id = due.id)
    insert into project_usage (project, value, at)
    -- The integral of the fading cost, as usageOf has it.
    select project, sum(cost * ${halfLifeMs} / ln(2::float8) * (1 - power(0.5, greatest(0, extract(epoch from until - started_at)::float8) * 1000 / ${halfLifeMs}))), now()
    from due where started_at is not null group by project order by project
    on conflict (project) do update set
      value = project_usage.value * power(0.5, greatest(0, extract(epoch from now() - project_usage.at)) * 1000 / ${halfLifeMs}) + excluded.value, at = now()`.execute(tx);
}

/** Keeps what the last twenty successful runs of a step took; the newest come first in `taken` too. */
export async function recordHistory(db: Db, label: string, taken: Taken): Promise<void> {
  const { durationsMs, peaksBytes, askedBytes, gpuPeaksBytes, gpuPercents, gpuMemoryBytes, askedGpus, peakCell } = taken;
  await sql`
    insert into job_history (label, durations_ms, peaks_bytes, asked_bytes, gpu_peaks_bytes, gpu_percents, gpu_memory_bytes, asked_gpus, peak_cell)
    values (${label}, ${durationsMs}::bigint[], ${peaksBytes}::bigint[], ${askedBytes}, ${gpuPeaksBytes}::bigint[], ${gpuPercents}::real[], ${gpuMemoryBytes}, ${askedGpus}, ${peakCell})
    on conflict (label) do update set
      durations_ms = (excluded.durations_ms || job_history.durations_ms)[1:20],
      peaks_bytes = (excluded.peaks_bytes || job_history.peaks_bytes)[1:20],
      gpu_peaks_bytes = (excluded.gpu_peaks_bytes || job_history.gpu_peaks_bytes)[1:20],
      gpu_percents = (excluded.gpu_percents || job_history.gpu_percents)[1:20],
      gpu_memory_bytes = excluded.gpu_memory_bytes, asked_gpus = excluded.asked_gpus, peak_cell = excluded.peak_cell,
      asked_bytes = excluded.asked_bytes, updated_at = now()`.execute(db);
}

export function historyOf(db: Db, labels: string[]): Promise<Pick<Selectable<JobHistoryTable>, 'label' | 'durations_ms'>[]> {
  return labels.length === 0 ? Promise.resolve([]) : db.selectFrom('job_history').select(['label', 'durations_ms']).where('label', 'in', labels).execute();
}

const before = (ms: number) => sql<Date>`now() - ${ms} * interval '1 millisecond'`;
