import type { Db } from '../database';
import type { DatasetRow } from './tables';

export interface NewDataset {
  name: string;
  digest: string;
  sourceType: string;
  source: string;
  schema: string | null;
  profile: string | null;
}

/** Records that a run used a dataset; a dataset is known by experiment, name and digest. */
export async function linkDataset(db: Db, run: { id: string; experiment_id: string }, dataset: NewDataset, tags: { key: string; value: string }[]): Promise<void> {
  const { id } = await db
    .insertInto('dataset')
    .values({ experiment_id: run.experiment_id, name: dataset.name, digest: dataset.digest, source_type: dataset.sourceType, source: dataset.source, schema: dataset.schema, profile: dataset.profile })
    .onConflict(oc => oc.columns(['experiment_id', 'name', 'digest']).doUpdateSet(eb => ({ name: eb.ref('excluded.name') })))
    .returning('id')
    .executeTakeFirstOrThrow();
  await db
    .insertInto('run_dataset')
    .values({ run_id: run.id, dataset_id: id, tags: JSON.stringify(tags) })
    .onConflict(oc => oc.columns(['run_id', 'dataset_id']).doNothing())
    .execute();
}

export async function linkModel(db: Db, link: { run_id: string; model_id: string; role: 'input' | 'output'; step: string }): Promise<void> {
  await db.insertInto('run_model').values(link).onConflict(oc => oc.columns(['run_id', 'model_id', 'role']).doUpdateSet({ step: link.step })).execute();
}

export function datasetsOf(db: Db, runIds: readonly string[]): Promise<(DatasetRow & { run_id: string; input_tags: { key: string; value: string }[] })[]> {
  return runIds.length === 0
    ? Promise.resolve([])
    : db.selectFrom('run_dataset').innerJoin('dataset', 'dataset.id', 'run_dataset.dataset_id').selectAll('dataset').select(['run_dataset.run_id', 'run_dataset.tags as input_tags']).where('run_dataset.run_id', 'in', runIds).orderBy('dataset.id').execute();
}

export function modelsOfRuns(db: Db, runIds: readonly string[]): Promise<{ run_id: string; model_id: string; role: 'input' | 'output'; step: string }[]> {
  return runIds.length === 0 ? Promise.resolve([]) : db.selectFrom('run_model').selectAll().where('run_id', 'in', runIds).orderBy('model_id').execute();
}
