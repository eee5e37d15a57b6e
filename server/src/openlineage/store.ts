import { sql, type Insertable } from 'kysely';
import type { Db, Tx } from '../database';
import type { OpenLineageEventTable, OpenLineageRow } from './tables';

export async function insertEvents(tx: Tx, events: readonly Insertable<OpenLineageEventTable>[]): Promise<void> {
  if (events.length === 0) {
    return;
  }
  // Somebody else may have seen the same start a moment ago.
  await tx.insertInto('openlineage_event').values([...events]).onConflict(oc => oc.doNothing()).execute();
  if (events.some(e => e.status === 'pending')) {
    await sql`select pg_notify('slipway_openlineage', '')`.execute(tx);
  }
}

/**
 * The same for one subject, if `known` is how many events there are of it; false, and nothing inserted, where there are
 * others. Spares who knows them reading them again.
 */
export async function insertEventsAfter(tx: Tx, subject: string, known: number, events: readonly Insertable<OpenLineageEventTable>[]): Promise<boolean> {
  const { rows } = await sql<{ is_known: boolean }>`
    with added as (
      insert into openlineage_event (subject, job, step, attempt, type, status)
      select ${subject}, job, step, attempt, type, status
      from jsonb_to_recordset(${JSON.stringify(events)}::jsonb) as e(job text, step text, attempt int, type text, status text)
      where (select count(*) from openlineage_event where subject = ${subject}) = ${known}
      on conflict do nothing returning case when status = 'pending' then pg_notify('slipway_openlineage', '') end
    )
    select (select count(*) from openlineage_event where subject = ${subject}) = ${known} as is_known, (select count(*) from added) as added`.execute(tx);
  return rows[0]!.is_known;
}

/** All that was said of the subjects, oldest first, without the bodies. */
export function eventsOf(db: Db, subjects: readonly string[]): Promise<(Pick<OpenLineageRow, 'subject' | 'job' | 'step' | 'attempt' | 'type'> & { hasBody: boolean })[]> {
  return db.selectFrom('openlineage_event').select(['subject', 'job', 'step', 'attempt', 'type', sql<boolean>`body is not null`.as('hasBody')]).where('subject', 'in', [...subjects]).orderBy('seq').execute();
}

/** Oldest first, behind `after`; of the subjects only, where some are named. */
export function listEvents(db: Db, page: { subjects: readonly string[] | null; after: string; limit: number }): Promise<OpenLineageRow[]> {
  return db
    .selectFrom('openlineage_event')
    .selectAll()
    .$if(page.subjects !== null, q => q.where('subject', 'in', page.subjects!))
    .where('seq', '>', page.after)
    .orderBy('seq')
    .limit(page.limit)
    .execute();
}

/** The first body counts: whoever builds a second one gets it. */
export async function keepBody(db: Db, seq: string, body: string): Promise<string> {
  const row = await db.updateTable('openlineage_event').set(eb => ({ body: eb.fn.coalesce('body', eb.val(body)) })).where('seq', '=', seq).returning('body').executeTakeFirst();
  return row?.body ?? body;
}

/**
 * Takes the oldest pending event where it is due, and holds it for `leaseMs`:
 * nothing is sent meanwhile, by any daemon, and the attempt counts even if this
 * one dies.
 */
export async function claimHead(db: Db, leaseMs: number): Promise<OpenLineageRow | undefined> {
  const { rows } = await sql<OpenLineageRow>`
    update openlineage_event set attempts = attempts + 1, next_attempt_at = now() + make_interval(secs => ${leaseMs / 1_000})
    where seq = (select seq from openlineage_event where status = 'pending' order by seq limit 1) and status = 'pending' and next_attempt_at <= now()
    returning *`.execute(db);
  return rows[0];
}

/** Writes how an attempt went, unless a later one has begun since. */
export async function settle(db: Db, of: Pick<OpenLineageRow, 'seq' | 'attempts'>, result: Partial<Pick<OpenLineageRow, 'status' | 'last_status' | 'last_error' | 'next_attempt_at' | 'ended_at'>>): Promise<void> {
  await db.updateTable('openlineage_event').set(result).where('seq', '=', of.seq).where('attempts', '=', of.attempts).where('status', '=', 'pending').execute();
}

export async function trimEvents(db: Db, before: Date): Promise<void> {
  await db.deleteFrom('openlineage_event').where('at', '<', before).execute();
}

export async function countEvents(db: Db): Promise<{ pending: number; failed: number; lastError: string | null }> {
  const { rows } = await sql<{ pending: string; failed: string; last_error: string | null }>`
    select count(*) filter (where status = 'pending') as pending, count(*) filter (where status = 'failed') as failed,
      (select last_error from openlineage_event where last_error is not null and status in ('pending', 'failed') order by seq desc limit 1) as last_error
    from openlineage_event where status in ('pending', 'failed')`.execute(db);
  return { pending: Number(rows[0]!.pending), failed: Number(rows[0]!.failed), lastError: rows[0]!.last_error };
}
