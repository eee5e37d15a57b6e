import type { SentNotification } from '@slipway/schema';
import type { ToldRow } from './store';
import type { NotificationRow } from './tables';

export function toSent(row: ToldRow): SentNotification {
  return {
    id: row.id,
    runId: row.run_id,
    pipeline: row.pipeline,
    occasion: row.event.type.split('.').at(-1) as SentNotification['occasion'],
    to: 'email' in row.target ? { kind: 'email', address: row.target.email.join(', ') } : { kind: 'webhook', address: shownUrl(row.target.webhook) },
    status: row.status,
    attempts: row.attempts,
    reason: row.last_error,
    createdAt: row.created_at.toISOString(),
    endedAt: row.ended_at?.toISOString() ?? null
  };
}

/** Why an attempt failed, without the URL, which may be a secret. */
export function reasonOf(err: unknown, target: NotificationRow['target']): string {
  const message = err instanceof Error ? err.message : String(err);
  return ('webhook' in target ? message.replaceAll(target.webhook, shownUrl(target.webhook)) : message).slice(0, 500);
}

function shownUrl(url: string): string {
  return `${new URL(url).origin}/…`;
}
