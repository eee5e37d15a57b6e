import type { Db } from '../database';
import type { ExperimentRow, Lifecycle } from './tables';

export function findExperiment(db: Db, id: string): Promise<ExperimentRow | undefined> {
  return db.selectFrom('experiment').selectAll().where('id', '=', id).executeTakeFirst();
}

export function findExperimentByName(db: Db, name: string): Promise<ExperimentRow | undefined> {
  return db.selectFrom('experiment').selectAll().where('name', '=', name).executeTakeFirst();
}

/** The new row, or undefined where the name is taken. Its own id stands in the artifact location. */
export async function insertExperiment(db: Db, experiment: { name: string; artifactLocation: string | null; now: number }): Promise<ExperimentRow | undefined> {
  const row = await db
    .insertInto('experiment')
    .values({ name: experiment.name, artifact_location: experiment.artifactLocation ?? '', creation_time: experiment.now, last_update_time: experiment.now })
    .onConflict(oc => oc.column('name').doNothing())
    .returningAll()
    .executeTakeFirst();
  if (!row || row.artifact_location !== '') {
    return row;
  }
  return db.updateTable('experiment').set({ artifact_location: `mlflow-artifacts:/${row.id}` }).where('id', '=', row.id).returningAll().executeTakeFirstOrThrow();
}

export async function updateExperiment(db: Db, id: string, change: { name?: string; lifecycle_stage?: Lifecycle; last_update_time: number }): Promise<void> {
  await db.updateTable('experiment').set(change).where('id', '=', id).execute();
}

export function experimentTags(db: Db, ids: readonly string[]): Promise<{ experiment_id: string; key: string; value: string }[]> {
  return ids.length === 0 ? Promise.resolve([]) : db.selectFrom('experiment_tag').selectAll().where('experiment_id', 'in', ids).orderBy('key').execute();
}

export async function upsertExperimentTag(db: Db, experiment_id: string, key: string, value: string): Promise<void> {
  await db
    .insertInto('experiment_tag')
    .values({ experiment_id, key, value })
    .onConflict(oc => oc.columns(['experiment_id', 'key']).doUpdateSet({ value }))
    .execute();
}

export async function deleteExperimentTag(db: Db, experimentId: string, key: string): Promise<boolean> {
  const { numDeletedRows } = await db.deleteFrom('experiment_tag').where('experiment_id', '=', experimentId).where('key', '=', key).executeTakeFirst();
  return numDeletedRows > 0n;
}
