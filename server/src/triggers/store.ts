import { randomUUID } from 'node:crypto';
import type { TriggerSpec } from '@slipway/schema';
import { sql, type Insertable, type Updateable } from 'kysely';
import type { Db, Tx } from '../database';
import type { FiringRow, PipelineTriggerTable, Signal, SignalRow, TriggerFiringTable, TriggerRow } from './tables';

/** Signals are answered for a while, then forgotten: nothing is seen again that late. */
const KEEP_DAYS = 30;
/** A transaction may commit its events after later ones: for so long they are looked at again. */
const OVERLAP = sql<Date>`now() - interval '30 seconds'`;
const BATCH = 500;
/** Of one place: what waits for another, which may never come, does not pile up. */
const MOST_OPEN = 1_000;

/** One value, however many ids: a statement may have 65,535 of them. */
const anyOf = (ids: readonly string[]) => sql<string>`any(${[...ids]}::bigint[])`;

export type OpenSignal = Pick<SignalRow, 'id' | 'place' | 'at'>;

export function triggersOf(db: Db, pipeline: string): Promise<TriggerRow[]> {
  return db.selectFrom('pipeline_trigger').selectAll().where('pipeline', '=', pipeline).orderBy('created_at').orderBy('id').execute();
}

export function triggerById(db: Db, id: string): Promise<TriggerRow | undefined> {
  return db.selectFrom('pipeline_trigger').selectAll().where('id', '=', id).executeTakeFirst();
}

/** Triggers of pipelines that are still there. */
export function allTriggers(db: Db): Promise<TriggerRow[]> {
  return db.selectFrom('pipeline_trigger').innerJoin('pipeline', 'pipeline.name', 'pipeline_trigger.pipeline').selectAll('pipeline_trigger').where('removed_at', 'is', null).orderBy('pipeline_trigger.id').execute();
}

/** false where the pipeline has one of that name. */
export async function insertTrigger(tx: Tx, row: Insertable<PipelineTriggerTable>): Promise<boolean> {
  const done = await tx.insertInto('pipeline_trigger').values(row).onConflict(oc => oc.columns(['pipeline', 'name']).doNothing()).executeTakeFirst();
  return (done.numInsertedOrUpdatedRows ?? 0n) > 0n;
}

export async function updateTrigger(tx: Tx, id: string, set: Updateable<PipelineTriggerTable>): Promise<void> {
  await tx.updateTable('pipeline_trigger').set(set).where('id', '=', id).execute();
}

export async function deleteTrigger(tx: Tx, id: string): Promise<void> {
  await tx.deleteFrom('trigger_signal').where('trigger_id', '=', id).execute();
  await tx.deleteFrom('pipeline_trigger').where('id', '=', id).execute();
}

/** What is looked at begins anew; what came and was not taken is forgotten. */
export async function setSources(tx: Tx, id: string, places: readonly string[]): Promise<void> {
  await tx.deleteFrom('trigger_source').where('trigger_id', '=', id).execute();
  await tx.deleteFrom('trigger_signal').where('trigger_id', '=', id).where('firing_id', 'is', null).execute();
  if (places.length > 0) {
    await tx.insertInto('trigger_source').values(places.map(place => ({ trigger_id: id, place, error: null }))).execute();
  }
}

export interface DueLook {
  trigger_id: string;
  place: string;
  state: unknown;
  revision: number;
  spec: TriggerSpec;
}

/** At most `most` sources whose time to be looked at has come, the longest due first; taken for `leaseMs`, within which nobody else looks. */
export async function takeDueLooks(db: Db, home: string, leaseMs: number, most: number): Promise<DueLook[]> {
  const { rows } = await sql<DueLook>`
    update trigger_source s set next_look_at = now() + ${leaseMs} * interval '1 millisecond'
    from (
      select d.trigger_id, d.place, t.spec
      from trigger_source d join pipeline_trigger t on t.id = d.trigger_id join pipeline p on p.name = t.pipeline
      where d.next_look_at <= now() and t.home = ${home} and p.removed_at is null and not (t.spec ->> 'isPaused')::boolean
      order by d.next_look_at limit ${most} for update of d skip locked
    ) due
    where s.trigger_id = due.trigger_id and s.place = due.place
    returning s.trigger_id, s.place, s.state, s.revision, due.spec`.execute(db);
  return rows;
}

