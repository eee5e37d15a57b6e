import type { BackfillItem, BackfillState, DataInterval } from '@slipway/schema';
import { sql, type Insertable, type Updateable } from 'kysely';
import type { Db, Tx } from '../database';
import type { BackfillRow, BackfillTable } from './tables';

/** Items written by one statement. */
const CHUNK = 1_000;

export async function insertBackfill(tx: Tx, row: Insertable<BackfillTable>, intervals: readonly DataInterval[]): Promise<void> {
  await tx.insertInto('backfill').values(row).execute();
  for (let at = 0; at < intervals.length; at += CHUNK) {
    const items = intervals.slice(at, at + CHUNK).map((each, i) => ({ backfill_id: row.id, ordinal: at + i, interval_start: new Date(each.start), interval_end: new Date(each.end), run_id: null, error: null }));
    await tx.insertInto('backfill_item').values(items).execute();
  }
}

export function backfillById(db: Db, id: string): Promise<BackfillRow | undefined> {
  return db.selectFrom('backfill').selectAll().where('id', '=', id).executeTakeFirst();
}

export function lockBackfill(tx: Tx, id: string): Promise<BackfillRow | undefined> {
  return tx.selectFrom('backfill').selectAll().where('id', '=', id).forUpdate().executeTakeFirst();
}

export async function updateBackfill(tx: Tx, id: string, set: Updateable<BackfillTable>): Promise<void> {
  await tx.updateTable('backfill').set(set).where('id', '=', id).execute();
}

export function runningBackfills(db: Db): Promise<BackfillRow[]> {
  return db.selectFrom('backfill').selectAll().where('state', '=', 'running').orderBy('created_at').execute();
}

/** A pipeline's, newest first, behind the cursor. */
export function listBackfills(db: Db, pipeline: string, limit: number, after: { createdAt: Date; id: string } | null): Promise<BackfillRow[]> {
  return db
    .selectFrom('backfill')
    .selectAll()
    .where('pipeline', '=', pipeline)
    .$if(after !== null, qb => qb.where(eb => eb(eb.refTuple('created_at', 'id'), '<', eb.tuple(after!.createdAt, after!.id))))
    .orderBy('created_at', 'desc')
    .orderBy('id', 'desc')
    .limit(limit)
    .execute();
}

/** How many items of each backfill stand where. */
export async function countsOf(db: Db, ids: string[]): Promise<{ id: string; state: BackfillItem['state']; count: number }[]> {
  if (ids.length === 0) {
    return [];
  }
  const { rows } = await sql<{ id: string; state: BackfillItem['state']; count: number }>`
    select i.backfill_id as id, case i.state when 'started' then r.status else i.state end as state, count(*)::int as count
    from backfill_item i left join pipeline_run r on r.id = i.run_id
    where i.backfill_id = any(${ids}::uuid[]) group by 1, 2`.execute(db);
  return rows;
}

export interface ItemRow {
  ordinal: number;
  interval_start: Date;
  interval_end: Date;
  state: BackfillItem['state'];
  run_id: string | null;
  tries: number;
  error: string | null;
  started_at: Date | null;
  ended_at: Date | null;
}

/** Items in their order, behind `after`; only those in some states, where they are given. */
export async function itemsOf(db: Db, id: string, limit: number, after: number, states: readonly ItemRow['state'][] | null): Promise<ItemRow[]> {
  const { rows } = await sql<ItemRow>`
    select i.ordinal, i.interval_start, i.interval_end, case i.state when 'started' then r.status else i.state end as state,
      i.run_id, i.tries, coalesce(i.error, r.error) as error, r.started_at, r.ended_at
    from backfill_item i left join pipeline_run r on r.id = i.run_id
    where i.backfill_id = ${id} and i.ordinal > ${after} and (${states}::text[] is null or case i.state when 'started' then r.status else i.state end = any (${states}::text[]))
    order by i.ordinal limit ${limit}`.execute(db);
  return rows;
}

export async function nextItem(db: Db, id: string): Promise<{ ordinal: number; interval_start: Date; interval_end: Date } | undefined> {
  return db.selectFrom('backfill_item').select(['ordinal', 'interval_start', 'interval_end']).where('backfill_id', '=', id).where('state', '=', 'waiting').orderBy('ordinal').limit(1).executeTakeFirst();
}

/** Its runs that are under way. */
export async function activeRuns(db: Db, id: string): Promise<string[]> {
  const rows = await db
    .selectFrom('backfill_item as i')
    .innerJoin('pipeline_run as r', 'r.id', 'i.run_id')
    .select('r.id')
    .where('i.backfill_id', '=', id)
    .where('r.status', 'in', ['queued', 'running', 'cancelling'])
    .execute();
  return rows.map(r => r.id);
}

/** Takes a waiting item for a run, or refuses it; false when it was taken. */
export async function takeItem(tx: Tx, id: string, ordinal: number, set: { state: 'started'; runId: string } | { state: 'refused'; error: string }): Promise<boolean> {
  const taken = await tx
    .updateTable('backfill_item')
    .set(set.state === 'started' ? { state: 'started', run_id: set.runId, error: null, tries: sql<number>`tries + 1` } : { state: 'refused', error: set.error })
    .where('backfill_id', '=', id)
    .where('ordinal', '=', ordinal)
    .where('state', '=', 'waiting')
    .executeTakeFirst();
  return taken.numUpdatedRows > 0n;
}

/** Lets what was refused, failed or was cancelled wait again; gives how many. */
export async function reviveItems(tx: Tx, id: string): Promise<number> {
  const done = await sql`
    update backfill_item i set state = 'waiting', error = null
    where i.backfill_id = ${id} and (i.state = 'refused' or (i.state = 'started' and exists (select 1 from pipeline_run r where r.id = i.run_id and r.status in ('failed', 'cancelled'))))`.execute(tx);
  return Number(done.numAffectedRows ?? 0n);
}

/** Ends of the intervals among these that a run of the pipeline has succeeded for. */
export async function doneIntervals(db: Db, pipeline: string, from: Date, to: Date): Promise<Set<string>> {
  const rows = await db
    .selectFrom('pipeline_run')
    .select(['data_interval_start', 'data_interval_end'])
    .where('pipeline', '=', pipeline)
    .where('status', '=', 'succeeded')
    .where('data_interval_start', '>=', from)
    .where('data_interval_end', '<=', to)
    .execute();
  return new Set(rows.map(r => keyOf({ start: r.data_interval_start!.toISOString(), end: r.data_interval_end!.toISOString() })));
}

export const keyOf = (interval: DataInterval): string => `${interval.start}/${interval.end}`;
export const isOver = (state: BackfillState): boolean => state === 'succeeded' || state === 'failed' || state === 'cancelled';
