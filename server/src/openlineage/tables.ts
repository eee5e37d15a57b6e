import type { Generated, Selectable } from 'kysely';

export type EventType = 'START' | 'COMPLETE' | 'FAIL' | 'ABORT' | 'OTHER';

/**
 * pending → delivered, or failed once no attempt is left; `kept` where there is
 * no consumer. An attempt under way is a pending row whose `next_attempt_at` is
 * its lease. The oldest pending row alone is ever sent: consumers see events in
 * the order in which they came about.
 */
export interface OpenLineageEventTable {
  seq: Generated<string>;
  subject: string;
  job: 'pipeline' | 'step' | 'trial';
  step: string | null;
  attempt: number | null;
  type: EventType;
  at: Generated<Date>;
  body: string | null;
  status: 'kept' | 'pending' | 'delivered' | 'failed';
  attempts: Generated<number>;
  last_status: number | null;
  last_error: string | null;
  next_attempt_at: Generated<Date>;
  ended_at: Date | null;
}
export interface OpenLineageTables {
  openlineage_event: OpenLineageEventTable;
}
export type OpenLineageRow = Selectable<OpenLineageEventTable>;
