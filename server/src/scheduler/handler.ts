import type { LiveMetric, StepUsage } from '@slipway/kernels-bridge';
import type { Tx } from '../database';
import type { JobOutcome } from './executor';
import type { JobRow } from './tables';

/**
 * What a feature does as its jobs move. `started` and `requeued` run inside the
 * scheduler's transaction. `finished` opens its own, and must call `settle` in
 * it first: that ends the job there, or throws `LeaseLost` and so keeps an
 * outcome that no longer counts from being stored.
 */
export interface JobHandler {
  /** Nobody waits for the outcome once the daemon is gone: such a job is cancelled then, not started again. */
  isBoundToDaemon?: boolean;
  started?(tx: Tx, jobs: JobRow[]): Promise<void>;
  requeued?(tx: Tx, job: JobRow, reason: string): Promise<void>;
  /** Why queued jobs wait that the feature itself holds back, in a sentence; the queue does not know of it. */
  whyHeld?(jobs: readonly JobRow[]): Promise<ReadonlyMap<string, string>>;
  finished(job: JobRow, outcome: JobOutcome, settle: (tx: Tx) => Promise<void>): Promise<void>;
  /** The log grew; told at most a few times a second. */
  logged?(job: JobRow): Promise<void>;
  /** An engine's attempt goes on under us: all that it measured and used is told once more, from its start. */
  takenUp?(job: JobRow): void;
  /** Metrics came while the job runs, in their order; its result has them again. */
  measured?(job: JobRow, points: readonly LiveMetric[]): Promise<void>;
  /** What it uses of the machine it runs on; every few seconds. */
  sampled?(job: JobRow, usage: StepUsage): Promise<void>;
}

/** Another worker holds the job now: whatever was found out about it does not count. */
export class LeaseLost extends Error {
  constructor(jobId: string) {
    super(`The lease on job ${jobId} is lost.`);
    this.name = 'LeaseLost';
  }
}
