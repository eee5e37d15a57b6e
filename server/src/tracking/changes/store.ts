import { sql } from 'kysely';
import type { Db, Tx } from '../../database';
import type { Lifecycle, RunRow } from '../tables';

export type LockedRun = Pick<RunRow, 'id' | 'experiment_id' | 'name' | 'lifecycle_stage'>;

/** The runs, locked in one order whoever asks: changes that meet wait for each other. */
export function lockRuns(tx: Tx, ids: readonly string[]): Promise<LockedRun[]> {
  return tx.selectFrom('run').select(['id', 'experiment_id', 'name', 'lifecycle_stage']).where('id', 'in', ids).orderBy('id').forUpdate().execute();
}

/** The runs with all that are within them, at any depth. */
export async function withDescendants(db: Db, ids: readonly string[]): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    with recursive within(id) as (
      select unnest(${ids}::text[])
      union
      select t.run_id from within join run_tag t on t.key = 'mlflow.parentRunId' and left(t.value, 100) = within.id and t.value = within.id
    )
    select id from within`.execute(db);
  return rows.map(row => row.id);
}

export async function setStage(tx: Tx, ids: readonly string[], stage: Lifecycle, now: number): Promise<void> {
  await tx.updateTable('run').set({ lifecycle_stage: stage, deleted_time: stage === 'deleted' ? now : null }).where('id', 'in', ids).execute();
}

/** Puts runs into an experiment, with what of them hangs on it: their datasets and logged models. Their files stay where they are. */
export async function moveRuns(tx: Tx, ids: readonly string[], experimentId: string): Promise<void> {
  await tx.updateTable('run').set({ experiment_id: experimentId }).where('id', 'in', ids).execute();
  await tx.updateTable('logged_model').set({ experiment_id: experimentId }).where('source_run_id', 'in', ids).execute();
  await tx.updateTable('session').set({ experiment_id: experimentId }).where('run_id', 'in', ids).execute();
  // A dataset belongs to its experiment: the new one gets its own.
  await sql`
    insert into dataset (experiment_id, name, digest, source_type, source, schema, profile)
    select distinct on (d.name, d.digest) ${experimentId}::int8, d.name, d.digest, d.source_type, d.source, d.schema, d.profile
    from run_dataset r join dataset d on d.id = r.dataset_id where r.run_id = any(${ids}::text[])
    on conflict (experiment_id, name, digest) do nothing`.execute(tx);
  await sql`
    update run_dataset r set dataset_id = n.id
    from dataset d join dataset n on n.experiment_id = ${experimentId}::int8 and n.name = d.name and n.digest = d.digest
    where d.id = r.dataset_id and r.run_id = any(${ids}::text[])`.execute(tx);
}

/** Those of the tags that the runs have. */
export function tagsAmong(db: Db, ids: readonly string[], keys: readonly string[]): Promise<{ run_id: string; key: string; value: string }[]> {
  return db.selectFrom('run_tag').selectAll().where('run_id', 'in', ids).where('key', 'in', keys).execute();
}

export async function setTags(tx: Tx, ids: readonly string[], tags: Readonly<Record<string, string | null>>): Promise<void> {
  const gone = Object.keys(tags).filter(key => tags[key] === null);
  const kept = Object.entries(tags).filter((pair): pair is [string, string] => pair[1] !== null);
  if (gone.length > 0) {
    await tx.deleteFrom('run_tag').where('run_id', 'in', ids).where('key', 'in', gone).execute();
  }
  await sql`
    insert into run_tag (run_id, key, value)
    select id, key, value from unnest(${ids}::text[]) as r(id), unnest(${kept.map(([key]) => key)}::text[], ${kept.map(([, value]) => value)}::text[]) as t(key, value) order by id, key
    on conflict (run_id, key) do update set value = excluded.value`.execute(tx);
}
