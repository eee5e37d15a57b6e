import { sql, type Insertable, type Updateable } from 'kysely';
import type { Db } from '../database';
import type { RunRow, RunTable } from './tables';

export function insertRun(db: Db, run: Insertable<RunTable>): Promise<RunRow | undefined> {
  return db.insertInto('run').values(run).onConflict(oc => oc.column('id').doNothing()).returningAll().executeTakeFirst();
}

export function findRun(db: Db, id: string): Promise<RunRow | undefined> {
  return db.selectFrom('run').selectAll().where('id', '=', id).executeTakeFirst();
}

export async function updateRun(db: Db, id: string, change: Updateable<RunTable>): Promise<void> {
  if (Object.keys(change).length > 0) {
    await db.updateTable('run').set(change).where('id', '=', id).execute();
  }
}

/** Deletes or restores the runs of an experiment with it. */
export async function setLifecycleOfAll(db: Db, experimentId: string, stage: 'active' | 'deleted', now: number): Promise<void> {
  await db
    .updateTable('run')
    .set({ lifecycle_stage: stage, deleted_time: stage === 'deleted' ? now : null })
    .where('experiment_id', '=', experimentId)
    .execute();
}

interface RunValue {
  run_id: string;
  key: string;
  value: string;
}

export function paramsOf(db: Db, runIds: readonly string[]): Promise<RunValue[]> {
  return runIds.length === 0 ? Promise.resolve([]) : db.selectFrom('run_param').selectAll().where('run_id', 'in', runIds).orderBy('key').execute();
}

export function tagsOf(db: Db, runIds: readonly string[]): Promise<RunValue[]> {
  return runIds.length === 0 ? Promise.resolve([]) : db.selectFrom('run_tag').selectAll().where('run_id', 'in', runIds).orderBy('key').execute();
}

/** Adds params; gives those whose key has another value already (nothing is changed for them). */
export async function insertParams(db: Db, runId: string, params: readonly { key: string; value: string }[]): Promise<{ key: string; value: string }[]> {
  const { keys, values } = columns(params);
  const { numAffectedRows } = await sql`
    insert into run_param (run_id, key, value)
    select ${runId}, key, value from unnest(${keys}::text[], ${values}::text[]) as g(key, value)
    on conflict (run_id, key) do nothing`.execute(db);
  if (numAffectedRows === BigInt(keys.length)) {
    return [];
  }
  // A statement of its own: only a new snapshot sees what another transaction has put there meanwhile.
  const { rows } = await sql<{ key: string; value: string }>`
    select p.key, p.value from unnest(${keys}::text[], ${values}::text[]) as g(key, value)
    join run_param p on p.run_id = ${runId} and p.key = g.key where p.value <> g.value`.execute(db);
  return rows;
}

export async function deleteParams(db: Db, runId: string, keys: readonly string[]): Promise<void> {
  if (keys.length > 0) {
    await db.deleteFrom('run_param').where('run_id', '=', runId).where('key', 'in', keys).execute();
  }
}

/** Sets tags; the last of two values for one key wins. */
export async function upsertTags(db: Db, runId: string, tags: readonly { key: string; value: string }[]): Promise<void> {
  const { keys, values } = columns([...new Map(tags.map(t => [t.key, t])).values()]);
  await sql`
    insert into run_tag (run_id, key, value)
    select ${runId}, key, value from unnest(${keys}::text[], ${values}::text[]) as g(key, value)
    on conflict (run_id, key) do update set value = excluded.value`.execute(db);
}

export async function deleteTag(db: Db, runId: string, key: string): Promise<boolean> {
  const { numDeletedRows } = await db.deleteFrom('run_tag').where('run_id', '=', runId).where('key', '=', key).executeTakeFirst();
  return numDeletedRows > 0n;
}

/** In one order, whoever sends them: batches that meet wait for each other instead of deadlocking. */
function columns(pairs: readonly { key: string; value: string }[]): { keys: string[]; values: string[] } {
  const sorted = [...pairs].sort((a, b) => (a.key < b.key ? -1 : 1));
  return { keys: sorted.map(p => p.key), values: sorted.map(p => p.value) };
}
