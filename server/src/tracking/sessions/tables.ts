import type { CellExecuted, MetricValue, Scalar } from '@slipway/schema';
import type { ColumnType, Generated, Selectable } from 'kysely';

type Json<T> = ColumnType<T, string, string>;

export interface SessionTable {
  id: string;
  run_id: string;
  experiment_id: string;
  kernel_id: string;
  language: string;
  notebook_path: string | null;
  /** What metric marks hang on: the notebook's path, or the session where there is none. */
  notebook_key: string;
  host: string;
  user_name: string;
  pid: number | null;
  /** Tells the kernel's process from a later one of the same pid; null where it was gone, or is not of this machine. */
  pid_identity: string | null;
  status: 'running' | 'finished' | 'killed';
  started_at: Date;
  ended_at: Date | null;
  /** When a record of it last came in. */
  seen_at: ColumnType<Date, Date | undefined, Date>;
}

/** The parts of a record that are only ever shown, never searched. */
export type ExecutionDetails = Pick<CellExecuted, 'scalars' | 'types' | 'metrics' | 'data' | 'packages' | 'mlflowRuns' | 'impurities' | 'machine'>;

/** A row appears when the cell starts, is completed once when it ended, and keeps what it says for ever; the last two columns are our judgement. */
export interface CellExecutionTable {
  execution_id: string;
  session_id: string;
  seq: number;
  cell_id: string | null;
  execution_count: number | null;
  source: string;
  status: 'running' | 'ok' | 'error' | 'aborted' | 'lost';
  error: Json<CellExecuted['error']> | null;
  started_at: Date;
  duration_ms: Generated<number>;
  bound: Generated<string[]>;
  deleted: Generated<string[]>;
  read: Generated<string[]>;
  details: ColumnType<Partial<ExecutionDetails>, string | undefined, string>;
  peak_memory_bytes: string | number | null;
  hidden_state: Generated<string[]>;
  trial_id: string | null;
}

export interface TrialTable {
  run_id: string;
  session_id: string;
  ordinal: number;
  core_key: string;
  group_key: string;
  params: Json<Record<string, Scalar>>;
  slice: string[];
  mlflow_run_ids: Generated<string[]>;
  started_at: Date;
}

export interface MetricPoint {
  step: number;
  value: MetricValue;
  loop: Record<string, Scalar>;
}

export interface TrialMetricTable {
  trial_id: string;
  name: string;
  execution_id: string;
  value: Json<MetricValue>;
  history: Json<MetricPoint[]>;
  is_marked: boolean;
}

export interface SessionTables {
  session: SessionTable;
  hook_record: { session_id: string; seq: number };
  cell_execution: CellExecutionTable;
  trial: TrialTable;
  trial_metric: TrialMetricTable;
  metric_mark: { notebook_key: string; name: string; is_metric: boolean };
}
export type SessionRow = Selectable<SessionTable>;
export type CellExecutionRow = Selectable<CellExecutionTable>;
export type TrialRow = Selectable<TrialTable>;
export type TrialMetricRow = Selectable<TrialMetricTable>;
