import { sql } from 'kysely';
import type { Db } from '../database';
import type { SecretRow } from './tables';

export function listSecrets(db: Db): Promise<SecretRow[]> {
  return db.selectFrom('secret').selectAll().orderBy('name').execute();
}

export function secretByName(db: Db, name: string): Promise<SecretRow | undefined> {
  return db.selectFrom('secret').selectAll().where('name', '=', name).executeTakeFirst();
}

export function upsertSecret(db: Db, row: { name: string; sealed: string; updated_by: string }): Promise<SecretRow> {
  const { name: _name, ...set } = row;
  return db.insertInto('secret').values(row).onConflict(oc => oc.column('name').doUpdateSet({ ...set, updated_at: sql<Date>`now()` })).returningAll().executeTakeFirstOrThrow();
}

export async function deleteSecret(db: Db, name: string): Promise<boolean> {
  return (await db.deleteFrom('secret').where('name', '=', name).executeTakeFirst()).numDeletedRows > 0n;
}
