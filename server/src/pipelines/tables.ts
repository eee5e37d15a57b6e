import type { SpreadItem } from '@slipway/kernels-bridge';
import type { ApprovalStatus, Comparison, Difference, PipelineRun, Proof, RunOrigin, RunState, Scalar, Schedule, ScheduleSpec, StepState } from '@slipway/schema';
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

/** `next_fire_at` is null while paused, and once it is over. */
export interface ScheduleTable {
  id: string;
  pipeline: string;
  name: string;
  spec: Json<ScheduleSpec>;
  next_fire_at: Date | null;
  last_fire_at: Date | null;
  note: string | null;
  /** Who wrote it, or changed it last; null of one that is older than this column. */
  created_by: string | null;
  created_at: Generated<Date>;
}

/**
 * One fire time of one schedule, written once, whoever is first. It goes
 * `waiting → started | skipped`; `run_id` is set where it started.
 */
export interface ScheduleFireTable {
  schedule_id: string;
  fire_at: Date;
  state: 'waiting' | 'started' | 'skipped';
  /** Made up for after it was missed: it waits its turn whatever the schedule says of overlaps. */
  is_catch_up: boolean;
  interval_start: Date | null;
  run_id: string | null;
  note: string | null;
}

/** When somebody last looked at a pipeline's runs. */
export interface PipelineSeenTable {
  user_id: string;
  pipeline: string;
  seen_at: Generated<Date>;
}

export type RunTrigger = PipelineRun['trigger'];

/** Who or what asked for a run; `{}` for one started by hand. */
export type StoredOrigin = Partial<RunOrigin>;

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
  origin: ColumnType<StoredOrigin, string | undefined, never>;
  data_interval_start: Date | null;
  data_interval_end: Date | null;
  status: RunState;
  use_cache: boolean;
  params: Json<Record<string, Scalar>>;
  metrics: Json<Record<string, number | 'NaN' | 'Infinity' | '-Infinity'>>;
  models: Json<{ name: string; version: string }[]>;
  error: string | null;
  /** Waits until fewer runs of its pipeline are under way; nothing of it has begun. */
  is_held: Generated<boolean>;
  priority: Generated<number>;
  is_late: Generated<boolean>;
  /** The run's time was up: it ends as a failure. */
  timed_out: Generated<boolean>;
  revision: Generated<number>;
  created_by: string;
  created_at: Generated<Date>;
  started_at: Date | null;
  ended_at: Date | null;
}

/** Why a step was left out. */
export type SkipCode = 'before_failed' | 'before_skipped' | 'run_if' | 'condition' | 'branch';

/**
 * `waiting → queued → running → succeeded | failed | cancelled`; `skipped` when
 * a step before it failed, or a condition said so. A map is `running` while its
 * items are under way; a human step goes `waiting → awaiting → succeeded | failed`.
 */
export interface StepRunTable {
  run_id: string;
  ordinal: number;
  name: string;
  kind: Generated<'cells' | 'map' | 'human'>;
  status: StepState;
  skip_code: SkipCode | null;
  skipped_because: string | null;
  map_total: number | null;
  map_succeeded: Generated<number>;
  map_failed: Generated<number>;
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
  /** Of the GPU it used most; null where it held none for itself. */
  peak_gpu_memory_bytes: ColumnType<string | null, number | null, number | null>;
  gpu_percent: number | null;
  error: ColumnType<JobError | null, string | null, string | null>;
  started_at: Date | null;
  ended_at: Date | null;
}

/** One item of a map: `waiting → queued → running → succeeded | failed | cancelled`. */
export interface MapItemTable {
  run_id: string;
  ordinal: number;
  index: number;
  status: Generated<Exclude<StepState, 'awaiting' | 'skipped'>>;
  item: Json<SpreadItem>;
  cached: Generated<boolean>;
  may_use_cache: Generated<boolean>;
  attempts: Generated<number>;
  job_id: string | null;
  base_key: string | null;
  step_key: string | null;
  result: ColumnType<StepOutcome | null, string | null, string | null>;
  log_key: string | null;
  log_attempt: number | null;
  notebook_digest: string | null;
  error: ColumnType<JobError | null, string | null, string | null>;
  started_at: Date | null;
  ended_at: Date | null;
}

/** `open → approved | rejected | expired | cancelled`; an end is final, but a retry of the run asks anew. */
export interface ApprovalTable {
  run_id: string;
  ordinal: number;
  status: Generated<ApprovalStatus>;
  instructions: string;
  approvers: string[];
  self_approval: Generated<boolean>;
  requested_at: Generated<Date>;
  expires_at: Date | null;
  decided_by: string | null;
  decided_at: Date | null;
  comment: string | null;
}

/** What is to happen to a run at a time; gone once it has. */
export interface RunTimerTable {
  run_id: string;
  kind: 'timeout' | 'deadline' | 'approval';
  ordinal: Generated<number>;
  due_at: Date;
}

export interface PoolTable {
  name: string;
  slots: number;
  description: string;
  updated_by: string;
  updated_at: Generated<Date>;
}

/** A job that counts against a pool; it is given out only once it is seated. */
export interface PoolSeatTable {
  job_id: string;
  pool: string;
  is_seated: Generated<boolean>;
  /** Wants a seat from then on; null of one that has wanted it since it was made. */
  due_at: Date | null;
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
  pipeline_seen: PipelineSeenTable;
  pipeline_run: PipelineRunTable;
  step_run: StepRunTable;
  step_cache: StepCacheTable;
  step_model: StepModelTable;
  map_item: MapItemTable;
  approval: ApprovalTable;
  run_timer: RunTimerTable;
  pool: PoolTable;
  pool_seat: PoolSeatTable;
  proof: ProofTable;
}
export type PipelineRow = Selectable<PipelineTable>;
export type PipelineVersionRow = Selectable<PipelineVersionTable>;
export type ScheduleRow = Selectable<ScheduleTable>;
export type ScheduleFireRow = Selectable<ScheduleFireTable>;
export type RunRow = Selectable<PipelineRunTable>;
export type StepRow = Selectable<StepRunTable>;
export type MapItemRow = Selectable<MapItemTable>;
export type ApprovalRow = Selectable<ApprovalTable>;
export type RunTimerRow = Selectable<RunTimerTable>;
export type PoolRow = Selectable<PoolTable>;
export type ProofRow = Selectable<ProofTable>;
export type CacheRow = Selectable<StepCacheTable>;
