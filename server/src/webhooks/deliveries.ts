import type { Log } from '../core/log';
import { createWaker, type Db } from '../database';
import { ForbiddenAddress } from './addresses';
import { mayRetry, waitAfter, type Patience } from './backoff';
import * as store from './delivery-store';
import type { SecretBox } from './secrets';
import type { Answer, Send } from './sender';

const AT_ONCE = 8;
const AT_ONCE_A_WEBHOOK = 2;
/** Longer than any attempt takes, so that nothing is sent twice while it is being sent. */
const LEASE_MS = 20_000;
const KEEP_MS = 30 * 24 * 3_600_000;
const TRIM_EVERY_MS = 3_600_000;

/**
 * Sends what is due, woken at the commit of a change and each second. At least
 * once: an attempt cut short by the end of the daemon is made again when its
 * lease has passed. One webhook that hangs does not hold up the others.
 */
export function createDeliveries(deps: { db: Db; databaseUrl: string; log: Log; send: Send; secrets: SecretBox; patience: Patience }) {
  const { db, log } = deps;
  const underWay = new Map<string, number>();
  const running = new Set<Promise<void>>();
  const stopping = new AbortController();
  let trimmedAt = 0;
  const waker = createWaker({ databaseUrl: deps.databaseUrl, channel: 'slipway_webhook', log, onWake: sendDue });

  async function sendDue(): Promise<void> {
    if (Date.now() - trimmedAt > TRIM_EVERY_MS) {
      trimmedAt = Date.now();
      await store.trimDeliveries(db, new Date(Date.now() - KEEP_MS));
    }
    while (running.size < AT_ONCE && !stopping.signal.aborted) {
      const due = await store.claimDue(db, { limit: AT_ONCE - running.size, perWebhook: AT_ONCE_A_WEBHOOK, busy: [...underWay.keys()], leaseMs: LEASE_MS });
      if (due.length === 0) {
        return;
      }
      due.forEach(begin);
    }
  }

  function begin(delivery: store.DueDelivery): void {
    const hook = delivery.webhook_id;
    underWay.set(hook, (underWay.get(hook) ?? 0) + 1);
    const work = attempt(delivery)
      .catch(err => log.warn({ err, delivery: delivery.id }, 'the outcome of a webhook delivery could not be written; it will be sent again'))
      .finally(() => {
        running.delete(work);
        const left = underWay.get(hook)! - 1;
        left > 0 ? underWay.set(hook, left) : underWay.delete(hook);
        waker.poke();
      });
    running.add(work);
  }

  async function attempt(delivery: store.DueDelivery): Promise<void> {
    let answer: Answer | null = null;
    let error: string | null = null;
    let mayPass = true;
    try {
      const secret = delivery.sealed_secret === null ? null : openSecret(delivery);
      answer = await deps.send({ url: delivery.url, deliveryId: delivery.id, body: delivery.body, secret }, stopping.signal);
    } catch (err) {
      error = describe(err);
      mayPass = !(err instanceof ForbiddenAddress || err instanceof UnreadableSecret);
    }
    await settle(delivery, answer, error, mayPass);
  }

  function openSecret(delivery: store.DueDelivery): string {
    try {
      return deps.secrets.open(delivery.sealed_secret!, delivery.webhook_id);
    } catch (cause) {
      throw new UnreadableSecret('The key file of this home does not open the webhook’s secret; set the secret again.', { cause });
    }
  }

  async function settle(delivery: store.DueDelivery, answer: Answer | null, error: string | null, mayPass: boolean): Promise<void> {
    const status = answer?.status ?? null;
    const told = { last_status: status, last_error: error ?? (isFine(status) ? null : `Answered ${status}.`) };
    const wait = isFine(status) || !mayPass || !mayRetry(status) ? null : waitAfter(delivery.attempts, deps.patience, answer?.retryAfterMs);
    if (wait === null) {
      await store.settleAttempt(db, delivery, { ...told, status: isFine(status) ? 'delivered' : 'failed', ended_at: new Date() });
    } else {
      await store.settleAttempt(db, delivery, { ...told, next_attempt_at: new Date(Date.now() + (stopping.signal.aborted ? 0 : wait)) });
    }
    if (!isFine(status)) {
      log.info({ delivery: delivery.id, webhook: delivery.webhook_id, status, attempt: delivery.attempts, isLast: wait === null }, 'a webhook was not delivered');
    }
  }

  return {
    start: (): void => waker.start(),
    async stop(): Promise<void> {
      stopping.abort();
      await waker.stop();
      await Promise.allSettled(running);
    }
  };
}

class UnreadableSecret extends Error {}

const isFine = (status: number | null): boolean => status !== null && status >= 200 && status < 300;

function describe(err: unknown): string {
  return (err instanceof Error ? err.message || ('code' in err ? String(err.code) : err.name) : String(err)).slice(0, 500);
}