/** Keeps what a look saw, unless somebody else has looked meanwhile: then it is theirs to tell. */
export async function keepLook(tx: Tx, look: DueLook, set: { state: unknown; nextLookMs: number }): Promise<boolean> {
  const done = await tx
    .updateTable('trigger_source')
    .set({ state: JSON.stringify(set.state), revision: look.revision + 1, error: null, next_look_at: sql<Date>`now() + ${set.nextLookMs} * interval '1 millisecond'` })
    .where('trigger_id', '=', look.trigger_id)
    .where('place', '=', look.place)
    .where('revision', '=', look.revision)
    .executeTakeFirst();
  return done.numUpdatedRows > 0n;
}

export async function keepFault(db: Db, look: Pick<DueLook, 'trigger_id' | 'place'>, error: string): Promise<void> {
  await db.updateTable('trigger_source').set({ error }).where('trigger_id', '=', look.trigger_id).where('place', '=', look.place).execute();
}

export function faultsOf(db: Db, ids: string[]): Promise<{ trigger_id: string; place: string; error: string | null }[]> {
  return ids.length === 0 ? Promise.resolve([]) : db.selectFrom('trigger_source').select(['trigger_id', 'place', 'error']).where('trigger_id', 'in', ids).where('error', 'is not', null).execute();
}

/** false where it was there before. */
export async function insertSignal(tx: Tx, triggerId: string, place: string, signal: Signal): Promise<boolean> {
  const done = await tx
    .insertInto('trigger_signal')
    .values({ trigger_id: triggerId, place, key: signal.key, reason: signal.reason, payload: JSON.stringify(signal.data), firing_id: null })
    .onConflict(oc => oc.columns(['trigger_id', 'place', 'key']).doNothing())
    .executeTakeFirst();
  return (done.numInsertedOrUpdatedRows ?? 0n) > 0n;
}

/** Where a daemon that starts begins to read the news. */
export async function cursor(db: Db): Promise<string> {
  return (await db.selectFrom('trigger_cursor').select('event_id').executeTakeFirstOrThrow()).event_id;
}

/** On to the newest event behind which none can appear any more, if it was read; left to another daemon that has the cursor. */
export async function moveCursor(db: Db, readTo: string | undefined): Promise<void> {
  await sql`
    update trigger_cursor c set event_id = greatest(c.event_id, least(coalesce((select max(id) from event where at < ${OVERLAP}), 0), ${readTo ?? null}::bigint))
    from (select id from trigger_cursor for update skip locked) mine where c.id = mine.id`.execute(db);
}

/** Those that were there before stay as they were. */
export async function insertSignals(db: Db, signals: readonly { triggerId: string; place: string; signal: Signal }[]): Promise<void> {
  const rows = signals.map(({ triggerId, place, signal }) => ({ trigger_id: triggerId, place, key: signal.key, reason: signal.reason, payload: signal.data }));
  await sql`
    insert into trigger_signal (trigger_id, place, key, reason, payload)
    select s.* from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as s (trigger_id uuid, place text, key text, reason text, payload jsonb)
    on conflict (trigger_id, place, key) do nothing`.execute(db);
}

/** Triggers with something that no firing has taken. */
export async function triggersWithSignals(db: Db): Promise<string[]> {
  const rows = await db.selectFrom('trigger_signal').select('trigger_id').distinct().where('firing_id', 'is', null).execute();
  return rows.map(r => r.trigger_id);
}

export function lockTrigger(tx: Tx, id: string): Promise<TriggerRow | undefined> {
  return tx.selectFrom('pipeline_trigger').selectAll().where('id', '=', id).forUpdate().executeTakeFirst();
}

/** What no firing has taken, without what it tells: of each place the oldest and the newest; the others are forgotten. */
export async function openSignals(tx: Tx, triggerId: string): Promise<OpenSignal[]> {
  const open = await tx.selectFrom('trigger_signal').select(['id', 'place', 'at']).where('trigger_id', '=', triggerId).where('firing_id', 'is', null).orderBy('id').execute();
  const excess = new Set([...new Set(open.map(s => s.place))].flatMap(place => open.filter(s => s.place === place).slice(1, 1 - MOST_OPEN)));
  if (excess.size > 0) {
    await tx.deleteFrom('trigger_signal').where('id', '=', anyOf([...excess].map(s => s.id))).execute();
  }
  return open.filter(s => !excess.has(s));
}

export function signalsById(tx: Tx, ids: readonly string[]): Promise<SignalRow[]> {
  return tx.selectFrom('trigger_signal').selectAll().where('id', '=', anyOf(ids)).orderBy('id').execute();
}

