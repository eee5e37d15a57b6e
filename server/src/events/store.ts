import { sql } from 'kysely';
import type { Db } from '../database';
import type { EventRow } from './tables';

/** One statement inserts the rows and wakes the listeners at commit. */
export async function insertEvents(db: Db, events: { type: string; subject: string; data: Record<string, unknown> }[]): Promise<void> {
  await sql`
    with added as (insert into event (type, subject, data) select type, subject, data from jsonb_to_recordset(${JSON.stringify(events)}::jsonb) as e (type text, subject text, data jsonb) returning 1)
    select pg_notify('slipway_event', '') from (select from added limit 1) one`.execute(db);
}

export function eventsAfter(db: Db, id: string, limit: number): Promise<EventRow[]> {
  return db.selectFrom('event').selectAll().where('id', '>', id).orderBy('id').limit(limit).execute();
}

export function eventsById(db: Db, ids: readonly string[]): Promise<EventRow[]> {
  return db.selectFrom('event').selectAll().where('id', 'in', [...ids]).orderBy('id').execute();
}

export async function lastEventId(db: Db): Promise<string> {
  const row = await db.selectFrom('event').select(eb => eb.fn.max('id').as('id')).executeTakeFirst();
  return row?.id ?? '0';
}

export async function trimEvents(db: Db, before: Date): Promise<void> {
  await db.deleteFrom('event').where('at', '<', before).execute();
}
