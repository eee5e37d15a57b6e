import { sql, type Updateable } from 'kysely';
import type { SpreadItem } from '@slipway/kernels-bridge';
import type { Db, Tx } from '../database';
import type { ItemResult } from './map-lists';
import type { MapItemRow, MapItemTable } from './tables';

const OPEN = ['queued', 'running'] as const;
const of = (db: Db, runId: string, ordinal: number) => db.selectFrom('map_item').where('run_id', '=', runId).where('ordinal', '=', ordinal);

/** Lays out the items of a map; those of an earlier try that succeeded stay, the others begin anew. */
export async function layItems(tx: Tx, runId: string, ordinal: number, items: readonly SpreadItem[]): Promise<void> {
  await sql`
    insert into map_item (run_id, ordinal, index, item)
    select ${runId}::uuid, ${ordinal}::int, n - 1, e from jsonb_array_elements(${JSON.stringify(items)}::jsonb) with ordinality t (e, n)
    on conflict do nothing`.execute(tx);
  await tx.updateTable('map_item').set({ status: 'waiting', error: null }).where('run_id', '=', runId).where('ordinal', '=', ordinal).where('status', 'in', ['failed', 'cancelled']).execute();
  await sql`
    update step_run s set map_failed = 0, map_succeeded = (select count(*) from map_item i where i.run_id = s.run_id and i.ordinal = s.ordinal and i.status = 'succeeded')
    where s.run_id = ${runId} and s.ordinal = ${ordinal}`.execute(tx);
}

export async function deleteItems(tx: Tx, runId: string, ordinals: readonly number[]): Promise<void> {
  if (ordinals.length > 0) {
    await tx.deleteFrom('map_item').where('run_id', '=', runId).where('ordinal', 'in', ordinals).execute();
  }
}

/** The next items to begin, in their order. */
export function nextItems(db: Db, runId: string, ordinal: number, limit: number): Promise<MapItemRow[]> {
  return of(db, runId, ordinal).selectAll().where('status', '=', 'waiting').orderBy('index').limit(limit).execute();
}

/** How many items of a map are in each state; `open` are queued or running. */
export async function countItems(db: Db, runId: string, ordinal: number): Promise<{ waiting: number; open: number; succeeded: number; failed: number; cancelled: number }> {
  const rows = await of(db, runId, ordinal).select(['status', eb => eb.fn.countAll<string>().as('count')]).groupBy('status').execute();
  const count = (...states: MapItemRow['status'][]): number => rows.filter(r => states.includes(r.status)).reduce((sum, r) => sum + Number(r.count), 0);
  return { waiting: count('waiting'), open: count(...OPEN), succeeded: count('succeeded'), failed: count('failed'), cancelled: count('cancelled') };
}

/** What decides whether more items of a map may begin; asked at the end of each, so those that succeeded are not counted. */
export async function countUndone(db: Db, runId: string, ordinal: number): Promise<{ open: number; failed: number; cancelled: number }> {
  const row = await of(db, runId, ordinal)
    .select(eb => [
      eb.fn.countAll<string>().filterWhere('status', 'in', OPEN).as('open'),
      eb.fn.countAll<string>().filterWhere('status', '=', 'failed').as('failed'),
      eb.fn.countAll<string>().filterWhere('status', '=', 'cancelled').as('cancelled')
    ])
    .where('status', 'in', [...OPEN, 'failed', 'cancelled'])
    .executeTakeFirstOrThrow();
  return { open: Number(row.open), failed: Number(row.failed), cancelled: Number(row.cancelled) };
}

/** Takes a waiting item on; false when it is no longer one. */
export async function takeItem(tx: Tx, item: Pick<MapItemRow, 'run_id' | 'ordinal' | 'index'>, set: Updateable<MapItemTable>): Promise<boolean> {
  const done = await itemRow(tx, item).set(set).where('status', '=', 'waiting').executeTakeFirst();
  return done.numUpdatedRows > 0n;
}

/** Ends an item whose job is this one; false when the item has gone on without it. */
export async function settleItem(tx: Tx, item: Pick<MapItemRow, 'run_id' | 'ordinal' | 'index'>, jobId: string, set: Updateable<MapItemTable>): Promise<boolean> {
  const done = await itemRow(tx, item).set(set).where('job_id', '=', jobId).executeTakeFirst();
  return done.numUpdatedRows > 0n;
}

