import type { Log } from '../core/log';
import { createWaker, type Db } from '../database';
import { waitAfter, type Answer, type Patience, type Post } from '../webhooks';
import * as store from './store';
import type { OpenLineageRow } from './tables';

/** Longer than any attempt takes. */
const LEASE_MS = 20_000;
/** A consumer that refuses an event gets it 12 times, over about 35 minutes; one that is away is waited for as long as events are kept. */
export const PATIENCE: Patience = { firstMs: 1_000, longestMs: 15 * 60_000, maxAttempts: 12 };
const LONGEST_AWAY_MS = 60_000;

export interface Consumer {
  url: string;
  apiKey: string | null;
}
export interface DeliveryDeps {
  db: Db;
  databaseUrl: string;
  log: Log;
  post: Post;
  consumer: Consumer;
  bodyOf: (row: OpenLineageRow) => Promise<string | null>;
  patience?: Patience;
}

/**
 * Sends events to the consumer, one after the other in the order in which they
 * came about. At least once: an attempt cut short by the end of the daemon is
 * made again when its lease has passed. The same event is the same bytes.
 */
export function createDelivery(deps: DeliveryDeps) {
  const { db, log } = deps;
  const patience = deps.patience ?? PATIENCE;
  const stopping = new AbortController();
  const waker = createWaker({ databaseUrl: deps.databaseUrl, channel: 'slipway_openlineage', log, onWake: sendDue });

  async function sendDue(): Promise<void> {
    while (!stopping.signal.aborted) {
      const head = await store.claimHead(db, LEASE_MS);
      if (!head || !(await attempt(head))) {
        return;
      }
    }
  }

  /** False where the next must wait for this one. */
  async function attempt(head: OpenLineageRow): Promise<boolean> {
    const body = await deps.bodyOf(head);
    if (body === null) {
      await store.settle(db, head, { status: 'failed', last_error: 'What it tells of is gone.', ended_at: new Date() });
      return true;
    }
    let answer: Answer | null = null;
    let error: string | null = null;
    try {
      const { url, apiKey } = deps.consumer;
      answer = await deps.post({ url, body, headers: { 'content-type': 'application/json', 'user-agent': 'Slipway-OpenLineage', ...(apiKey !== null && { authorization: `Bearer ${apiKey}` }) } }, stopping.signal);
    } catch (err) {
      error = err instanceof Error ? err.message || err.name : String(err);
    }
    return settle(head, answer, error);
  }

  async function settle(head: OpenLineageRow, answer: Answer | null, error: string | null): Promise<boolean> {
    const status = answer?.status ?? null;
    if (status !== null && status >= 200 && status < 300) {
      await store.settle(db, head, { status: 'delivered', last_status: status, last_error: null, ended_at: new Date() });
      return true;
    }
    const told = { last_status: status, last_error: (error ?? `Answered ${status}.`).slice(0, 500) };
    const wait = waitOf(status, head.attempts, answer?.retryAfterMs ?? null);
    log.info({ seq: head.seq, status, attempt: head.attempts, isLast: wait === null }, 'an OpenLineage event was not delivered');
    await store.settle(db, head, wait === null ? { ...told, status: 'failed', ended_at: new Date() } : { ...told, next_attempt_at: new Date(Date.now() + (stopping.signal.aborted ? 0 : wait)) });
    return wait === null;
  }

  /** null: no attempt is left. What another consumer's rules refuse will not pass the next time. */
  function waitOf(status: number | null, attempts: number, asked: number | null): number | null {
    if (status !== null && status < 500 && status !== 408 && status !== 429 && status !== 401 && status !== 403) {
      return null;
    }
    if (status !== null && status >= 500) {
      return waitAfter(attempts, patience, asked);
    }
    // Away, busy, or the key is not right yet: the event is fine.
    return Math.min(waitAfter(1, { ...patience, firstMs: patience.firstMs * 2 ** Math.min(attempts - 1, 20) }, asked) ?? LONGEST_AWAY_MS, Math.max(LONGEST_AWAY_MS, asked ?? 0));
  }

  return {
    start: (): void => waker.start(),
    async stop(): Promise<void> {
      stopping.abort();
      await waker.stop();
    }
  };
}