export async function openCounts(db: Db, ids: string[]): Promise<Map<string, number>> {
  if (ids.length === 0) {
    return new Map();
  }
  const rows = await db
    .selectFrom('trigger_signal')
    .select(['trigger_id', eb => eb.fn.countAll<string>().as('count')])
    .where('trigger_id', 'in', ids)
    .where('firing_id', 'is', null)
    .groupBy('trigger_id')
    .execute();
  return new Map(rows.map(r => [r.trigger_id, Number(r.count)]));
}

/** Writes a firing and gives it the signals it takes. */
export async function insertFiring(tx: Tx, row: Omit<Insertable<TriggerFiringTable>, 'id'>, signalIds: readonly string[]): Promise<void> {
  const id = randomUUID();
  await tx.insertInto('trigger_firing').values({ id, ...row }).execute();
  await tx.updateTable('trigger_signal').set({ firing_id: id }).where('id', '=', anyOf(signalIds)).execute();
  await tx.updateTable('pipeline_trigger').set({ last_fired_at: sql<Date>`now()` }).where('id', '=', row.trigger_id).execute();
}

/** How often it started a run within the last hour. */
export async function firedWithinAnHour(tx: Tx, triggerId: string): Promise<number> {
  const row = await tx
    .selectFrom('trigger_firing')
    .select(eb => eb.fn.countAll<string>().as('count'))
    .where('trigger_id', '=', triggerId)
    .where('state', '<>', 'refused')
    .where('at', '>', sql<Date>`now() - interval '1 hour'`)
    .executeTakeFirstOrThrow();
  return Number(row.count);
}

export function waitingFirings(db: Db): Promise<FiringRow[]> {
  return db.selectFrom('trigger_firing').selectAll().where('state', '=', 'waiting').orderBy('at').limit(BATCH).execute();
}

/** Takes a waiting firing for a run, or refuses it; false when it was taken. */
export async function settleFiring(tx: Tx, id: string, set: { state: 'started'; run_id: string } | { state: 'refused'; error: string }): Promise<boolean> {
  const done = await tx.updateTable('trigger_firing').set(set).where('id', '=', id).where('state', '=', 'waiting').executeTakeFirst();
  return done.numUpdatedRows > 0n;
}

/** Of one trigger, newest first, behind the cursor. */
export function listFirings(db: Db, triggerId: string, limit: number, after: { createdAt: Date; id: string } | null): Promise<FiringRow[]> {
  return db
    .selectFrom('trigger_firing')
    .selectAll()
    .where('trigger_id', '=', triggerId)
    .$if(after !== null, qb => qb.where(eb => eb(eb.refTuple('at', 'id'), '<', eb.tuple(after!.createdAt, after!.id))))
    .orderBy('at', 'desc')
    .orderBy('id', 'desc')
    .limit(limit)
    .execute();
}

export async function trimSignals(db: Db, most: number): Promise<number> {
  const old = db.selectFrom('trigger_signal').select('id').where('firing_id', 'is not', null).where('at', '<', keptSince()).limit(most).forUpdate().skipLocked();
  return Number((await db.deleteFrom('trigger_signal').where('id', 'in', old).executeTakeFirst()).numDeletedRows);
}

/** Those that no signal is kept of. */
export async function trimFirings(db: Db, most: number): Promise<number> {
  const old = db
    .selectFrom('trigger_firing as f')
    .select('f.id')
    .where('f.state', '<>', 'waiting')
    .where('f.at', '<', keptSince())
    .where(eb => eb.not(eb.exists(eb.selectFrom('trigger_signal as s').select('s.id').whereRef('s.firing_id', '=', 'f.id'))))
    .limit(most)
    .forUpdate('f')
    .skipLocked();
  return Number((await db.deleteFrom('trigger_firing').where('id', 'in', old).executeTakeFirst()).numDeletedRows);
}

const keptSince = () => sql<Date>`now() - ${KEEP_DAYS} * interval '1 day'`;

/** Digests of a dataset that lineage has seen since a moment, each with when it was last seen; the last seen last. */
export async function datasetDigests(db: Db, path: string, since: Date): Promise<{ digest: string; at: Date }[]> {
  const prefix = `dataset:${path}@`;
  const { rows } = await sql<{ digest: string; at: Date }>`
    select digest, max(at) as at from (
      select from_digest as digest, created_at as at, from_uri as uri from lineage_edge where from_uri >= ${prefix} and from_uri < ${`${prefix}\uffff`} collate "C"
      union all
      select to_digest, created_at, to_uri from lineage_edge where to_uri >= ${prefix} and to_uri < ${`${prefix}\uffff`} collate "C"
    ) e where starts_with(uri, ${prefix}) and digest is not null and at > ${since} group by digest order by 2, 1`.execute(db);
  return rows;
}
