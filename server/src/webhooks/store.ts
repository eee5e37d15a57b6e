import { sql, type Insertable, type Updateable } from 'kysely';
import type { Db } from '../database';
import type { WebhookRow, WebhookTable } from './tables';

export function insertWebhook(db: Db, webhook: Insertable<WebhookTable>): Promise<WebhookRow> {
  return db.insertInto('webhook').values(webhook).returningAll().executeTakeFirstOrThrow();
}

export function findWebhook(db: Db, id: string): Promise<WebhookRow | undefined> {
  return db.selectFrom('webhook').selectAll().where('id', '=', id).executeTakeFirst();
}

export function listWebhooks(db: Db): Promise<WebhookRow[]> {
  return db.selectFrom('webhook').selectAll().orderBy('created_at', 'desc').orderBy('id').execute();
}

/** Webhooks that asked for any of the events, newest first. */
export function webhooksOfEvents(db: Db, events: readonly string[], page: { limit: number; offset: number }): Promise<WebhookRow[]> {
  return db.selectFrom('webhook').selectAll().where(sql<boolean>`events && ${events}`).orderBy('created_at', 'desc').orderBy('id').limit(page.limit).offset(page.offset).execute();
}

export function updateWebhook(db: Db, id: string, change: Updateable<WebhookTable>): Promise<WebhookRow | undefined> {
  return db.updateTable('webhook').set({ ...change, updated_at: new Date() }).where('id', '=', id).returningAll().executeTakeFirst();
}

/** False where there is none. */
export async function deleteWebhook(db: Db, id: string): Promise<boolean> {
  const { numDeletedRows } = await db.deleteFrom('webhook').where('id', '=', id).executeTakeFirst();
  return numDeletedRows > 0n;
}
