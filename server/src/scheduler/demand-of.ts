import { createHash } from 'node:crypto';
import { Resources, type ResourcesInput } from '@slipway/schema';
import { DEFAULT_SETTINGS, demandKey, rankOf, type Demand, type PolicyJob, type RunningJob } from './policy';
import type { JobRow } from './tables';

/** The columns of a job that the policy looks at. */
export type PolicyRow = Pick<
  JobRow,
  'id' | 'label' | 'project' | 'priority' | 'is_preemptible' | 'resources' | 'cpus' | 'memory_bytes' | 'gpus' | 'created_at' | 'estimate_ms' | 'array_id' | 'array_parallel' | 'allocation' | 'started_at' | 'stop_requested_at' | 'state' | 'not_before'
>;

/** What the job asks for; a row of before knew of CPUs, memory and whole GPUs only. */
export function demandOf(row: Pick<JobRow, 'resources' | 'cpus' | 'memory_bytes' | 'gpus'>): Demand {
  const asked: ResourcesInput = row.resources ?? { cpus: row.cpus, memoryBytes: Number(row.memory_bytes), gpus: row.gpus };
  return Resources.parse(asked);
}

export function toPolicyJob(row: PolicyRow): PolicyJob {
  return {
    id: row.id,
    project: row.project,
    priority: row.priority,
    isPreemptible: row.is_preemptible,
    demand: demandOf(row),
    submittedAt: row.created_at.getTime(),
    estimateMs: Number(row.estimate_ms),
    array: row.array_id === null ? null : { id: row.array_id, maxParallel: row.array_parallel ?? 1 }
  };
}

export function toRunningJob(row: PolicyRow): RunningJob {
  return {
    ...toPolicyJob(row),
    allocation: row.allocation ?? { parts: [], licences: {} },
    startedAt: row.started_at?.getTime() ?? 0,
    stoppingSince: row.stop_requested_at?.getTime() ?? null
  };
}

/** Where a new job stands: its rank, and the name of its line. */
export function standingOf(job: Omit<PolicyJob, 'id'>): { rank: number; line: string } {
  const { project, isPreemptible, estimateMs, array, demand } = job;
  const bucket = Math.ceil(Math.log2(Math.max(1, estimateMs)));
  const text = [project, isPreemptible, bucket, array?.id ?? '', demandKey(demand)].join('|');
  return { rank: rankOf(job, DEFAULT_SETTINGS), line: createHash('sha256').update(text).digest('hex').slice(0, 32) };
}
