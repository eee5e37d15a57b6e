import { sql, type Insertable, type Updateable } from 'kysely';
import { allAtOnce, type Change, type Db, type Tx } from '../database';
import type { PipelineContent } from './content';
import type { Changes } from './live-run';
import type { Cursor } from './paging';
import type { PipelineRunTable, RunRow, StepRow, StepRunTable } from './tables';

export async function insertContent(tx: Tx, hash: string, content: PipelineContent): Promise<void> {
  await tx.insertInto('pipeline_content').values({ hash, content: JSON.stringify(content) }).onConflict(oc => oc.column('hash').doNothing()).execute();
}

export async function contentByHash(db: Db, hash: string): Promise<PipelineContent> {
  const row = await db.selectFrom('pipeline_content').select('content').where('hash', '=', hash).executeTakeFirstOrThrow();
  return row.content;
}

export async function insertRun(tx: Tx, run: Insertable<PipelineRunTable>, steps: Insertable<StepRunTable>[], others: Record<string, Change>): Promise<void> {
  await allAtOnce<string>(tx, { run: tx.insertInto('pipeline_run').values(run).returning('id'), steps: tx.insertInto('step_run').values(steps).returning('ordinal'), ...others });
}

export function runById(db: Db, id: string): Promise<RunRow | undefined> {
  return db.selectFrom('pipeline_run').selectAll().where('id', '=', id).executeTakeFirst();
}

export function stepsOf(db: Db, runId: string): Promise<StepRow[]> {
  return db.selectFrom('step_run').selectAll().where('run_id', '=', runId).orderBy('ordinal').execute();
}

export function stepByName(db: Db, runId: string, name: string): Promise<StepRow | undefined> {
  return db.selectFrom('step_run').selectAll().where('run_id', '=', runId).where('name', '=', name).executeTakeFirst();
}

/** Steps of many runs without their results, which lists do not show. */
export function stepSummaries(db: Db, runIds: string[]) {
  return runIds.length === 0
    ? Promise.resolve([])
    : db
        .selectFrom('step_run')
        .leftJoin('job', 'job.id', 'step_run.job_id')
        .select(['step_run.run_id', 'step_run.ordinal', 'step_run.name', 'step_run.kind', 'step_run.status', 'step_run.skipped_because', 'step_run.map_total', 'step_run.map_succeeded', 'step_run.map_failed', 'step_run.cached', 'step_run.cache_note', 'step_run.attempts', 'step_run.job_id', 'step_run.started_at', 'step_run.ended_at', 'step_run.peak_memory_bytes', 'step_run.peak_gpu_memory_bytes', 'step_run.gpu_percent', 'step_run.notebook_digest', 'step_run.error'])
        // While it runs its job knows.
        .select(sql<number | null>`case when step_run.status = 'running' then job.pid else step_run.pid end`.as('pid'))
        .where('step_run.run_id', 'in', runIds)
        .orderBy('step_run.ordinal')
        .execute();
}
export type StepSummary = Awaited<ReturnType<typeof stepSummaries>>[number];

/** Newest first, behind the cursor. Runs of no version are not the pipeline's: those of proofs, and of notebooks of its name. */
export function listRuns(db: Db, pipeline: string, limit: number, after?: Cursor): Promise<RunRow[]> {
  return newestRuns(db, pipeline, limit, after).where('version', '>', 0).execute();
}

/** Runs of a notebook as it stood, newest first, behind the cursor. */
export function listNotebookRuns(db: Db, of: { pipeline: string; path: string }, limit: number, after?: Cursor): Promise<RunRow[]> {
  return newestRuns(db, of.pipeline, limit, after).where('version', '=', 0).where(sql<boolean>`origin #>> '{notebook,path}' = ${of.path}`).execute();
}

function newestRuns(db: Db, pipeline: string, limit: number, after: Cursor | undefined) {
  return db
    .selectFrom('pipeline_run')
    .selectAll()
    .where('pipeline', '=', pipeline)
    .$if(after !== undefined, qb => qb.where(eb => eb(eb.refTuple('created_at', 'id'), '<', eb.tuple(after!.createdAt, after!.id))))
    .orderBy('created_at', 'desc')
    .orderBy('id', 'desc')
    .limit(limit);
}

/** The ten newest runs of each pipeline; trials of a sweep would drown the others. */
export async function recentRuns(db: Db, pipelines: string[]): Promise<Pick<RunRow, 'id' | 'pipeline' | 'status' | 'created_at' | 'started_at' | 'ended_at'>[]> {
  if (pipelines.length === 0) {
    return [];
  }
  const { rows } = await sql<RunRow>`
    select r.* from unnest(${pipelines}::text[]) as p (name)
    cross join lateral (
      select id, pipeline, status, created_at, started_at, ended_at from pipeline_run
      where pipeline = p.name and version > 0 and trigger <> 'sweep' order by created_at desc, id desc limit 10
    ) r`.execute(db);
  return rows;
}

