import { createHmac } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import type { TriggerSource } from '@slipway/schema';
import { isSame } from '../access';
import { Unauthenticated } from '../core/errors';
import type { Signal } from './tables';

export type WebhookSource = Extract<TriggerSource, { kind: 'webhook' }>;

/** Whether a call proves that it knows the secret, in the way its sender does. */
export function isGenuine(verify: WebhookSource['verify'], headers: IncomingHttpHeaders, body: Buffer, secret: string): boolean {
  const given = (name: string): string => String(headers[name] ?? '');
  switch (verify) {
    case 'token':
      return isSame(given('authorization'), `Bearer ${secret}`);
    case 'gitlab':
      return isSame(given('x-gitlab-token'), secret);
    case 'github':
      return isSame(given('x-hub-signature-256'), `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`);
  }
}

/** @throws Unauthenticated `bad_signature` */
export function requireGenuine(sources: readonly WebhookSource[], headers: IncomingHttpHeaders, body: Buffer, secret: string): void {
  if (!sources.some(s => isGenuine(s.verify, headers, body, secret))) {
    throw new Unauthenticated('bad_signature', 'The call is not signed with this trigger’s secret.');
  }
}

/** What a call tells a source; null where it is not meant: another branch, a ping. */
export function hookSignal(source: WebhookSource, headers: IncomingHttpHeaders, data: Record<string, unknown>, deliveryId: string): Signal | null {
  const event = String(headers['x-github-event'] ?? headers['x-gitlab-event'] ?? '');
  const isPush = event === '' || event === 'push' || event === 'Push Hook';
  if (event === 'ping' || (source.branch !== undefined && !(isPush && data.ref === `refs/heads/${source.branch}`))) {
    return null;
  }
  const what = event === '' ? 'A webhook was called.' : `A webhook told of ${event}${typeof data.ref === 'string' ? ` to ${data.ref}` : ''}.`;
  return { key: deliveryId, reason: what, data };
}

/** The sender's own id of a call, so that one sent again is one. */
export function deliveryIdOf(headers: IncomingHttpHeaders): string | undefined {
  const id = headers['x-github-delivery'] ?? headers['x-gitlab-event-uuid'] ?? headers['idempotency-key'] ?? headers['x-delivery-id'];
  return typeof id === 'string' && id !== '' ? id.slice(0, 200) : undefined;
}
