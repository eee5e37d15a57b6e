import type { Allocation } from './book';
import type { Demand } from './demand';

/** A job as the policy sees it; times in milliseconds since 1970. */
export interface PolicyJob {
  id: string;
  project: string;
  /** Among the jobs of one project; says nothing about who may be preempted. */
  priority: number;
  isPreemptible: boolean;
  demand: Demand;
  submittedAt: number;
  /** How long it is expected to run, from its time limit and what earlier runs of the same took. */
  estimateMs: number;
  /** At most `maxParallel` jobs of an array run at once. */
  array: { id: string; maxParallel: number } | null;
}

export interface RunningJob extends PolicyJob {
  allocation: Allocation;
  startedAt: number;
  /** Told to stop: what it holds comes free within the grace time. */
  stoppingSince: number | null;
}

/** When what a running job holds is expected to come free: never in the past. */
export function expectedEnd(job: RunningJob, now: number, graceMs: number): number {
  if (job.stoppingSince !== null) {
    return Math.max(now + 1, job.stoppingSince + graceMs);
  }
  const end = job.startedAt + job.estimateMs;
  return end > now ? end : now + Math.max(1, Math.round((now - job.startedAt) * 0.1)); // late: a tenth longer, again and again
}
