import type { Notification } from '@slipway/schema';
import type { ColumnType, Generated, Selectable } from 'kysely';

/** One message to one place: `pending → delivered | failed`. */
export interface NotificationTable {
  id: string;
  run_id: string;
  target: ColumnType<Notification['to'], string, string>;
  event: ColumnType<CloudEvent, string, string>;
  status: Generated<'pending' | 'delivered' | 'failed'>;
  attempts: Generated<number>;
  next_attempt_at: Generated<Date>;
  last_error: string | null;
  created_at: Generated<Date>;
  /** When it was delivered or given up. */
  ended_at: Date | null;
}

/** CloudEvents 1.0, in its JSON form. */
export interface CloudEvent {
  specversion: '1.0';
  id: string;
  source: string;
  type: string;
  subject: string;
  time: string;
  datacontenttype: 'application/json';
  data: { pipeline: string; version: number; runId: string; status: string; trigger: string; error: string | null; step?: string; instructions?: string; message?: string; url?: string };
}

export interface NotificationTables {
  notification: NotificationTable;
}
export type NotificationRow = Selectable<NotificationTable>;
