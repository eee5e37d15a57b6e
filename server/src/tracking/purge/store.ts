import { sql } from 'kysely';
import type { Db, Tx } from '../../database';

export interface DeletedRun {
  id: string;
  experiment_id: string;
  artifact_uri: string;
}

export interface LoggedModel {
  id: string;
  experiment_id: string;
  source_run_id: string | null;
  artifact_location: string;
}

/** Which deleted runs: of these experiments or of all, deleted before a moment. */
export interface Purgeable {
  experimentIds: readonly string[] | null;
  beforeMs: number;
}

/** Deleted runs that no live session belongs to, the next so many by id. */
export async function purgeableRuns(db: Db, which: Purgeable, afterId: string, limit: number): Promise<DeletedRun[]> {
  const { rows } = await sql<DeletedRun>`
    select id, experiment_id, artifact_uri from run
    where lifecycle_stage = 'deleted' and coalesce(deleted_time, 0) <= ${which.beforeMs}::int8 and id > ${afterId}
      ${which.experimentIds === null ? sql`` : sql`and experiment_id = any(${which.experimentIds}::int8[])`}
      and not exists (select from session s where s.run_id = run.id and s.status = 'running')
    order by id limit ${limit}`.execute(db);
  return rows;
}

/** Those of the runs that are still deleted, locked: one that is restored now waits and finds nothing, one restored before stays. */
export async function lockDeleted(tx: Tx, ids: readonly string[], beforeMs: number): Promise<DeletedRun[]> {
  const { rows } = await sql<DeletedRun>`
    select id, experiment_id, artifact_uri from run
    where id = any(${ids}::text[]) and lifecycle_stage = 'deleted' and coalesce(deleted_time, 0) <= ${beforeMs}::int8 order by id for update`.execute(tx);
  return rows;
}

/** Models that the runs logged, with where their files lie. */
export function modelsOf(db: Db, runIds: readonly string[]): Promise<LoggedModel[]> {
  return runIds.length === 0 ? Promise.resolve([]) : db.selectFrom('logged_model').select(['id', 'experiment_id', 'source_run_id', 'artifact_location']).where('source_run_id', 'in', runIds).execute();
}

export function modelsOfExperiments(db: Db, experimentIds: readonly string[]): Promise<LoggedModel[]> {
  return experimentIds.length === 0 ? Promise.resolve([]) : db.selectFrom('logged_model').select(['id', 'experiment_id', 'source_run_id', 'artifact_location']).where('experiment_id', 'in', experimentIds).execute();
}

/** Removes the runs with all that is only theirs; what they measured, their tags and params go with the row. */
export async function deleteRuns(tx: Tx, ids: readonly string[], modelIds: readonly string[]): Promise<void> {
  await deleteModels(tx, modelIds);
  await tx.deleteFrom('trial_metric').where('trial_id', 'in', ids).execute();
  await tx.updateTable('cell_execution').set({ trial_id: null }).where('trial_id', 'in', ids).execute();
  await tx.deleteFrom('trial').where('run_id', 'in', ids).execute();
  await deleteSessions(tx, ids);
  await tx.deleteFrom('run').where('id', 'in', ids).execute();
}

export async function deleteModels(tx: Tx, ids: readonly string[]): Promise<void> {
  if (ids.length > 0) {
    await tx.deleteFrom('run_model').where('model_id', 'in', ids).execute();
    await tx.deleteFrom('logged_model').where('id', 'in', ids).execute();
  }
}

/** Sessions whose run goes, unless cells of theirs are the source of a trial that stays. */
async function deleteSessions(tx: Tx, runIds: readonly string[]): Promise<void> {
  const { rows } = await sql<{ id: string }>`
    select s.id from session s where s.run_id = any(${runIds}::text[]) and not exists (select from trial t where t.session_id = s.id)`.execute(tx);
  const ids = rows.map(row => row.id);
  if (ids.length > 0) {
    await tx.deleteFrom('cell_execution').where('session_id', 'in', ids).execute();
    await tx.deleteFrom('hook_record').where('session_id', 'in', ids).execute();
    await tx.deleteFrom('session').where('id', 'in', ids).execute();
  }
}

/** Deleted experiments without a run; MLflow’s first one stays. */
export async function emptyExperiments(db: Db, which: Purgeable): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select id from experiment e where lifecycle_stage = 'deleted' and last_update_time <= ${which.beforeMs}::int8 and id <> 0
      ${which.experimentIds === null ? sql`` : sql`and id = any(${which.experimentIds}::int8[])`}
      and not exists (select from run r where r.experiment_id = e.id) order by id`.execute(db);
  return rows.map(row => row.id);
}

/** Removes those of the experiments that are still deleted and empty; tells which. */
export async function deleteExperiments(tx: Tx, ids: readonly string[]): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    delete from experiment e where id = any(${ids}::int8[]) and lifecycle_stage = 'deleted' and not exists (select from run r where r.experiment_id = e.id) returning id`.execute(tx);
  return rows.map(row => row.id);
}
