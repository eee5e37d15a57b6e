import type { Generated, Selectable } from 'kysely';

export interface WebhookTable {
  id: string;
  name: string;
  url: string;
  events: string[];
  description: string;
  sealed_secret: string | null;
  status: 'active' | 'disabled';
  created_at: Generated<Date>;
  updated_at: Generated<Date>;
}
/**
 * pending → delivered, or failed once no attempt is left. An attempt under way
 * is a pending row whose `next_attempt_at` is its lease: should the daemon die,
 * the row is due again when the lease ends.
 */
export interface WebhookDeliveryTable {
  id: Generated<string>;
  seq: Generated<string>;
  webhook_id: string;
  event: string;
  body: string;
  status: Generated<'pending' | 'delivered' | 'failed'>;
  attempts: Generated<number>;
  last_status: number | null;
  last_error: string | null;
  next_attempt_at: Generated<Date>;
  created_at: Generated<Date>;
  ended_at: Date | null;
}
export interface WebhookTables {
  webhook: WebhookTable;
  webhook_delivery: WebhookDeliveryTable;
}
export type WebhookRow = Selectable<WebhookTable>;
export type WebhookDeliveryRow = Selectable<WebhookDeliveryTable>;