export async function countEnds(tx: Tx, runId: string, ordinal: number, ended: { succeeded: number; failed: number }): Promise<void> {
  await tx
    .updateTable('step_run')
    .set(eb => ({ map_succeeded: eb('map_succeeded', '+', ended.succeeded), map_failed: eb('map_failed', '+', ended.failed) }))
    .where('run_id', '=', runId)
    .where('ordinal', '=', ordinal)
    .execute();
}

/** Results of the items that have one, in their order. */
export async function resultsOf(db: Db, runId: string, ordinal: number): Promise<ItemResult[]> {
  const rows = await of(db, runId, ordinal).select(['index', 'step_key', 'result']).where('status', '=', 'succeeded').orderBy('index').execute();
  return rows.flatMap(r => (r.result ? [{ index: r.index, stepKey: r.step_key, outcome: r.result }] : []));
}

export function itemAt(db: Db, runId: string, ordinal: number, index: number): Promise<MapItemRow | undefined> {
  return of(db, runId, ordinal).selectAll().where('index', '=', index).executeTakeFirst();
}

export function firstFailed(db: Db, runId: string, ordinal: number): Promise<MapItemRow | undefined> {
  return of(db, runId, ordinal).selectAll().where('status', '=', 'failed').orderBy('index').limit(1).executeTakeFirst();
}

/** A page of items in their order, without their results. */
export function listItems(db: Db, runId: string, ordinal: number, page: { limit: number; after: number; status?: MapItemRow['status'] }) {
  return of(db, runId, ordinal)
    .select(['index', 'item', 'status', 'cached', 'attempts', 'started_at', 'ended_at', 'notebook_digest', 'error'])
    .where('index', '>', page.after)
    .$if(page.status !== undefined, qb => qb.where('status', '=', page.status!))
    .orderBy('index')
    .limit(page.limit)
    .execute();
}

/** Jobs of items under way, of maps of a run. */
export async function openItemJobs(db: Db, runId: string, ordinals: readonly number[]): Promise<string[]> {
  if (ordinals.length === 0) {
    return [];
  }
  const rows = await db.selectFrom('map_item').select('job_id').where('run_id', '=', runId).where('ordinal', 'in', ordinals).where('status', 'in', OPEN).execute();
  return rows.flatMap(r => r.job_id ?? []);
}

/** Maps of a run with items under way. */
export async function mapsWithOpenItems(db: Db, runId: string, ordinals: readonly number[]): Promise<Set<number>> {
  const rows = ordinals.length === 0 ? [] : await db.selectFrom('map_item').select('ordinal').distinct().where('run_id', '=', runId).where('ordinal', 'in', ordinals).where('status', 'in', OPEN).execute();
  return new Set(rows.map(r => r.ordinal));
}

/** What of a run's maps waits, or had its job cancelled before it began, is cancelled. */
export async function cancelItems(tx: Tx, runId: string, ordinals: readonly number[], jobIds: readonly string[]): Promise<void> {
  if (ordinals.length > 0) {
    await tx
      .updateTable('map_item')
      .set({ status: 'cancelled', ended_at: sql<Date>`now()` })
      .where('run_id', '=', runId)
      .where('ordinal', 'in', ordinals)
      .where(eb => eb.or([eb('status', '=', 'waiting'), ...(jobIds.length > 0 ? [eb('job_id', 'in', jobIds)] : [])]))
      .execute();
  }
}

/** Jobs of items were given out. */
export async function itemsStarted(tx: Tx, jobs: readonly { id: string; attempt: number }[]): Promise<void> {
  if (jobs.length > 0) {
    await sql`
      update map_item i set status = 'running', started_at = now(), ended_at = null, attempts = j.attempt, log_attempt = j.attempt
      from unnest(${jobs.map(j => j.id)}::uuid[], ${jobs.map(j => j.attempt)}::int[]) as j (id, attempt)
      where i.job_id = j.id`.execute(tx);
  }
}

export async function itemRequeued(tx: Tx, jobId: string): Promise<void> {
  await tx.updateTable('map_item').set({ status: 'queued' }).where('job_id', '=', jobId).execute();
}

function itemRow(tx: Tx, item: Pick<MapItemRow, 'run_id' | 'ordinal' | 'index'>) {
  return tx.updateTable('map_item').where('run_id', '=', item.run_id).where('ordinal', '=', item.ordinal).where('index', '=', item.index);
}
