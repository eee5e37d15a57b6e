import type { EventType, SlipwayEvent } from '@slipway/schema';
import { inBatches } from '../core/in-batches';
import type { Log } from '../core/log';
import { createWaker, type Db, type Tx } from '../database';
import { createNewsReader } from './news-reader';
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
  const news = createNewsReader({ db, from: () => store.lastEventId(db) });

  async function drain(): Promise<void> {
    for await (const page of news.pages()) {
      page.forEach(row => deliver(listeners, toEvent(row), log));
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
    /**
     * What a stream that broke after `id` may have missed, by the page: all
     * after it, and first those with an earlier id whose transaction may have
     * committed since. The stream may have had some of these.
     */
    async *since(id: string): AsyncGenerator<SlipwayEvent[]> {
      let page = await store.eventsAround(db, id);
      yield page.map(toEvent);
      for (let last = id; (page = await store.eventsAfter(db, last, PAGE)).length > 0; last = page.at(-1)!.id) {
        yield page.map(toEvent);
      }
    },
    /** Events are told as they come about, and kept for those who were away for a moment. */
    trim: (): Promise<void> => inBatches(most => store.trimEvents(db, new Date(Date.now() - KEEP_MS), most)),
    async start(): Promise<void> {
      await news.begin();
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
