import { randomUUID } from 'node:crypto';
import { MLFLOW_EVENTS, type NewWebhook, type Webhook, type WebhookChange, type WebhookDelivery, type WebhookEvent, type WebhookTestResult } from '@slipway/schema';
import { ensureSecretFile } from '../access';
import { InvalidInput, NotFound } from '../core/errors';
import type { Log } from '../core/log';
import type { Db, Tx } from '../database';
import type { Events, NewEvent } from '../events';
import { createAddressRules } from './addresses';
import { PATIENCE, type Patience } from './backoff';
import { bodyOf, exampleOf, isForWebhooks } from './bodies';
import { createDeliveries } from './deliveries';
import * as deliveryStore from './delivery-store';
import { createSecretBox } from './secrets';
import { createSender, type Answer } from './sender';
import * as store from './store';
import type { WebhookDeliveryRow, WebhookRow } from './tables';

export type Webhooks = ReturnType<typeof createWebhooks>;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Tells others over HTTP what happens in the registry: who is told, what, signed, and until it is there. */
export function createWebhooks(deps: { db: Db; databaseUrl: string; events: Events; log: Log; keyFile: string; allowedHosts: readonly string[]; patience?: Patience }) {
  const { db, events } = deps;
  const rules = createAddressRules(deps.allowedHosts);
  const send = createSender(rules);
  const secrets = createSecretBox(ensureSecretFile(deps.keyFile));
  const deliveries = createDeliveries({ db, databaseUrl: deps.databaseUrl, log: deps.log, send, secrets, patience: deps.patience ?? PATIENCE });
  const seal = (id: string, secret: string | undefined): string | null => (secret ? secrets.seal(secret, id) : null);

  async function find(id: string): Promise<WebhookRow> {
    return (UUID.test(id) ? await store.findWebhook(db, id) : undefined) ?? missing(id);
  }

  return {
    /** Seals secrets of calls in either direction with this home's key. */
    secrets,
    /** Adds events to the outbox, and for each webhook that asked for one its delivery, inside the caller's transaction. */
    async append(tx: Tx, list: readonly NewEvent[]): Promise<void> {
      await events.append(tx, list);
      const told = list.filter(isForWebhooks);
      if (told.length > 0) {
        await deliveryStore.insertDeliveries(tx, told.map(e => ({ type: e.type, body: bodyOf(e) })));
      }
    },
    async list(): Promise<Webhook[]> {
      return (await store.listWebhooks(db)).map(toWebhook);
    },
    /** Those that MLflow knows of, newest first: each asked for an event of MLflow's. */
    async listForMlflow(page: { limit: number; offset: number }): Promise<Webhook[]> {
      return (await store.webhooksOfEvents(db, MLFLOW_EVENTS, page)).map(toWebhook);
    },
    get: async (id: string): Promise<Webhook> => toWebhook(await find(id)),
    /** @throws {InvalidInput} `invalid_webhook_url` */
    async create(input: NewWebhook): Promise<Webhook> {
      await rules.check(input.url);
      const id = randomUUID();
      const { secret, events: asked, ...rest } = input;
      return toWebhook(await store.insertWebhook(db, { id, ...rest, events: [...new Set(asked)], sealed_secret: seal(id, secret) }));
    },
    async update(id: string, { secret, events: asked, ...rest }: WebhookChange): Promise<Webhook> {
      await find(id);
      if (rest.url !== undefined) {
        await rules.check(rest.url);
      }
      const row = await store.updateWebhook(db, id, { ...rest, ...(asked && { events: [...new Set(asked)] }), ...(secret !== undefined && { sealed_secret: seal(id, secret) }) });
      await deliveryStore.wakeSender(db);
      return toWebhook(row ?? missing(id));
    },
    async remove(id: string): Promise<void> {
      await find(id);
      await store.deleteWebhook(db, id);
    },
    /** Sends an example at once and tells how it was answered; nothing is retried. */
    async test(id: string, event?: WebhookEvent): Promise<WebhookTestResult> {
      const row = await find(id);
      try {
        const secret = row.sealed_secret === null ? null : secrets.open(row.sealed_secret, row.id);
        const answer: Answer = await send({ url: row.url, deliveryId: randomUUID(), body: exampleOf(event ?? (row.events[0] as WebhookEvent)), secret });
        return { success: answer.status < 400, responseStatus: answer.status, responseBody: answer.body, error: null };
      } catch (error) {
        return { success: false, responseStatus: null, responseBody: null, error: `Failed to test webhook: ${error instanceof Error ? error.message : String(error)}` };
      }
    },
    async deliveries(id: string, page: { limit: number; cursor?: string }): Promise<{ items: WebhookDelivery[]; nextCursor?: string }> {
      await find(id);
      if (page.cursor !== undefined && !/^\d{1,18}$/.test(page.cursor)) {
        throw new InvalidInput('invalid_cursor', 'The cursor is not one that a page gave.');
      }
      const rows = await deliveryStore.deliveriesOf(db, id, { limit: page.limit + 1, before: page.cursor ?? null });
      const shown = rows.slice(0, page.limit);
      return { items: shown.map(toDelivery), ...(rows.length > page.limit && { nextCursor: shown.at(-1)!.seq }) };
    },
    /** Sends an ended delivery once more, with all its attempts. */
    async redeliver(id: string, deliveryId: string): Promise<WebhookDelivery> {
      await find(id);
      const row = UUID.test(deliveryId) ? await deliveryStore.reviveDelivery(db, id, deliveryId) : undefined;
      if (!row) {
        throw new NotFound('no_such_delivery', 'There is no such delivery that has ended.');
      }
      await deliveryStore.wakeSender(db);
      return toDelivery(row);
    },
    start: (): void => deliveries.start(),
    stop: (): Promise<void> => deliveries.stop()
  };
}

function missing(id: string): never {
  throw new NotFound('no_such_webhook', `Webhook with ID ${id} not found.`);
}

function toWebhook(row: WebhookRow): Webhook {
  return {
    id: row.id,
    name: row.name,
    url: row.url,
    events: row.events as WebhookEvent[],
    description: row.description,
    status: row.status,
    hasSecret: row.sealed_secret !== null,
    createdAt: row.created_at.toISOString(),
    updatedAt: row.updated_at.toISOString()
  };
}

function toDelivery(row: WebhookDeliveryRow): WebhookDelivery {
  return {
    id: row.id,
    event: row.event,
    status: row.status,
    attempts: row.attempts,
    lastStatus: row.last_status,
    lastError: row.last_error,
    nextAttemptAt: row.status === 'pending' ? row.next_attempt_at.toISOString() : null,
    createdAt: row.created_at.toISOString(),
    endedAt: row.ended_at?.toISOString() ?? null,
    body: row.body
  };
}
