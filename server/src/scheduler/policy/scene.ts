import { Book, type Allocation } from './book';
import type { Amounts } from './cluster';
import { amountsOf, type Demand } from './demand';
import { expectedEnd, type PolicyJob, type RunningJob } from './job';
import { beyond, hasGuarantee, isWithin, NO_QUOTA, NOTHING, plus, type Quota } from './quota';
import type { Closed } from './placement';
import { closedTo } from './reservation';
import { costOf, fadedUsage, usageOf } from './shares';
import type { ClusterState } from './state';

/** Part of a half-life by which what a project holds right now counts beside what it used. */
const HELD_COUNTS = 1 / 168;

/** A project as a round sees it; changes with each start and stop. */
export interface ProjectStanding {
  quota: Omit<Quota, 'project'>;
  hasGuarantee: boolean;
  used: Amounts;
  /** Use over time, faded, in shares of the cluster times milliseconds. */
  usage: number;
}

export interface Ending {
  at: number;
  allocation: Allocation;
}

/** The working copy of one round: what is free, who holds what, and when it ends. */
export class Scene {
  readonly book: Book;
  readonly running: Map<string, RunningJob>;
  /** Those told to stop, whose room is still held. */
  readonly leaving: RunningJob[] = [];
  private ripeJobs: RunningJob[] | undefined;
  private readonly projects = new Map<string, ProjectStanding>();
  private readonly arrays = new Map<string, number>();

  constructor(
    readonly state: ClusterState,
    readonly now: number
  ) {
    this.book = Book.empty(state.topology);
    this.running = new Map(state.running);
    for (const job of state.running.values()) {
      this.book.take(job.allocation);
      this.count(job, 1);
      if (job.stoppingSince !== null) {
        this.leaving.push(job);
      }
      const standing = this.project(job.project);
      const cost = costOf(amountsOf(job.demand), state.measure);
      standing.usage += usageOf(cost, job.startedAt, now, state.settings.halfLifeMs);
    }
  }

  project(name: string): ProjectStanding {
    let standing = this.projects.get(name);
    if (!standing) {
      const usage = this.state.usage.get(name);
      const quota = this.state.quotas.get(name) ?? NO_QUOTA;
      standing = {
        quota,
        hasGuarantee: hasGuarantee(quota),
        used: NOTHING,
        usage: usage ? fadedUsage(usage, this.now, this.state.settings.halfLifeMs) : 0
      };
      this.projects.set(name, standing);
    }
    return standing;
  }

  /** What the project had of the cluster, against its weight: who has least comes first. */
  shareOf(name: string): number {
    const { used, usage, quota } = this.project(name);
    const { halfLifeMs } = this.state.settings;
    return (usage + costOf(used, this.state.measure) * halfLifeMs * HELD_COUNTS) / quota.weight;
  }

  /** Would the project, with this job, hold no more than it is guaranteed? */
  isGuaranteed(job: PolicyJob): boolean {
    const project = this.project(job.project);
    return project.hasGuarantee && isWithin(plus(project.used, amountsOf(job.demand)), project.quota);
  }

  isBorrowing(project: string): boolean {
    const { used, quota } = this.project(project);
    return !isWithin(used, quota);
  }

  /** Which amount of its quota the project would go beyond; null when none. */
  overLimit(project: string, demand: Demand): keyof Amounts | null {
    const { used, quota } = this.project(project);
    return quota.limit && beyond(plus(used, amountsOf(demand)), quota.limit);
  }

  inArray(id: string): number {
    return this.arrays.get(id) ?? 0;
  }

  start(job: PolicyJob, allocation: Allocation): void {
    this.running.set(job.id, { ...job, allocation, startedAt: this.now, stoppingSince: null });
    this.book.take(allocation);
    this.count(job, 1);
  }

  /** Room is being made for the job: it counts against its quota as if it ran. */
  expect(job: PolicyJob): void {
    this.count(job, 1);
  }

  /** The job is told to stop: its project no longer counts it, its room is still held. */
  stop(job: RunningJob): void {
    this.count(job, -1);
    const stopping = { ...job, stoppingSince: this.now };
    this.running.set(job.id, stopping);
    this.leaving.push(stopping);
    this.ripeJobs = undefined;
  }

  /** Running jobs that may be stopped: preemptible, past their minimum run time, and on a node, where their end makes room. */
  get ripe(): readonly RunningJob[] {
    const { minRunMs } = this.state.settings;
    this.ripeJobs ??= [...this.running.values()].filter(r => r.isPreemptible && r.stoppingSince === null && r.allocation.parts.length > 0 && this.now - r.startedAt >= minRunMs);
    return this.ripeJobs;
  }

  /** When what runs is expected to end, first ones first. */
  endings(): Ending[] {
    const { graceMs } = this.state.settings;
    return [...this.running.values()].map(job => ({ at: expectedEnd(job, this.now, graceMs), allocation: job.allocation })).sort((a, b) => a.at - b.at);
  }

  /** What a job of the line may not use if it starts at `at`. */
  closedTo(line: { project: string; isPreemptible: boolean; estimateMs: number }, at: number): Closed {
    const closed = closedTo(this.state.reservations, line, at, at + line.estimateMs);
    return this.state.othersNodes.size === 0 ? closed : new Map([...closed, ...[...this.state.othersNodes].map(id => [id, 'all'] as const)]);
  }

  private count(job: PolicyJob | RunningJob, sign: 1 | -1): void {
    if (sign === 1 && 'stoppingSince' in job && job.stoppingSince !== null) {
      return; // stops already
    }
    const standing = this.project(job.project);
    standing.used = plus(standing.used, amountsOf(job.demand), sign);
    if (job.array) {
      this.arrays.set(job.array.id, this.inArray(job.array.id) + sign);
    }
  }
}
