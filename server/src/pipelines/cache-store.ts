import type { Insertable } from 'kysely';
import type { Db, Tx } from '../database';
import type { CacheRow, StepCacheTable, StepModelTable } from './tables';

/** Files read may differ from run to run: the newest few results of one base key are looked at. */
const ENTRY_LIMIT = 20;

export function cacheEntries(db: Db, baseKey: string): Promise<CacheRow[]> {
  return db.selectFrom('step_cache').selectAll().where('base_key', '=', baseKey).orderBy('created_at', 'desc').limit(ENTRY_LIMIT).execute();
}

/** The first writer wins: the same key means the same result. `isRenewed`: the one before was too old for who writes. */
export function cacheEntryOf(tx: Tx, entry: Insertable<StepCacheTable>, isRenewed = false) {
  const { step_key: _key, ...set } = entry;
  return tx
    .insertInto('step_cache')
    .values(entry)
    .onConflict(oc => (isRenewed ? oc.column('step_key').doUpdateSet({ ...set, created_at: new Date() }) : oc.column('step_key').doNothing()))
    .returning('step_key');
}

export async function insertCacheEntry(tx: Tx, entry: Insertable<StepCacheTable>, isRenewed = false): Promise<void> {
  await cacheEntryOf(tx, entry, isRenewed).execute();
}

export async function deleteCacheEntry(db: Db, stepKey: string): Promise<void> {
  await db.deleteFrom('step_cache').where('step_key', '=', stepKey).execute();
}

export function stepModels(db: Db, pipeline: string, stepKeys: string[]) {
  return stepKeys.length === 0
    ? Promise.resolve([])
    : db.selectFrom('step_model').selectAll().where('pipeline', '=', pipeline).where('step_key', 'in', stepKeys).execute();
}

export async function upsertStepModel(tx: Tx, model: Insertable<StepModelTable>): Promise<void> {
  await tx
    .insertInto('step_model')
    .values(model)
    .onConflict(oc => oc.columns(['pipeline', 'step_key', 'variable']).doUpdateSet({ model_name: model.model_name, model_version: model.model_version }))
    .execute();
}
