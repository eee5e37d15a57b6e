import { sql, type Insertable, type Updateable } from 'kysely';
import type { Db, Tx } from '../database';
import type { ModelVersionRow, ModelVersionTable, RegisteredModelRow } from './tables';

export function findModel(db: Db, name: string): Promise<RegisteredModelRow | undefined> {
  return db.selectFrom('registered_model').selectAll().where('name', '=', name).executeTakeFirst();
}

/** All models by name, but for those with the tag set to `true`. */
export function listModels(db: Db, withoutTag: string): Promise<RegisteredModelRow[]> {
  return db
    .selectFrom('registered_model as m')
    .selectAll('m')
    .where(eb => eb.not(eb.exists(eb.selectFrom('registered_model_tag as t').select('t.key').whereRef('t.model_name', '=', 'm.name').where('t.key', '=', withoutTag).where('t.value', '=', 'true'))))
    .orderBy('name')
    .execute();
}

/** Holds the model until the transaction ends: version numbers are given one by one. */
export function lockModel(tx: Tx, name: string): Promise<RegisteredModelRow | undefined> {
  return tx.selectFrom('registered_model').selectAll().where('name', '=', name).forUpdate().executeTakeFirst();
}

/** False where the name is taken. */
export async function insertModel(db: Db, name: string, description: string, now: number): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await db.insertInto('registered_model').values({ name, description, creation_time: now, last_update_time: now }).onConflict(oc => oc.column('name').doNothing()).executeTakeFirst();
  return (numInsertedOrUpdatedRows ?? 0n) > 0n;
}

export async function updateModel(db: Db, name: string, change: { name?: string; description?: string }, now: number): Promise<void> {
  await db.updateTable('registered_model').set({ ...change, last_update_time: now }).where('name', '=', name).execute();
}

export async function deleteModel(db: Db, name: string): Promise<void> {
  await db.deleteFrom('registered_model').where('name', '=', name).execute();
}

export async function nextVersion(tx: Tx, name: string): Promise<number> {
  const row = await tx.selectFrom('model_version').select(eb => eb.fn.max('version').as('version')).where('model_name', '=', name).executeTakeFirst();
  return Number(row?.version ?? 0) + 1;
}

export function insertVersion(db: Db, version: Insertable<ModelVersionTable>): Promise<ModelVersionRow> {
  return db.insertInto('model_version').values(version).returningAll().executeTakeFirstOrThrow();
}

export function findVersion(db: Db, name: string, version: number): Promise<ModelVersionRow | undefined> {
  return db.selectFrom('model_version').selectAll().where('model_name', '=', name).where('version', '=', version).executeTakeFirst();
}

export function versionsOf(db: Db, name: string): Promise<ModelVersionRow[]> {
  return db.selectFrom('model_version').selectAll().where('model_name', '=', name).orderBy('version', 'desc').execute();
}

export async function updateVersion(db: Db, name: string, version: number, change: Updateable<ModelVersionTable>): Promise<void> {
  await db.updateTable('model_version').set({ ...change, last_update_time: Date.now() }).where('model_name', '=', name).where('version', '=', version).execute();
}

export async function deleteVersion(db: Db, name: string, version: number): Promise<void> {
  await db.deleteFrom('model_version').where('model_name', '=', name).where('version', '=', version).execute();
}

/** Newest version of each stage; the stages in the order of their first versions, as MLflow has them. */
export async function latestPerStage(db: Db, names: readonly string[]): Promise<ModelVersionRow[]> {
  const { rows } = await sql<ModelVersionRow>`
    select * from (
      select distinct on (model_name, current_stage) *, min(version) over (partition by model_name, current_stage) as first_version
      from model_version where model_name = any(${names}) order by model_name, current_stage, version desc) newest
    order by model_name, first_version`.execute(db);
  return rows;
}

export function modelTags(db: Db, names: readonly string[]): Promise<{ model_name: string; key: string; value: string }[]> {
  return names.length === 0 ? Promise.resolve([]) : db.selectFrom('registered_model_tag').selectAll().where('model_name', 'in', names).orderBy('key').execute();
}

export function versionTags(db: Db, names: readonly string[]): Promise<{ model_name: string; version: number; key: string; value: string }[]> {
  return names.length === 0 ? Promise.resolve([]) : db.selectFrom('model_version_tag').selectAll().where('model_name', 'in', names).orderBy('key').execute();
}

export function aliases(db: Db, names: readonly string[]): Promise<{ model_name: string; alias: string; version: number }[]> {
  return names.length === 0 ? Promise.resolve([]) : db.selectFrom('model_alias').selectAll().where('model_name', 'in', names).orderBy('alias').execute();
}

export async function aliasHolder(db: Db, name: string, alias: string): Promise<number | null> {
  return (await db.selectFrom('model_alias').select('version').where('model_name', '=', name).where('alias', '=', alias).executeTakeFirst())?.version ?? null;
}

export async function setModelTag(db: Db, model_name: string, key: string, value: string): Promise<void> {
  await db.insertInto('registered_model_tag').values({ model_name, key, value }).onConflict(oc => oc.columns(['model_name', 'key']).doUpdateSet({ value })).execute();
}

export async function deleteModelTag(db: Db, name: string, key: string): Promise<void> {
  await db.deleteFrom('registered_model_tag').where('model_name', '=', name).where('key', '=', key).execute();
}

export async function setVersionTag(db: Db, model_name: string, version: number, key: string, value: string): Promise<void> {
  await db.insertInto('model_version_tag').values({ model_name, version, key, value }).onConflict(oc => oc.columns(['model_name', 'version', 'key']).doUpdateSet({ value })).execute();
}

export async function deleteVersionTag(db: Db, name: string, version: number, key: string): Promise<void> {
  await db.deleteFrom('model_version_tag').where('model_name', '=', name).where('version', '=', version).where('key', '=', key).execute();
}

export async function setAlias(db: Db, model_name: string, alias: string, version: number): Promise<void> {
  await db.insertInto('model_alias').values({ model_name, alias, version }).onConflict(oc => oc.columns(['model_name', 'alias']).doUpdateSet({ version })).execute();
}

export async function deleteAlias(db: Db, name: string, alias: string): Promise<void> {
  await db.deleteFrom('model_alias').where('model_name', '=', name).where('alias', '=', alias).execute();
}
