import type { TriggerSpec } from '@slipway/schema';
import type { ColumnType, Generated, Selectable } from 'kysely';

type Json<T> = ColumnType<T, string, string>;

export interface PipelineTriggerTable {
  id: string;
  pipeline: string;
  name: string;
  spec: Json<TriggerSpec>;
  sealed_secret: string | null;
  /** The home of the daemon on whose machine its files lie. */
  home: string;
  note: string | null;
  created_by: string;
  created_at: Generated<Date>;
  last_fired_at: Date | null;
}

/** What is looked at again and again; `revision` says whether somebody else looked meanwhile. */
export interface TriggerSourceTable {
  trigger_id: string;
  place: string;
  state: ColumnType<unknown, string | null | undefined, string>;
  revision: Generated<number>;
  next_look_at: Generated<Date>;
  error: string | null;
}

/** Once for each key: seen twice, it is one. */
export interface TriggerSignalTable {
  id: Generated<string>;
  trigger_id: string;
  place: string;
  key: string;
  at: Generated<Date>;
  reason: string;
  payload: Json<Record<string, unknown>>;
  firing_id: string | null;
}

/** `waiting → started | refused`. */
export interface TriggerFiringTable {
  id: string;
  trigger_id: string;
  at: Generated<Date>;
  state: 'waiting' | 'started' | 'refused';
  reason: string;
  payload: Json<Record<string, unknown>>;
  run_id: string | null;
  error: string | null;
}

export interface TriggerCursorTable {
  id: Generated<number>;
  event_id: string;
}

export interface TriggerTables {
  pipeline_trigger: PipelineTriggerTable;
  trigger_source: TriggerSourceTable;
  trigger_signal: TriggerSignalTable;
  trigger_firing: TriggerFiringTable;
  trigger_cursor: TriggerCursorTable;
}
export type TriggerRow = Selectable<PipelineTriggerTable>;
export type SignalRow = Selectable<TriggerSignalTable>;
export type FiringRow = Selectable<TriggerFiringTable>;

/** Something a trigger waits for came about. */
export interface Signal {
  key: string;
  reason: string;
  data: Record<string, unknown>;
}

/** An event of the outbox. */
export interface EventRow {
  id: string;
  type: string;
  subject: string;
  data: Record<string, unknown>;
  at: Date;
}
