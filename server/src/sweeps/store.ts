import type { SweepState, SweepTrialState } from '@slipway/schema';
import { sql, type Insertable, type RawBuilder, type Updateable } from 'kysely';
import type { Db, Tx } from '../database';
import type { SweepRow, SweepTable, SweepTrialTable, TrialAttrs, TrialRow } from './tables';

export async function insertSweep(tx: Tx, row: Insertable<SweepTable>): Promise<void> {
  await tx.insertInto('sweep').values(row).execute();
}

export function sweepById(db: Db, id: string): Promise<SweepRow | undefined> {
  return db.selectFrom('sweep').selectAll().where('id', '=', id).executeTakeFirst();
}

export function sweepsById(db: Db, ids: readonly string[]): Promise<SweepRow[]> {
  return ids.length === 0 ? Promise.resolve([]) : db.selectFrom('sweep').selectAll().where('id', 'in', ids).execute();
}

export function lockSweep(tx: Tx, id: string): Promise<SweepRow | undefined> {
  return tx.selectFrom('sweep').selectAll().where('id', '=', id).forUpdate().executeTakeFirst();
}

export async function updateSweep(tx: Tx, id: string, set: Updateable<SweepTable>): Promise<void> {
  await tx.updateTable('sweep').set(set).where('id', '=', id).execute();
}

export async function deleteSweep(tx: Tx, id: string): Promise<void> {
  await tx.deleteFrom('sweep').where('id', '=', id).execute();
}

export async function countSweeps(db: Db, pipeline: string): Promise<number> {
  const { count } = await db.selectFrom('sweep').select(eb => eb.fn.countAll<string>().as('count')).where('pipeline', '=', pipeline).executeTakeFirstOrThrow();
  return Number(count);
}

/** Those that may have something to do. */
export function activeSweeps(db: Db): Promise<SweepRow[]> {
  return db.selectFrom('sweep').selectAll().where('state', 'in', ['running', 'paused', 'stopping']).orderBy('created_at').execute();
}

/** Newest first, behind the cursor. */
export function listSweeps(db: Db, query: { limit: number; pipeline?: string; state?: SweepState }, after: { createdAt: Date; id: string } | null): Promise<SweepRow[]> {
  return db
    .selectFrom('sweep')
    .selectAll()
    .$if(query.pipeline !== undefined, qb => qb.where('pipeline', '=', query.pipeline!))
    .$if(query.state !== undefined, qb => qb.where('state', '=', query.state!))
    .$if(after !== null, qb => qb.where(eb => eb(eb.refTuple('created_at', 'id'), '<', eb.tuple(after!.createdAt, after!.id))))
    .orderBy('created_at', 'desc')
    .orderBy('id', 'desc')
    .limit(query.limit)
    .execute();
}

export async function insertTrial(tx: Tx, row: Insertable<SweepTrialTable>): Promise<void> {
  await tx.insertInto('sweep_trial').values(row).execute();
}

export async function updateTrial(db: Db, at: { sweepId: string; number: number }, set: Updateable<SweepTrialTable>): Promise<void> {
  await db.updateTable('sweep_trial').set(set).where('sweep_id', '=', at.sweepId).where('number', '=', at.number).execute();
}

/** Takes a trial that waits for its run; false when it was taken. */
export async function takeTrial(tx: Tx, at: { sweepId: string; number: number }, set: { state: 'running'; run_id: string } | { state: 'failed' | 'cancelled'; error: string | null; ended_at: Date }): Promise<boolean> {
  const done = await tx.updateTable('sweep_trial').set(set).where('sweep_id', '=', at.sweepId).where('number', '=', at.number).where('state', '=', 'waiting').executeTakeFirst();
  return done.numUpdatedRows > 0n;
}

/** Ends a trial that runs; false when it had ended. */
export async function endTrial(tx: Tx, at: { sweepId: string; number: number }, set: { state: SweepTrialState; value: number | null; error: string | null; ended_at: Date }): Promise<boolean> {
  const done = await tx.updateTable('sweep_trial').set(set).where('sweep_id', '=', at.sweepId).where('number', '=', at.number).where('state', '=', 'running').executeTakeFirst();
  return done.numUpdatedRows > 0n;
}

/** Marks a running trial as one to be stopped; false when it has ended, or was marked. */
export async function markPruned(tx: Tx, at: { sweepId: string; number: number }, attrs: TrialAttrs): Promise<boolean> {
  const done = await tx
    .updateTable('sweep_trial')
    .set({ is_pruned: true, attrs: JSON.stringify(attrs) })
    .where('sweep_id', '=', at.sweepId)
    .where('number', '=', at.number)
    .where('state', '=', 'running')
    .where('is_pruned', '=', false)
    .executeTakeFirst();
  return done.numUpdatedRows > 0n;
}

