import type { ColumnType, Generated, Selectable } from 'kysely';

/** int8: read as text (a JS number loses bits), written as text, number or bigint. */
type Int8 = ColumnType<string, string | number | bigint, string | number | bigint>;
type NullableInt8 = ColumnType<string | null, string | number | bigint | null, string | number | bigint | null>;
type Json<T> = ColumnType<T, string, string>;
export type Lifecycle = 'active' | 'deleted';
export type RunStatus = 'RUNNING' | 'SCHEDULED' | 'FINISHED' | 'FAILED' | 'KILLED';

export interface ExperimentTable {
  id: Generated<string>;
  name: string;
  artifact_location: string;
  lifecycle_stage: Generated<Lifecycle>;
  creation_time: Int8;
  last_update_time: Int8;
}
export interface RunTable {
  /** 32 hex digits. */
  id: string;
  experiment_id: string;
  name: string;
  user_id: string;
  /** RUNNING until it ends; a restarted run may become RUNNING again. */
  status: RunStatus;
  lifecycle_stage: Generated<Lifecycle>;
  start_time: Int8;
  end_time: NullableInt8;
  artifact_uri: string;
  source_type: Generated<string>;
  deleted_time: NullableInt8;
}
interface KeyValue {
  key: string;
  value: string;
}
export interface MetricTable {
  run_id: string;
  key: string;
  step: Int8;
  timestamp: Int8;
  value: number;
  model_id: string | null;
  dataset_name: string | null;
  dataset_digest: string | null;
}
/** What was logged of one metric at once; the i-th of each list are one point. Written by `log_points`, read as arrays' text. */
export interface MetricChunkTable extends Pick<MetricTable, 'run_id' | 'key' | 'model_id' | 'dataset_name' | 'dataset_digest'> {
  steps: string[];
  timestamps: string[];
  values: number[];
}
export interface DatasetTable {
  id: Generated<string>;
  experiment_id: string;
  name: string;
  digest: string;
  source_type: string;
  source: string;
  schema: string | null;
  profile: string | null;
}
export interface LoggedModelTable {
  id: string;
  experiment_id: string;
  name: string;
  model_type: string | null;
  source_run_id: string | null;
  artifact_location: string;
  status: string;
  lifecycle_stage: Generated<Lifecycle>;
  params: Json<Record<string, string>>;
  tags: Json<Record<string, string>>;
  creation_time: Int8;
  last_update_time: Int8;
}

export interface TrackingTables {
  experiment: ExperimentTable;
  experiment_tag: KeyValue & { experiment_id: string };
  run: RunTable;
  run_param: KeyValue & { run_id: string };
  run_tag: KeyValue & { run_id: string };
  metric_chunk: MetricChunkTable;
  /** A view of the chunks, point by point. */
  metric: MetricTable;
  latest_metric: Pick<MetricTable, 'run_id' | 'key' | 'step' | 'timestamp' | 'value'>;
  dataset: DatasetTable;
  run_dataset: { run_id: string; dataset_id: string; tags: Json<{ key: string; value: string }[]> };
  logged_model: LoggedModelTable;
  run_model: { run_id: string; model_id: string; role: 'input' | 'output'; step: Int8 };
}
export type ExperimentRow = Selectable<ExperimentTable>;
export type RunRow = Selectable<RunTable>;
export type MetricRow = Selectable<MetricTable>;
export type LatestMetricRow = Selectable<TrackingTables['latest_metric']>;
export type DatasetRow = Selectable<DatasetTable>;
export type LoggedModelRow = Selectable<LoggedModelTable>;
