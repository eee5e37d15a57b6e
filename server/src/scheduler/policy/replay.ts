import type { Decisions } from './decision';
import { amountsOf } from './demand';
import { Heap } from './heap';
import type { PolicyJob, RunningJob } from './job';
import { JobQueue } from './queue';
import { costOf, fadedUsage, usageOf, type Usage } from './shares';
import type { ClusterState } from './state';

/** A job whose true length is known, as in a trace. */
export interface TracedJob extends PolicyJob {
  runMs: number;
  /** Starts only once all of these ended. */
  after: readonly string[];
}

export type Policy = (state: ClusterState, queue: JobQueue, now: number) => Decisions;

export interface ReplayObserver {
  onStart?(job: PolicyJob, now: number): void;
  onEnd?(job: RunningJob, now: number): void;
  /** It was told to stop; it goes back to the queue, with what it did so far kept. */
  onPreempt?(job: RunningJob, now: number): void;
  onInfeasible?(jobId: string, reason: string, now: number): void;
  /** After each round; `state` is what it decided on. */
  onRound?(decisions: Decisions, state: ClusterState, now: number, queue: JobQueue): void;
}

type Event = { at: number } & ({ kind: 'submit'; job: TracedJob } | { kind: 'end'; jobId: string; start: number } | { kind: 'look' });

/**
 * Carries a cluster through time with a clock of its own: jobs come, rounds
 * are decided, jobs end. What is running at first is taken to end as expected.
 */
export class Replay {
  now = 0;
  private readonly running = new Map<string, RunningJob>();
  private readonly usage: Map<string, Usage>;
  private readonly events = new Heap<Event>();
  private readonly queue: JobQueue;
  /** What is left to do of each job that is not over. */
  private readonly leftMs = new Map<string, number>();
  private readonly waiting = new Map<string, { job: TracedJob; after: Set<string> }>();
  private readonly over = new Set<string>();

  constructor(
    private readonly start: ClusterState,
    private readonly policy: Policy,
    private readonly observer: ReplayObserver
  ) {
    this.queue = new JobQueue(start.settings);
    this.usage = new Map(start.usage);
    for (const { from, until } of start.reservations) {
      this.events.push({ at: from, kind: 'look' });
      this.events.push({ at: until, kind: 'look' });
    }
  }

  submit(job: TracedJob): void {
    this.events.push({ at: job.submittedAt, kind: 'submit', job });
  }

  /** Takes over what runs already. */
  adopt(job: RunningJob, endsAt: number): void {
    this.running.set(job.id, job);
    this.leftMs.set(job.id, endsAt - job.startedAt);
    this.events.push({ at: endsAt, kind: 'end', jobId: job.id, start: job.startedAt });
  }

  /** Takes all events of the next moment and decides; false when nothing is left to come. */
  step(): boolean {
    const first = this.events.peek();
    if (!first) {
      return false;
    }
    this.now = Math.max(this.now, first.at);
    for (let event = this.events.peek(); event && event.at <= this.now; event = this.events.peek()) {
      this.handle(this.events.pop()!);
    }
    const state = { ...this.start, running: this.running, usage: this.usage };
    const decisions = this.policy(state, this.queue, this.now);
    this.observer.onRound?.(decisions, state, this.now, this.queue);
    this.apply(decisions);
    return true;
  }

  private handle(event: Event): void {
    if (event.kind === 'submit') {
      const after = new Set(event.job.after.filter(id => !this.over.has(id)));
      this.leftMs.set(event.job.id, event.job.runMs);
      if (after.size > 0) {
        this.waiting.set(event.job.id, { job: event.job, after });
      } else {
        this.queue.add(event.job);
      }
    } else if (event.kind === 'end') {
      const job = this.running.get(event.jobId);
      if (job?.startedAt === event.start) {
        this.end(job);
      }
    }
  }

  private end(job: RunningJob): void {
    this.running.delete(job.id);
    this.charge(job);
    const left = this.leftMs.get(job.id)! - ((job.stoppingSince ?? this.now) - job.startedAt);
    if (job.stoppingSince !== null && left > 0) {
      this.leftMs.set(job.id, left);
      const { allocation: _allocation, startedAt: _startedAt, stoppingSince: _stoppingSince, ...queued } = job;
      this.queue.add({ ...queued, estimateMs: Math.max(1, Math.min(job.estimateMs, job.estimateMs - (job.stoppingSince - job.startedAt))) });
      return;
    }
    this.leftMs.delete(job.id);
    this.observer.onEnd?.(job, this.now);
    this.settle(job.id);
  }

  private settle(id: string): void {
    this.over.add(id);
    for (const [waitingId, { job, after }] of this.waiting) {
      if (after.delete(id) && after.size === 0) {
        this.waiting.delete(waitingId);
        this.queue.add(job);
      }
    }
  }

  private charge(job: RunningJob): void {
    const { halfLifeMs } = this.start.settings;
    const before = this.usage.get(job.project);
    const added = usageOf(costOf(amountsOf(job.demand), this.start.measure), job.startedAt, this.now, halfLifeMs);
    this.usage.set(job.project, { value: (before ? fadedUsage(before, this.now, halfLifeMs) : 0) + added, at: this.now });
  }

  private apply(decisions: Decisions): void {
    const { graceMs, minRunMs } = this.start.settings;
    for (const { jobIds, reason } of decisions.infeasible) {
      for (const id of jobIds) {
        this.queue.remove(id);
        this.observer.onInfeasible?.(id, reason, this.now);
        this.settle(id);
      }
    }
    for (const { jobId, allocation } of decisions.starts) {
      const job = this.queue.remove(jobId)!;
      this.running.set(jobId, { ...job, allocation, startedAt: this.now, stoppingSince: null });
      this.events.push({ at: this.now + this.leftMs.get(jobId)!, kind: 'end', jobId, start: this.now });
      if (job.isPreemptible) {
        this.events.push({ at: this.now + minRunMs, kind: 'look' });
      }
      this.observer.onStart?.(job, this.now);
    }
    for (const { jobId } of decisions.preempts) {
      const job = this.running.get(jobId)!;
      this.observer.onPreempt?.(job, this.now);
      this.running.set(jobId, { ...job, stoppingSince: this.now });
      this.events.push({ at: this.now + graceMs, kind: 'end', jobId, start: job.startedAt });
    }
  }
}