/** Trials whose run is to be made, or is not known to be over. */
export async function openTrials(db: Db, sweepId: string): Promise<OpenTrial[]> {
  const { rows } = await sql<OpenTrial>`
    select t.number, t.params, t.state, t.run_id, t.is_pruned, r.status, r.metrics, r.error, r.ended_at
    from sweep_trial t left join pipeline_run r on r.id = t.run_id
    where t.sweep_id = ${sweepId} and t.state in ('waiting', 'running') order by t.number`.execute(db);
  return rows;
}
export interface OpenTrial {
  number: number;
  params: TrialRow['params'];
  state: 'waiting' | 'running';
  run_id: string | null;
  is_pruned: boolean;
  /** Of its run; null where there is none (any more). */
  status: 'queued' | 'running' | 'cancelling' | 'succeeded' | 'failed' | 'cancelled' | null;
  metrics: Record<string, number | string> | null;
  error: string | null;
  ended_at: Date | null;
}

export async function countTrials(db: Db, sweepId: string): Promise<{ asked: number; open: number }> {
  const { rows } = await sql<{ asked: number; open: number }>`
    select count(*)::int as asked, (count(*) filter (where state in ('waiting', 'running')))::int as open from sweep_trial where sweep_id = ${sweepId}`.execute(db);
  return rows[0]!;
}

/** How many trials of each sweep stand where. */
export async function countsOf(db: Db, ids: readonly string[]): Promise<{ sweep_id: string; state: SweepTrialState; count: number }[]> {
  if (ids.length === 0) {
    return [];
  }
  const { rows } = await sql<{ sweep_id: string; state: SweepTrialState; count: number }>`
    select sweep_id, state, count(*)::int as count from sweep_trial where sweep_id = any(${ids}::uuid[]) group by 1, 2`.execute(db);
  return rows;
}

/** A trial with what is shown of it. */
export interface ShownTrial extends Pick<TrialRow, 'sweep_id' | 'number' | 'params' | 'state' | 'run_id' | 'value' | 'error' | 'created_at'> {
  mlflow_run_id: string | null;
  started_at: Date | null;
  run_ended_at: Date | null;
  last_step: string | null;
  last_value: number | null;
}

const SHOWN = sql`
  t.sweep_id, t.number, t.params, t.state, t.run_id, t.value, t.error, t.created_at, r.mlflow_run_id, r.started_at, r.ended_at as run_ended_at, l.step as last_step, l.value as last_value
  from sweep_trial t left join pipeline_run r on r.id = t.run_id
  left join lateral (select step, value from sweep_report p where p.sweep_id = t.sweep_id and p.number = t.number order by step desc limit 1) l on true`;

/** In the order they were asked, behind `after`. */
export async function trialsOf(db: Db, sweepId: string, limit: number, after: number): Promise<ShownTrial[]> {
  const { rows } = await sql<ShownTrial>`select ${SHOWN} where t.sweep_id = ${sweepId} and t.number > ${after} order by t.number limit ${limit}`.execute(db);
  return rows;
}

/** The best of each sweep; the earliest of those that are as good. */
export async function bestOf(db: Db, ids: readonly string[]): Promise<ShownTrial[]> {
  if (ids.length === 0) {
    return [];
  }
  const { rows } = await sql<ShownTrial>`
    select b.* from unnest(${ids}::uuid[]) as ids (id) join sweep s on s.id = ids.id
    cross join lateral (
      select ${SHOWN} where t.sweep_id = s.id and t.state = 'succeeded'
      order by case when s.spec #>> '{objective,direction}' = 'minimize' then t.value else -t.value end, t.number limit 1
    ) b`.execute(db);
  return rows;
}

/** A trial as the optimizer learns from it, with those of its points that count. */
export interface PastTrial {
  number: number;
  params: TrialRow['params'];
  attrs: TrialAttrs;
  state: SweepTrialState;
  value: number | null;
  points: [number, number | string][];
}

/** All trials in their order, with no more of their points than a sampler looks at: where the pruned ones stopped. */
export function historyToAsk(db: Db, sweepId: string): Promise<PastTrial[]> {
  return history(db, sweepId, sql`t.state = 'pruned' and p.step = (select max(step) from sweep_report l where l.sweep_id = t.sweep_id and l.number = t.number)`);
}

/** All trials in their order, with the points a pruner looks at: all of the trial's own, and the others' at these steps. */
export function historyToJudge(db: Db, sweepId: string, number: number, steps: readonly number[]): Promise<PastTrial[]> {
  return history(db, sweepId, sql`(t.number = ${number} or p.step = any(${steps}::bigint[]))`);
}

