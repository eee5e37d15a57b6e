import type { ColumnType, Generated } from 'kysely';
import type { Amounts, Device } from './policy';

/** How busy a GPU was. */
export interface GpuUse {
  utilisationPercent: number;
  usedMemoryBytes: number;
}

/** A daemon's machine; in use as long as it was seen lately. */
export interface NodeTable {
  id: string;
  name: string;
  cpus: number;
  memory_bytes: ColumnType<string, number, number>;
  scratch_bytes: ColumnType<string, number, number>;
  devices: ColumnType<Device[], string, string>;
  is_spot: Generated<boolean>;
  drained_at: Date | null;
  seen_at: Generated<Date>;
  /** By device, at the last heartbeat; null where nothing is known. */
  gpu_load: ColumnType<Record<string, GpuUse> | null, string | null | undefined, string | null>;
}

export interface ProjectQuotaTable {
  project: string;
  guaranteed: ColumnType<Partial<Amounts>, string, string>;
  /** null: as much as is idle. */
  most: ColumnType<Partial<Amounts> | null, string | null, string | null>;
  weight: number;
}

export interface ProjectUsageTable {
  project: string;
  value: number;
  at: Date;
}

export interface ReservationTable {
  id: string;
  project: string;
  node_ids: string[];
  device_ids: string[];
  begins_at: Date;
  ends_at: Date;
  created_by: string;
}

/** What the last successful runs of a step took, the newest first. */
export interface JobHistoryTable {
  label: string;
  durations_ms: ColumnType<string[], string[], string[]>;
  peaks_bytes: ColumnType<string[], string[], string[]>;
  asked_bytes: ColumnType<string, number, number>;
  gpu_peaks_bytes: ColumnType<string[], string[] | undefined, string[]>;
  gpu_percents: Generated<number[]>;
  /** Of the smallest GPU it held. */
  gpu_memory_bytes: ColumnType<string | null, number | null | undefined, number | null>;
  asked_gpus: Generated<number>;
  /** The cell that needed most memory in the last run. */
  peak_cell: string | null;
  updated_at: Generated<Date>;
}

export interface SchedulingChangeTable {
  id: Generated<string>;
  person: string;
  action: string;
  subject: string;
  detail: ColumnType<Record<string, unknown>, string, string>;
  at: Generated<Date>;
}

/** One row, or none: what was changed of the policy's settings. */
export interface PolicySettingsTable {
  is_only: Generated<boolean>;
  half_life_ms: ColumnType<string, number, number>;
  min_run_ms: ColumnType<string, number, number>;
  grace_ms: ColumnType<string, number, number>;
}

export interface PolicyTables {
  node: NodeTable;
  policy_settings: PolicySettingsTable;
  licence: { name: string; total: number };
  project_quota: ProjectQuotaTable;
  project_usage: ProjectUsageTable;
  reservation: ReservationTable;
  job_history: JobHistoryTable;
  scheduling_change: SchedulingChangeTable;
}
