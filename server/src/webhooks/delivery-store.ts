import { sql } from 'kysely';
import type { Db } from '../database';
import type { WebhookDeliveryRow } from './tables';

/** A delivery that this daemon may try now, with where it goes. */
export interface DueDelivery {
  id: string;
  webhook_id: string;
  event: string;
  body: string;
  attempts: number;
  url: string;
  sealed_secret: string | null;
}

/** One delivery for each active webhook and event it asked for; the sender wakes at commit. */
export async function insertDeliveries(db: Db, events: readonly { type: string; body: string }[]): Promise<void> {
  const { numAffectedRows } = await sql`
    insert into webhook_delivery (webhook_id, event, body)
    select w.id, e.type, e.body
    from unnest(${events.map(e => e.type)}::text[], ${events.map(e => e.body)}::text[]) with ordinality as e (type, body, place)
    join webhook w on w.status = 'active' and e.type = any (w.events)
    order by e.place, w.created_at`.execute(db);
  if ((numAffectedRows ?? 0n) > 0n) {
    await wakeSender(db);
  }
}

export async function wakeSender(db: Db): Promise<void> {
  await sql`select pg_notify('slipway_webhook', '')`.execute(db);
}

/**
 * Takes at most `limit` deliveries that are due, `perWebhook` of each webhook
 * that is not busy, and holds them for `leaseMs`: no other daemon tries them
 * meanwhile, and the attempt counts even if this one dies.
 */
export async function claimDue(db: Db, ask: { limit: number; perWebhook: number; busy: readonly string[]; leaseMs: number }): Promise<DueDelivery[]> {
  const { rows } = await sql<DueDelivery>`
    with due as (
      select x.id, w.url, w.sealed_secret
      from webhook w cross join lateral (
        select id, next_attempt_at from webhook_delivery
        where webhook_id = w.id and status = 'pending' and next_attempt_at <= now()
        order by next_attempt_at, seq limit ${ask.perWebhook}
        for update skip locked) x
      where w.status = 'active' and w.id <> all (${ask.busy}::uuid[])
      order by x.next_attempt_at limit ${ask.limit})
    update webhook_delivery d
    set attempts = d.attempts + 1, next_attempt_at = now() + make_interval(secs => ${ask.leaseMs / 1_000})
    from due where d.id = due.id
    returning d.id, d.webhook_id, d.event, d.body, d.attempts, due.url, due.sealed_secret`.execute(db);
  return rows;
}

/** Writes how an attempt went, unless a later attempt has begun since. */
export async function settleAttempt(db: Db, of: { id: string; attempts: number }, result: Partial<Pick<WebhookDeliveryRow, 'status' | 'last_status' | 'last_error' | 'next_attempt_at' | 'ended_at'>>): Promise<void> {
  await db.updateTable('webhook_delivery').set(result).where('id', '=', of.id).where('attempts', '=', of.attempts).where('status', '=', 'pending').execute();
}

/** Deliveries of a webhook, newest first, before `cursor`. */
export function deliveriesOf(db: Db, webhookId: string, page: { limit: number; before: string | null }): Promise<WebhookDeliveryRow[]> {
  return db
    .selectFrom('webhook_delivery')
    .selectAll()
    .where('webhook_id', '=', webhookId)
    .$if(page.before !== null, q => q.where('seq', '<', page.before!))
    .orderBy('seq', 'desc')
    .limit(page.limit)
    .execute();
}

/** Makes an ended delivery pending again, its attempts counted anew. */
export function reviveDelivery(db: Db, webhookId: string, id: string): Promise<WebhookDeliveryRow | undefined> {
  return db
    .updateTable('webhook_delivery')
    .set({ status: 'pending', attempts: 0, next_attempt_at: new Date(), ended_at: null })
    .where('id', '=', id)
    .where('webhook_id', '=', webhookId)
    .where('status', '!=', 'pending')
    .returningAll()
    .executeTakeFirst();
}

export async function trimDeliveries(db: Db, before: Date): Promise<void> {
  await db.deleteFrom('webhook_delivery').where('ended_at', '<', before).execute();
}
