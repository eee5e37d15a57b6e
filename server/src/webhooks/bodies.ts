import { randomUUID } from 'node:crypto';
import { MLFLOW_EVENTS, WebhookEvent } from '@slipway/schema';
import type { NewEvent } from '../events';

const MLFLOW = new Set<string>(MLFLOW_EVENTS);
const KNOWN = new Set<string>(WebhookEvent.options);

export const isMlflowEvent = (type: string): boolean => MLFLOW.has(type);
/** True for news that a webhook can ask for. */
export const isForWebhooks = (event: NewEvent): boolean => KNOWN.has(event.type);

/** What is posted for an event: MLflow's own shape for MLflow's events, CloudEvents 1.0 (structured JSON) for ours. */
export function bodyOf(event: NewEvent, at = new Date()): string {
  const data = event.data ?? {};
  if (isMlflowEvent(event.type)) {
    const [entity, action] = event.type.split('.');
    return JSON.stringify({ entity, action, timestamp: at.toISOString().replace('Z', '+00:00'), data });
  }
  return JSON.stringify({
    specversion: '1.0',
    id: randomUUID(),
    source: `/api/v1/models/${encodeURIComponent(event.subject)}`,
    type: `slipway.${event.type}`,
    subject: event.subject,
    time: at.toISOString(),
    datacontenttype: 'application/json',
    data
  });
}

/** The body of a test: the examples of mlflow/webhooks/types.py. */
export function exampleOf(type: WebhookEvent): string {
  const [entity, action] = type.split('.') as [string, string];
  const isPrompt = entity.startsWith('prompt') && entity !== 'promotion';
  const name = isPrompt ? 'example_prompt' : 'example_model';
  const version = entity.endsWith('version') || entity.endsWith('version_tag') || (entity.endsWith('alias') && action === 'created') ? { version: '1' } : {};
  const source = entity === 'model_version' ? { source: 'models:/123', run_id: 'abcd1234abcd5678' } : entity === 'prompt_version' ? { template: 'Hello {{name}}!' } : {};
  const key = entity.endsWith('_tag') ? { key: 'example_key', ...(action === 'set' && { value: 'example_value' }) } : {};
  const alias = entity.endsWith('_alias') ? { alias: 'example_alias' } : {};
  const created = action === 'created' && !entity.endsWith('_alias') ? { tags: { example_key: 'example_value' }, description: `An example ${EXAMPLES[entity]}` } : {};
  return bodyOf({ type, subject: name, data: isMlflowEvent(type) ? { name, ...alias, ...version, ...source, ...key, ...created } : { name, version: '1', isTest: true } });
}

const EXAMPLES: Record<string, string> = { registered_model: 'registered model', model_version: 'model version', prompt: 'prompt', prompt_version: 'prompt version' };
