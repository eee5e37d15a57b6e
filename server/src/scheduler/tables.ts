import type { ColumnType, Generated, Selectable } from 'kysely';
import type { Resources, RetryPolicy } from '@slipway/schema';
import type { JobError, JobSpec } from './executor';
import type { Allocation } from './policy';
import type { PolicyTables } from './policy-tables';

/**
 * A job goes `queued → running → succeeded | failed | cancelled`. From `running`
 * it goes back to `queued` when its cause may be tried again (`retries` + 1) or
 * when its worker is gone (`losses` + 1). Each claim adds one to `attempt`, and
 * only who holds the lease of that very attempt may say how it ended.
 */
export interface JobTable {
  id: string;
  kind: string;
  label: string;
  state: Generated<JobState>;
  priority: Generated<number>;
  attempt: Generated<number>;
  retries: Generated<number>;
  max_retries: Generated<number>;
  /** null: what may pass is tried again. */
  retry: ColumnType<RetryPolicy | null, string | null, string | null>;
  losses: Generated<number>;
  /** Whose quota and share it counts against. */
  project: Generated<string>;
  is_preemptible: Generated<boolean>;
  /** null for jobs of before, whose `cpus`, `memory_bytes` and `gpus` say it. */
  resources: ColumnType<Resources | null, string | null | undefined, string | null>;
  estimate_ms: ColumnType<string, number | undefined, number>;
  /** Its place in its project's line; smaller starts earlier. */
  rank: Generated<number>;
  /** The same for jobs between which placement makes no difference; null for an engine's. */
  line: ColumnType<string | null, string | null | undefined, string | null>;
  array_id: string | null;
  array_parallel: number | null;
  /** While it runs: what it holds, and its part of the cluster. */
  allocation: ColumnType<Allocation | null, string | null | undefined, string | null>;
  cost: Generated<number>;
  stop_requested_at: Date | null;
  preempted_for: string | null;
  preemptions: Generated<number>;
  cpus: number;
  memory_bytes: ColumnType<string, number, number>;
  gpus: Generated<number>;
  spec: ColumnType<JobSpec, string, string>;
  log_key: string;
  not_before: Generated<Date>;
  worker_id: string | null;
  lease_until: Date | null;
  cancel_requested_at: Date | null;
  pid: number | null;
  pid_identity: string | null;
  /** Of the daemon's configuration; null = this machine. */
  engine: string | null;
  /** The engine's own id of the running attempt, once it has answered with one. */
  engine_handle: string | null;
  error: ColumnType<JobError | null, string | null, string | null>;
  /** Who asked for it; null for jobs of before, and for those that nobody asked for. */
  created_by: string | null;
  created_at: Generated<Date>;
  started_at: Date | null;
  ended_at: Date | null;
}

/** One start of a daemon; rows of earlier starts of the same home are dead. */
export interface WorkerTable {
  id: string;
  home: string;
  started_at: Generated<Date>;
}

export interface SchedulerTables extends PolicyTables {
  job: JobTable;
  worker: WorkerTable;
}
export type JobState = 'queued' | 'running' | 'succeeded' | 'failed' | 'cancelled';
export type JobRow = Selectable<JobTable>;
