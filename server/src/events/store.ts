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
  return db.selectFrom('event').selectAll().where('id', '=', sql<string>`any(${[...ids]}::bigint[])`).orderBy('id').execute();
}

/** The event, and those with an earlier id whose transaction began so shortly before that they may have been committed after it. */
export async function eventsAround(db: Db, id: string): Promise<EventRow[]> {
  const { rows } = await sql<EventRow>`
    select e.* from event e join event given on given.id = ${id}
    where e.id <= given.id and e.at > given.at - interval '30 seconds' order by e.id`.execute(db);
  return rows;
}

export async function lastEventId(db: Db): Promise<string> {
  const row = await db.selectFrom('event').select(eb => eb.fn.max('id').as('id')).executeTakeFirst();
  return row?.id ?? '0';
}

export async function trimEvents(db: Db, before: Date, most: number): Promise<number> {
  const done = await db.deleteFrom('event').where('id', 'in', eb => eb.selectFrom('event').select('id').where('at', '<', before).orderBy('at').limit(most).forUpdate().skipLocked()).executeTakeFirst();
  return Number(done.numDeletedRows);
}
