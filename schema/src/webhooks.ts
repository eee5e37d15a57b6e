import { z } from 'zod';
import { Instant, pageOf } from './common';

/** What MLflow's webhooks tell, in MLflow's own payloads. */
export const MLFLOW_EVENTS = [
  'registered_model.created',
  'model_version.created',
  'model_version_tag.set',
  'model_version_tag.deleted',
  'model_version_alias.created',
  'model_version_alias.deleted',
  'prompt.created',
  'prompt_version.created',
  'prompt_tag.set',
  'prompt_tag.deleted',
  'prompt_version_tag.set',
  'prompt_version_tag.deleted',
  'prompt_alias.created',
  'prompt_alias.deleted'
] as const;
/** What Slipway tells beside them, as CloudEvents 1.0. */
export const REGISTRY_EVENTS = [
  'model_gates.changed',
  'model_gates.evaluated',
  'model_gates.overridden',
  'model_latency.measured',
  'model_version_stage.changed',
  'model_version.described',
  'model_version.deleted',
  'model_card.edited',
  'registered_model.described',
  'registered_model.renamed',
  'registered_model.deleted',
  'registered_model_tag.set',
  'registered_model_tag.deleted',
  'promotion.requested',
  'promotion.approved',
  'promotion.rejected',
  'promotion.withdrawn',
  'promotion.expired'
] as const;
export const WebhookEvent = z.enum([...MLFLOW_EVENTS, ...REGISTRY_EVENTS]);
export type WebhookEvent = z.infer<typeof WebhookEvent>;

export const WebhookStatus = z.enum(['active', 'disabled']);
export type WebhookStatus = z.infer<typeof WebhookStatus>;

/** Where events are posted to. The secret signs them; it goes in and never comes out. */
export const Webhook = z
  .object({
    id: z.uuid(),
    name: z.string(),
    url: z.string(),
    events: z.array(WebhookEvent),
    description: z.string(),
    status: WebhookStatus,
    hasSecret: z.boolean(),
    createdAt: Instant,
    updatedAt: Instant
  })
  .meta({ id: 'Webhook' });
export type Webhook = z.infer<typeof Webhook>;
export const WebhookList = z.object({ items: z.array(Webhook) });

const fields = {
  name: z.string().regex(/^[a-z0-9]([a-z0-9._-]{0,61}[a-z0-9])?$/i, 'A name has at most 63 letters, digits, dots, underscores and hyphens, and starts and ends with a letter or digit'),
  url: z.string().max(2_000),
  events: z.array(WebhookEvent).min(1).max(100),
  description: z.string().max(5_000),
  secret: z.string().max(1_000),
  status: WebhookStatus
};
export const NewWebhook = z.object({ ...fields, description: fields.description.default(''), secret: fields.secret.min(1).optional(), status: WebhookStatus.default('active') });
export type NewWebhook = z.output<typeof NewWebhook>;
/** What is absent stays as it is; an empty secret takes the secret away. */
export const WebhookChange = z.object(fields).partial();
export type WebhookChange = z.infer<typeof WebhookChange>;

/** One event on its way to one webhook. */
export const WebhookDelivery = z
  .object({
    /** Sent as `X-MLflow-Delivery-Id`, the same at each attempt. */
    id: z.uuid(),
    event: z.string(),
    status: z.enum(['pending', 'delivered', 'failed']),
    attempts: z.number().int(),
    lastStatus: z.number().int().nullable().describe('HTTP status of the last answer; null where none came'),
    lastError: z.string().nullable(),
    nextAttemptAt: Instant.nullable(),
    createdAt: Instant,
    endedAt: Instant.nullable(),
    /** What is sent, byte for byte. */
    body: z.string()
  })
  .meta({ id: 'WebhookDelivery' });
export type WebhookDelivery = z.infer<typeof WebhookDelivery>;
export const WebhookDeliveryPage = pageOf(WebhookDelivery);

export const WebhookTest = z.object({ event: WebhookEvent.optional().describe('The webhook’s first when absent') });
export const WebhookTestResult = z.object({ success: z.boolean(), responseStatus: z.number().int().nullable(), responseBody: z.string().nullable(), error: z.string().nullable() });
export type WebhookTestResult = z.infer<typeof WebhookTestResult>;
