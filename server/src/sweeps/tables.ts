import type { NewSweep, Scalar, SweepState, SweepTrialState } from '@slipway/schema';
import type { ColumnType, Generated, Selectable } from 'kysely';

/** What a sweep was asked to be, its sampler's seed settled. */
export type SweepSpec = Pick<NewSweep, 'space' | 'params' | 'objective' | 'sampler' | 'pruner' | 'maxFailures' | 'warmStart' | 'useCache'>;

/** A trial of an earlier sweep, as far as it lies in the space. */
export interface WarmTrial {
  params: Record<string, Scalar>;
  value: number;
}

/** What Optuna notes of a trial for itself. */
export type TrialAttrs = Record<string, unknown>;

/** `running ⇄ paused`; `stopping` while its last trials end, then `ends_as`; more trials take it back to `running`. */
export interface SweepTable {
  id: string;
  name: string;
  pipeline: string;
  version: number;
  spec: ColumnType<SweepSpec, string, never>;
  warm: ColumnType<WarmTrial[], string, never>;
  state: SweepState;
  ends_as: 'succeeded' | 'failed' | 'cancelled' | null;
  why: string | null;
  mlflow_run_id: string;
  sampler_state: string | null;
  max_trials: number;
  max_parallel: number;
  time_limit_ms: ColumnType<string | null, number | null, number | null>;
  patience: number | null;
  active_ms: ColumnType<string, number | undefined, number>;
  active_since: Date | null;
  judged_from: Generated<Date>;
  created_by: string;
  created_at: Generated<Date>;
  ended_at: Date | null;
}

/**
 * `waiting → running → succeeded | pruned | failed | cancelled`: its params are
 * settled before its run is made, and the run is made once.
 */
export interface SweepTrialTable {
  sweep_id: string;
  number: number;
  params: ColumnType<Record<string, Scalar>, string, never>;
  attrs: ColumnType<TrialAttrs, string, string>;
  state: Generated<SweepTrialState>;
  run_id: string | null;
  is_pruned: Generated<boolean>;
  value: number | null;
  error: string | null;
  created_at: Generated<Date>;
  ended_at: Date | null;
}

/** The objective while a trial ran; the first value of a step counts. */
export interface SweepReportTable {
  sweep_id: string;
  number: number;
  step: ColumnType<string, number, never>;
  value: number;
}

export interface SweepTables {
  sweep: SweepTable;
  sweep_trial: SweepTrialTable;
  sweep_report: SweepReportTable;
}
export type SweepRow = Selectable<SweepTable>;
export type TrialRow = Selectable<SweepTrialTable>;
