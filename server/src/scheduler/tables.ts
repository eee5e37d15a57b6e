import type { ColumnType, Generated, Selectable } from 'kysely';
import type { JobError, JobSpec } from './executor';

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
  losses: Generated<number>;
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

export interface SchedulerTables {
  job: JobTable;
  worker: WorkerTable;
}
export type JobState = 'queued' | 'running' | 'succeeded' | 'failed' | 'cancelled';
export type JobRow = Selectable<JobTable>;
