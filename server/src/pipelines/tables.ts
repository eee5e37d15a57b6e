import type { Comparison, Difference, Proof, RunState, Scalar, Schedule, StepState } from '@slipway/schema';
import type { ColumnType, Generated, Selectable } from 'kysely';
import type { JobError } from '../scheduler';
import type { PipelineContent } from './content';
import type { StepOutcome } from './step-outcome';

/** jsonb: read as a value, written as its text. */
type Json<T> = ColumnType<T, string, string>;

/** What is run, by the hash of itself: versions and runs refer to it, and it never changes. */
export interface PipelineContentTable {
  hash: string;
  content: Json<PipelineContent>;
}

export interface PipelineTable {
  name: string;
  latest_version: number;
  created_at: Generated<Date>;
  removed_at: Date | null;
}

export interface PipelineVersionTable {
  pipeline: string;
  version: number;
  content_hash: string;
  created_at: Generated<Date>;
  created_by: string;
}

/** `next_fire_at` is null while paused. `id` changes with the expression, so that fire times are counted anew. */
export interface ScheduleTable {
  pipeline: string;
  id: string;
  cron: string;
  time_zone: string;
  is_paused: boolean;
  next_fire_at: Date | null;
  last_fire_at: Date | null;
  note: string | null;
}

/** One fire time of one schedule: written once, whoever is first. `run_id` is null where the fire was skipped. */
export interface ScheduleFireTable {
  schedule_id: string;
  fire_at: Date;
  run_id: string | null;
}

export type RunTrigger = 'hand' | 'schedule' | 'proof' | 'retry';

/**
 * A run goes `queued → running → succeeded | failed | cancelled`, by way of
 * `cancelling` when it was running; a retry takes it back to `running`. Every
 * change to it or its steps that decides something raises `revision`, so that
 * two daemons never advance it from the same state.
 */
export interface PipelineRunTable {
  id: string;
  pipeline: string;
  /** 0 for the run of a proof. */
  version: number;
  content_hash: string;
  mlflow_run_id: string | null;
  trigger: RunTrigger;
  status: RunState;
  use_cache: boolean;
  params: Json<Record<string, Scalar>>;
  metrics: Json<Record<string, number | 'NaN' | 'Infinity' | '-Infinity'>>;
  models: Json<{ name: string; version: string }[]>;
  error: string | null;
  revision: Generated<number>;
  created_by: string;
  created_at: Generated<Date>;
  started_at: Date | null;
  ended_at: Date | null;
}

/** `waiting → queued → running → succeeded | failed | cancelled`; `skipped` when a step before it failed. */
export interface StepRunTable {
  run_id: string;
  ordinal: number;
  name: string;
  status: StepState;
  cached: Generated<boolean>;
  cache_note: string | null;
  may_use_cache: Generated<boolean>;
  attempts: Generated<number>;
  job_id: string | null;
  base_key: string | null;
  /** Set once it succeeded with a result that may be reused. */
  step_key: string | null;
  result: ColumnType<StepOutcome | null, string | null, string | null>;
  log_key: string | null;
  log_attempt: number | null;
  notebook_digest: string | null;
  pid: number | null;
  peak_memory_bytes: ColumnType<string | null, number | null, number | null>;
  error: ColumnType<JobError | null, string | null, string | null>;
  started_at: Date | null;
  ended_at: Date | null;
}

/** Results by key. One with impurities is never reused: it is there to say why. */
export interface StepCacheTable {
  step_key: string;
  base_key: string;
  result: Json<StepOutcome>;
  log_key: string;
  log_attempt: number;
  created_at: Generated<Date>;
}

/** The model version a step's result was registered as, so that a cached step does not register it again. */
export interface StepModelTable {
  pipeline: string;
  step_key: string;
  variable: string;
  model_name: string;
  model_version: string;
}

export interface ProofTable {
  id: string;
  pipeline: string;
  content_hash: string;
  /** What the spec said; null where it said nothing, which leaves a schedule as it is. */
  schedule: ColumnType<{ value: Schedule | null } | null, string | null, string | null>;
  status: Proof['status'];
  phase: Proof['phase'];
  run_id: string | null;
  agreed: Json<Comparison[]>;
  differences: Json<Difference[]>;
  notes: Json<string[]>;
  worker_home: string;
  started_at: Generated<Date>;
  ended_at: Date | null;
}

export interface PipelineTables {
  pipeline_content: PipelineContentTable;
  pipeline: PipelineTable;
  pipeline_version: PipelineVersionTable;
  schedule: ScheduleTable;
  schedule_fire: ScheduleFireTable;
  pipeline_run: PipelineRunTable;
  step_run: StepRunTable;
  step_cache: StepCacheTable;
  step_model: StepModelTable;
  proof: ProofTable;
}
export type PipelineRow = Selectable<PipelineTable>;
export type PipelineVersionRow = Selectable<PipelineVersionTable>;
export type ScheduleRow = Selectable<ScheduleTable>;
export type RunRow = Selectable<PipelineRunTable>;
export type StepRow = Selectable<StepRunTable>;
export type ProofRow = Selectable<ProofTable>;
export type CacheRow = Selectable<StepCacheTable>;
