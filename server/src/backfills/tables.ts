import type { BackfillState, IntervalBinding, Scalar, Timing } from '@slipway/schema';
import type { ColumnType, Generated, Selectable } from 'kysely';

/** What all runs of a backfill have in common. */
export interface BackfillSpec {
  from: string;
  to: string;
  timing: Timing;
  params: Record<string, Scalar>;
  bindings: IntervalBinding[];
  order: 'oldest' | 'newest';
  useCache: boolean;
}

/** `running ⇄ paused`, then `succeeded | failed | cancelled`; running again what failed takes it back to `running`. */
export interface BackfillTable {
  id: string;
  pipeline: string;
  version: number;
  spec: ColumnType<BackfillSpec, string, never>;
  state: BackfillState;
  max_concurrent: number;
  created_by: string;
  created_at: Generated<Date>;
  ended_at: Date | null;
}

/** `waiting → started | refused`; what became of it then is its run's to say. Ordinals are in the order of starting. */
export interface BackfillItemTable {
  backfill_id: string;
  ordinal: number;
  interval_start: Date;
  interval_end: Date;
  state: Generated<'waiting' | 'started' | 'refused'>;
  run_id: string | null;
  tries: Generated<number>;
  error: string | null;
}

export interface BackfillTables {
  backfill: BackfillTable;
  backfill_item: BackfillItemTable;
}
export type BackfillRow = Selectable<BackfillTable>;
