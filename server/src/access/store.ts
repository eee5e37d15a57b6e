import { sql, type Insertable } from 'kysely';
import type { Db } from '../database';
import type { AccessTokenRow, AccessTokenTable } from './tables';

/** A token that may still be used. */
export function findLiveToken(db: Db, sha256: string): Promise<AccessTokenRow | undefined> {
  return live(db).where('sha256', '=', sha256).executeTakeFirst();
}

export function listLiveTokens(db: Db): Promise<AccessTokenRow[]> {
  return live(db).where('kind', '=', 'api').orderBy('created_at', 'desc').execute();
}

export function insertToken(db: Db, token: Insertable<AccessTokenTable>): Promise<AccessTokenRow | undefined> {
  return db.insertInto('access_token').values(token).onConflict(oc => oc.column('sha256').doNothing()).returningAll().executeTakeFirst();
}

export async function revokeToken(db: Db, id: string): Promise<boolean> {
  const result = await db.updateTable('access_token').set({ revoked_at: new Date() }).where('id', '=', id).where('revoked_at', 'is', null).executeTakeFirst();
  return result.numUpdatedRows > 0n;
}

export async function revokeSessionTokens(db: Db, sessionId: string): Promise<void> {
  await db.updateTable('access_token').set({ revoked_at: new Date() }).where('session_id', '=', sessionId).where('revoked_at', 'is', null).execute();
}

/** To the minute: a busy token is not a write each request. */
export async function touchToken(db: Db, id: string): Promise<void> {
  await db
    .updateTable('access_token')
    .set({ last_used_at: new Date() })
    .where('id', '=', id)
    .where(eb => eb.or([eb('last_used_at', 'is', null), eb('last_used_at', '<', sql<Date>`now() - interval '1 minute'`)]))
    .execute();
}

function live(db: Db) {
  return db
    .selectFrom('access_token')
    .selectAll()
    .where('revoked_at', 'is', null)
    .where(eb => eb.or([eb('expires_at', 'is', null), eb('expires_at', '>', sql<Date>`now()`)]));
}
