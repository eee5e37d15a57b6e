import { z } from 'zod';
import { Instant } from './common';
import { Notification } from './pipeline-options';

/** `failed`: it was tried for about half an hour, and given up. */
export const NotificationStatus = z.enum(['pending', 'delivered', 'failed']);
export type NotificationStatus = z.infer<typeof NotificationStatus>;

/** What was to be told of a run outside Slipway, and how that went. */
export const SentNotification = z
  .object({
    id: z.string(),
    runId: z.string(),
    pipeline: z.string(),
    occasion: Notification.shape.on.element,
    /** Addresses, or the host of a webhook: the rest of its URL may be a secret. */
    to: z.object({ kind: z.enum(['email', 'webhook']), address: z.string() }),
    status: NotificationStatus,
    attempts: z.int(),
    /** Why the last attempt failed. */
    reason: z.string().nullable(),
    createdAt: Instant,
    /** When it was delivered or given up. */
    endedAt: Instant.nullable()
  })
  .meta({ id: 'SentNotification' });
export type SentNotification = z.infer<typeof SentNotification>;
export const SentNotificationList = z.object({ items: z.array(SentNotification) });
export const SentNotificationQuery = z.object({
  runId: z.uuid().optional(),
  pipeline: z.string().optional(),
  status: NotificationStatus.optional(),
  limit: z.coerce.number().int().min(1).max(500).default(50)
});