async function history(db: Db, sweepId: string, isWanted: RawBuilder<unknown>): Promise<PastTrial[]> {
  // JSON cannot hold NaN and the infinities: they go as text.
  const { rows } = await sql<PastTrial>`
    select t.number, t.params, t.attrs, t.state, t.value,
      coalesce((select jsonb_agg(jsonb_build_array(p.step, case when p.value = 'NaN' or abs(p.value) = 'Infinity' then to_jsonb(p.value::text) else to_jsonb(p.value) end) order by p.step)
        from sweep_report p where p.sweep_id = t.sweep_id and p.number = t.number and ${isWanted}), '[]') as points
    from sweep_trial t where t.sweep_id = ${sweepId} order by t.number`.execute(db);
  return rows;
}

export interface TrialOfRun {
  sweep_id: string;
  number: number;
  metric: string;
  pruner: string;
}

/** The trial a run is of, while it runs. */
export async function trialOfRun(db: Db, runId: string): Promise<TrialOfRun | undefined> {
  const { rows } = await sql<TrialOfRun>`
    select t.sweep_id, t.number, s.spec #>> '{objective,metric}' as metric, s.spec #>> '{pruner,kind}' as pruner
    from sweep_trial t join sweep s on s.id = t.sweep_id where t.run_id = ${runId}`.execute(db);
  return rows[0];
}

/** Keeps what is new; gives the steps that were. */
export async function insertReports(tx: Tx, at: { sweepId: string; number: number }, points: readonly { step: number; value: number }[]): Promise<number[]> {
  const { rows } = await sql<{ step: string }>`
    insert into sweep_report (sweep_id, number, step, value)
    select ${at.sweepId}, ${at.number}, step, value from unnest(${points.map(p => p.step)}::bigint[], ${points.map(p => String(p.value))}::float8[]) as p (step, value)
    on conflict do nothing returning step`.execute(tx);
  return rows.map(r => Number(r.step));
}

export async function reportsOf(db: Db, at: { sweepId: string; number: number }): Promise<{ step: number; value: number }[]> {
  const rows = await db.selectFrom('sweep_report').select(['step', 'value']).where('sweep_id', '=', at.sweepId).where('number', '=', at.number).orderBy('step').limit(10_000).execute();
  return rows.map(r => ({ step: Number(r.step), value: r.value }));
}

/** Of the trials that ended after `from`: how many failed since the last that did not, and how many succeeded since the best. */
export async function streaks(db: Db, sweep: Pick<SweepRow, 'id' | 'judged_from' | 'spec'>): Promise<{ failures: number; noBetter: number }> {
  const better = sql.raw(sweep.spec.objective.direction === 'minimize' ? 'value asc' : 'value desc');
  const { rows } = await sql<{ failures: number; noBetter: number }>`
    with ended as (select number, state, value, ended_at from sweep_trial where sweep_id = ${sweep.id} and ended_at is not null),
      best as (select ended_at, number from ended where state = 'succeeded' order by ${better}, number limit 1)
    select
      (select count(*)::int from ended where state = 'failed' and ended_at > ${sweep.judged_from}
        and ended_at > coalesce((select max(ended_at) from ended where state in ('succeeded', 'pruned')), '-infinity')) as failures,
      (select count(*)::int from ended where state in ('succeeded', 'pruned') and ended_at > ${sweep.judged_from}
        and (ended_at, number) > (select ended_at, number from best)) as "noBetter"`.execute(db);
  return rows[0]!;
}

/** Those of the MLflow runs that are a sweep's own while it is not over. */
export async function runsOfActiveSweeps(from: Db, mlflowRunIds: readonly string[]): Promise<string[]> {
  const rows = mlflowRunIds.length === 0 ? [] : await from.selectFrom('sweep').select('mlflow_run_id').where('mlflow_run_id', 'in', mlflowRunIds).where('state', 'in', ['running', 'paused', 'stopping']).execute();
  return rows.map(row => row.mlflow_run_id);
}

/** Trials of sweeps that ended with a value, oldest first. */
export async function succeededTrials(db: Db, ids: readonly string[], limit: number): Promise<Pick<TrialRow, 'params' | 'value'>[]> {
  return ids.length === 0 ? [] : db.selectFrom('sweep_trial').select(['params', 'value']).where('sweep_id', 'in', ids).where('state', '=', 'succeeded').orderBy('created_at').orderBy('number').limit(limit).execute();
}

/** Metrics the newest successful run of exactly this content gave; null where it never ran. */
export async function knownMetrics(db: Db, pipeline: string, contentHash: string): Promise<string[] | null> {
  const row = await db.selectFrom('pipeline_run').select('metrics').where('pipeline', '=', pipeline).where('content_hash', '=', contentHash).where('status', '=', 'succeeded').orderBy('created_at', 'desc').limit(1).executeTakeFirst();
  return row ? Object.keys(row.metrics) : null;
}
