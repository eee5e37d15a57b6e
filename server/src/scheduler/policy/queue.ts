import { demandKey, type Demand } from './demand';
import type { PolicyJob } from './job';
import type { PolicySettings } from './settings';

/** Jobs between which placement makes no difference, in the order they start: only the first need be looked at. */
export interface Line {
  key: string;
  project: string;
  /** One object for one demand, whoever asks: answers about it are kept by it. */
  demand: Demand;
  isPreemptible: boolean;
  /** Of all of them: the estimate rounded up to the next power of two of seconds. */
  estimateMs: number;
  array: PolicyJob['array'];
  jobs: QueuedJob[];
}

export interface QueuedJob extends PolicyJob {
  /** Smaller starts earlier. Fixed at submission, so that waiting always ends: nothing submitted much later is before it. */
  rank: number;
}

/**
 * Everything that waits and could start, in lines of like jobs. Adding and
 * removing cost little however many wait, and a round looks at heads only.
 */
export class JobQueue {
  readonly lines = new Map<string, Line>();
  private readonly demands = new Map<string, Demand>();
  private readonly lineOf = new Map<string, { line: Line; job: QueuedJob }>();

  constructor(private readonly settings: PolicySettings) {}

  get size(): number {
    return this.lineOf.size;
  }

  has(id: string): boolean {
    return this.lineOf.has(id);
  }

  add(job: PolicyJob): void {
    const estimateMs = roundUp(job.estimateMs);
    const asked = demandKey(job.demand);
    const key = `${job.project}|${job.isPreemptible ? 'p' : ''}|${estimateMs}|${job.array?.id ?? ''}|${asked}`;
    let line = this.lines.get(key);
    if (!line) {
      const demand = this.demands.get(asked) ?? job.demand;
      this.demands.set(asked, demand);
      line = { key, project: job.project, demand, isPreemptible: job.isPreemptible, estimateMs, array: job.array, jobs: [] };
      this.lines.set(key, line);
    }
    const queued = { ...job, demand: line.demand, rank: rankOf(job, this.settings) };
    line.jobs.splice(placeIn(line.jobs, queued), 0, queued);
    this.lineOf.set(job.id, { line, job: queued });
  }

  remove(id: string): PolicyJob | undefined {
    const found = this.lineOf.get(id);
    if (found) {
      const { line, job } = found;
      line.jobs.splice(placeIn(line.jobs, job), 1);
      this.lineOf.delete(id);
      if (line.jobs.length === 0) {
        this.lines.delete(line.key);
      }
    }
    return found?.job;
  }

  lineOfJob(id: string): Line | undefined {
    return this.lineOf.get(id)?.line;
  }

  *all(): Iterable<QueuedJob> {
    for (const { job } of this.lineOf.values()) {
      yield job;
    }
  }
}

/**
 * A job's place, fixed when it is submitted. Short ones go first: they hold
 * nobody up for long, and it is they whose waiting is out of proportion. Long
 * ones go before middling ones, which fill the gaps beside them.
 */
export function rankOf({ submittedAt, estimateMs, priority, demand }: Pick<PolicyJob, 'submittedAt' | 'estimateMs' | 'priority' | 'demand'>, settings: PolicySettings): number {
  const { shortMs, shortLeadMs, longFactor, longestMs, priorityMs } = settings;
  const width = demand.ranks * Math.max(1, demand.gpus);
  const shortness = Math.min(1, shortMs / (estimateMs * Math.sqrt(width)));
  return submittedAt - shortLeadMs * shortness - longFactor * Math.min(estimateMs, longestMs) - priority * priorityMs;
}

/** Where the job stands, or would stand, in its line. */
function placeIn(jobs: readonly QueuedJob[], job: QueuedJob): number {
  let low = 0;
  let high = jobs.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (isBefore(jobs[middle]!, job)) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low;
}

/** The order of two jobs of one project. */
export function isBefore(a: QueuedJob, b: QueuedJob): boolean {
  return a.rank < b.rank || (a.rank === b.rank && a.id < b.id);
}

/** Up to the next power of two of seconds, so that lines stay few. */
function roundUp(ms: number): number {
  return 1_000 * 2 ** Math.ceil(Math.log2(Math.max(1_000, ms) / 1_000) - 1e-9);
}