export async function activeRuns(db: Db): Promise<string[]> {
  const rows = await db.selectFrom('pipeline_run').select('id').where('status', 'in', ['queued', 'running', 'cancelling']).execute();
  return rows.map(r => r.id);
}

/** Takes the run from `revision` to the next one; false when somebody else did. */
export async function updateRun(tx: Tx, id: string, revision: number, set: Updateable<PipelineRunTable>): Promise<boolean> {
  return (await nextRevision(tx, id, revision, set).execute()).length > 0;
}

const nextRevision = (tx: Tx, id: string, revision: number, set: Updateable<PipelineRunTable>) =>
  tx
    .updateTable('pipeline_run')
    .set({ ...set, revision: revision + 1 })
    .where('id', '=', id)
    .where('revision', '=', revision)
    .returning('id');

/**
 * Takes the run from `revision` to the next one, with what changed of its steps and what else follows;
 * false when somebody else did, and then nothing of it may stay.
 */
export async function moveRun(tx: Tx, id: string, revision: number, move: { set: Updateable<PipelineRunTable>; changes: Changes; others: Record<string, Change> }): Promise<boolean> {
  const steps = [...move.changes].map(([ordinal, set]) => [`step_${ordinal}`, tx.updateTable('step_run').set(set).where('run_id', '=', id).where('ordinal', '=', ordinal).returning('ordinal')] as const);
  const { run } = await allAtOnce<string>(tx, { ...Object.fromEntries(steps), ...move.others, run: nextRevision(tx, id, revision, move.set) });
  return run === 1;
}

/** Jobs were given out: their steps run, and so do their runs. */
export async function stepsStarted(tx: Tx, jobs: { id: string; attempt: number }[]): Promise<{ run_id: string; name: string; version: number }[]> {
  const { rows } = await sql<{ run_id: string; name: string; version: number }>`
    with begun as (
      update step_run s set status = 'running', started_at = now(), ended_at = null, attempts = j.attempt, log_attempt = j.attempt, pid = null
      from unnest(${jobs.map(j => j.id)}::uuid[], ${jobs.map(j => j.attempt)}::int[]) as j (id, attempt), pipeline_run r
      where s.job_id = j.id and r.id = s.run_id
      returning s.run_id, s.name, r.version
    ), told as (
      update pipeline_run set status = case when status = 'queued' then 'running' else status end, started_at = coalesce(started_at, now())
      where id in (select run_id from begun) and (status = 'queued' or started_at is null)
    )
    select * from begun`.execute(tx);
  return rows;
}

export async function stepRequeued(tx: Tx, jobId: string): Promise<void> {
  await tx.updateTable('step_run').set({ status: 'queued', pid: null }).where('job_id', '=', jobId).execute();
}

/** False when it was late already. */
export async function setLate(tx: Tx, runId: string): Promise<boolean> {
  const done = await tx.updateTable('pipeline_run').set({ is_late: true }).where('id', '=', runId).where('is_late', '=', false).executeTakeFirst();
  return done.numUpdatedRows > 0n;
}

export async function cancelSteps(tx: Tx, runId: string, ordinals: number[]): Promise<void> {
  if (ordinals.length > 0) {
    await tx
      .updateTable('step_run')
      .set({ status: 'cancelled', ended_at: sql<Date>`now()` })
      .where('run_id', '=', runId)
      .where('ordinal', 'in', ordinals)
      .execute();
  }
}

export async function stepName(db: Db, runId: string, ordinal: number): Promise<string> {
  const row = await db.selectFrom('step_run').select('name').where('run_id', '=', runId).where('ordinal', '=', ordinal).executeTakeFirst();
  return row?.name ?? '';
}

/** Runs of the pipeline before this one in which the step gave a result, newest first. */
export async function earlierRunsOfStep(db: Db, run: Pick<RunRow, 'id' | 'pipeline' | 'created_at'>, step: string, limit: number): Promise<string[]> {
  const rows = await db
    .selectFrom('pipeline_run as r')
    .innerJoin('step_run as s', 's.run_id', 'r.id')
    .select('r.id')
    .where('r.pipeline', '=', run.pipeline)
    .where('r.created_at', '<', run.created_at)
    .where('s.name', '=', step)
    .where('s.status', '=', 'succeeded')
    .where('s.cached', '=', false)
    .orderBy('r.created_at', 'desc')
    .limit(limit)
    .execute();
  return rows.map(r => r.id);
}

/** Versions that the run's models became. */
export async function setModels(tx: Tx, id: string, models: RunRow['models']): Promise<void> {
  await tx.updateTable('pipeline_run').set({ models: JSON.stringify(models) }).where('id', '=', id).execute();
}
