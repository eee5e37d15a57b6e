import { MLFLOW_EVENTS, NewWebhook, WebhookChange, type Webhook, type WebhookEvent } from '@slipway/schema';
import { z } from 'zod';
import { InvalidInput } from '../core/errors';
import { mlflow, search } from '../tracking';
import { isMlflowEvent } from './bodies';
import type { Webhooks } from './service';

const { PageToken, Text, int8, list, mlflowRoute, pageSize } = mlflow;
/** `{entity: 'MODEL_VERSION', action: 'CREATED'}` → `model_version.created`. */
const Event = z
  .object({ entity: z.string(), action: z.string() })
  .transform(e => `${e.entity}.${e.action}`.toLowerCase())
  .refine(isMlflowEvent, `it is none of ${MLFLOW_EVENTS.join(', ')}`)
  .transform(e => e as WebhookEvent);
const Status = z.enum(['ACTIVE', 'DISABLED']).transform(s => (s === 'ACTIVE' ? ('active' as const) : ('disabled' as const)));
const given = (text: string | null | undefined): string | undefined => text || undefined;

/** MLflow's webhook API. */
export function mlflowWebhookRoutes(webhooks: Webhooks): mlflow.MlflowRoute[] {
  const New = z.object({ name: Text, url: Text, events: list(Event), description: Text.nullish(), secret: Text.nullish(), status: Status.nullish() });
  const one = (webhook: Webhook) => ({ webhook: toMlflow(webhook) });
  return [
    mlflowRoute('post', '/webhooks', 'webhooks:admin', New, async ({ input }) =>
      one(await webhooks.create(checked(NewWebhook, { ...input, description: given(input.description), secret: given(input.secret), status: input.status ?? undefined })))
    ),
    mlflowRoute('get', '/webhooks', 'webhooks:admin', z.object({ max_results: z.preprocess(v => (v === '0' ? undefined : v), pageSize(100, 1_000)), page_token: PageToken }), async ({ input }) => {
      const page = { maxResults: input.max_results, pageToken: input.page_token };
      const found = search.pageOf(await webhooks.listForMlflow({ limit: page.maxResults + 1, offset: search.offsetOf(page.pageToken) }), page);
      return { webhooks: found.rows.map(toMlflow), ...(found.nextPageToken && { next_page_token: found.nextPageToken }) };
    }),
    mlflowRoute('get', '/webhooks/:id', 'webhooks:admin', z.object({}), async ({ params }) => one(await webhooks.get(params.id!))),
    mlflowRoute('patch', '/webhooks/:id', 'webhooks:admin', New.partial(), async ({ params, input }) => {
      const { name, url, events, description, secret, status } = input;
      return one(await webhooks.update(params.id!, checked(WebhookChange, { name: given(name), url: given(url), events: events?.length ? events : undefined, description: description ?? undefined, secret: secret ?? undefined, status: status ?? undefined })));
    }),
    mlflowRoute('delete', '/webhooks/:id', 'webhooks:admin', z.object({}), async ({ params }) => {
      await webhooks.remove(params.id!);
      return {};
    }),
    mlflowRoute('post', '/webhooks/:id/test', 'webhooks:admin', z.object({ event: Event.nullish() }), async ({ params, input }) => {
      const { success, responseStatus, responseBody, error } = await webhooks.test(params.id!, input.event ?? undefined);
      return { result: { success, ...(responseStatus !== null && { response_status: responseStatus }), ...(responseBody !== null && { response_body: responseBody }), ...(error !== null && { error_message: error }) } };
    })
  ];
}

function checked<S extends z.ZodType>(schema: S, value: object): z.output<S> {
  const result = schema.safeParse(Object.fromEntries(Object.entries(value).filter(([, v]) => v !== undefined)));
  if (!result.success) {
    const issue = result.error.issues[0]!;
    throw new InvalidInput('invalid_parameter', `Invalid value for parameter '${issue.path.join('.')}' supplied: ${issue.message}.`);
  }
  return result.data;
}

function toMlflow(webhook: Webhook) {
  return {
    webhook_id: webhook.id,
    name: webhook.name,
    url: webhook.url,
    // MLflow's client does not know ours.
    events: webhook.events.filter(isMlflowEvent).map(e => ({ entity: e.split('.')[0]!.toUpperCase(), action: e.split('.')[1]!.toUpperCase() })),
    ...(webhook.description !== '' && { description: webhook.description }),
    status: webhook.status.toUpperCase(),
    creation_timestamp: int8(Date.parse(webhook.createdAt)),
    last_updated_timestamp: int8(Date.parse(webhook.updatedAt))
  };
}
