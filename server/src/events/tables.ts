import type { Generated, Selectable } from 'kysely';

/** The outbox: a row is written in the transaction of what it tells of. */
export interface EventTable {
  id: Generated<string>;
  type: string;
  subject: string;
  data: Record<string, unknown>;
  at: Generated<Date>;
}

export interface EventTables {
  event: EventTable;
}
export type EventRow = Selectable<EventTable>;
