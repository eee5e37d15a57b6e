import type { EventType, SlipwayEvent } from '@slipway/schema';
import type { Log } from '../core/log';
import { createWaker, type Db, type Tx } from '../database';
import { createLateIds } from './late-ids';
import * as store from './store';
import type { EventRow } from './tables';

export type Events = ReturnType<typeof createEvents>;
export type EventListener = (event: SlipwayEvent) => void;
export interface NewEvent {
  type: EventType;
  subject: string;
  data?: Record<string, unknown>;
}

const KEEP_MS = 24 * 3_600_000;
const PAGE = 500;

/**
 * News inside and out of the daemon. A change appends its events in its own
 * transaction; listeners hear them after the commit, woken by NOTIFY and by a
 * poll each second for what a broken connection missed. They come in order of
 * id, but for those whose transaction commits after a later one's.
 */
export function createEvents(deps: { db: Db; databaseUrl: string; log: Log }) {
  const { db, log } = deps;
  const listeners = new Set<EventListener>();
  const waker = createWaker({ databaseUrl: deps.databaseUrl, channel: 'slipway_event', log, onWake: drain });
  const late = createLateIds();
  let last = '0';

  async function drain(): Promise<void> {
    await drainLate();
    for (;;) {
      const rows = await store.eventsAfter(db, last, PAGE);
      for (const row of rows) {
        late.passOver(last, row.id, performance.now());
        last = row.id;
        deliver(listeners, toEvent(row), log);
      }
      if (rows.length < PAGE) {
        return;
      }
    }
  }

  async function drainLate(): Promise<void> {
    const ids = late.awaited(performance.now());
    for (const row of ids.length === 0 ? [] : await store.eventsById(db, ids)) {
      late.found(row.id);
      deliver(listeners, toEvent(row), log);
    }
  }

  return {
    /** Adds events inside the caller's transaction: told at its commit, or never. */
    append(tx: Tx, events: readonly NewEvent[]): Promise<void> {
      return events.length === 0 ? Promise.resolve() : store.insertEvents(tx, events.map(e => ({ ...e, data: e.data ?? {} })));
    },
    /** Calls `listener` for each event from now on; the result ends it. */
    subscribe(listener: EventListener): () => void {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    /** Events after `id`, oldest first, at most 500: what a reconnecting stream missed. */
    async after(id: string): Promise<SlipwayEvent[]> {
      return (await store.eventsAfter(db, id, PAGE)).map(toEvent);
    },
    async start(): Promise<void> {
      last = await store.lastEventId(db);
      await store.trimEvents(db, new Date(Date.now() - KEEP_MS));
      waker.start();
    },
    stop: (): Promise<void> => waker.stop()
  };
}

function deliver(listeners: ReadonlySet<EventListener>, event: SlipwayEvent, log: Log): void {
  for (const listener of listeners) {
    try {
      listener(event);
    } catch (err) {
      log.error({ err, type: event.type }, 'an event listener threw');
    }
  }
}

function toEvent(row: EventRow): SlipwayEvent {
  return { id: row.id, type: row.type, subject: row.subject, data: row.data, at: row.at.toISOString() };
}
