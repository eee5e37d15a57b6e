import type { GpuLoad } from '@slipway/kernels-bridge';
import { toAppError } from '../core/error-handler';
import type { Log } from '../core/log';
import { storable } from '../core/storable';
import type { Db, Tx } from '../database';
import type { Dispatcher } from './dispatcher';
import { startAttempt, type AbortReason, type Attempt } from './attempt';
import { claimForEngine } from './engine-claim';
import type { Engines } from './executors';
import { cancelledOutcome, failedOutcome, type Executor, type JobError, type JobOutcome } from './executor';
import { LeaseLost, type JobHandler } from './handler';
import type { LiveMeasures } from './live-measures';
import type { JobLogs } from './logs';
import { isDatabaseAway, whenDatabaseIsBack } from './patience';
import { createPidKeeper } from './pid-keeper';
import { processIdentity } from '../core/process-identity';
import { waitBeforeRetry } from './retry-policy';
import * as store from './store';
import { createHistoryKeeper } from './history-keeper';
import type { Allocation } from './policy';
import { chargeProjects, isRoundWanted } from './scene-store';
import type { JobRow } from './tables';

export const LEASE_MS = 30_000;
const BACKOFF_MS = 1_000;
/** What ended is charged to its project so often at most: shares are of hours and days. */
const CHARGE_MS = 250;

export type Worker = ReturnType<typeof createWorker>;

/** Claims jobs that fit, runs them, and says how they ended, as long as it holds their leases. */
export function createWorker(deps: {
  id: string;
  db: Db;
  log: Log;
  dispatcher: Dispatcher;
  logs: JobLogs;
  live: LiveMeasures;
  executor: Executor;
  gpuLoad: () => Promise<ReadonlyMap<string, GpuLoad>>;
  engines: Engines;
  handlerOf: (kind: string) => JobHandler;
}) {
  const { id: workerId, db, log, dispatcher, engines, handlerOf, live } = deps;
  const attempts = new Map<string, Attempt>();
  const ending = new Set<Promise<void>>();
  const history = createHistoryKeeper(deps);
  const keepPid = createPidKeeper(db);
  let isStopping = false;
  let claiming: Promise<void> | undefined;
  let isClaimWanted = false;
  let chargedAt = -Infinity;

  /** Claims until nothing more fits; calls during a claim make it look once more. */
  function claim(): Promise<void> {
    isClaimWanted = true;
    claiming ??= (async () => {
      while (isClaimWanted && !isStopping) {
        isClaimWanted = false;
        for (const name of engines.names) {
          await claimFor(name);
        }
        await claimBatch();
      }
    })().finally(() => (claiming = undefined));
    return claiming;
  }

  async function claimBatch(): Promise<void> {
    if (!(await isRoundWanted(db))) {
      return; // most wakes of an idle machine, and the last of every busy one
    }
    const claimed = await db.transaction().execute(async tx => {
      if (performance.now() - chargedAt >= CHARGE_MS) {
        chargedAt = performance.now();
        await chargeProjects(tx);
      }
      const claim = await dispatcher.claim(tx);
      if (claim) {
        await eachKind(claim.rows, (handler, jobs) => handler.started?.(tx, jobs));
        if (claim.stopping.length > 0) {
          await store.notifyWorkers(tx);
        }
      }
      return claim;
    });
    for (const job of claimed?.rows ?? []) {
      const reason = claimed!.infeasible.get(job.id);
      if (claimed!.cancelled.has(job.id)) {
        track(end(job, cancelledOutcome()));
        continue;
      }
      track(reason === undefined ? run(job, claimed!.gpus.get(job.id) ?? []) : end(job, failedOutcome('not_feasible', reason)));
    }
    isClaimWanted ||= (claimed?.rows.length ?? 0) > 0;
  }

  async function claimFor(engine: string): Promise<void> {
    const running = [...attempts.values()].filter(a => a.job.engine === engine).length;
    const { rows, infeasible } = await claimForEngine({ db, engines, dispatcher, workerId, leaseMs: LEASE_MS, onStarted: (tx, jobs) => eachKind(jobs, (handler, those) => handler.started?.(tx, those)) }, engine, running);
    for (const job of rows) {
      const reason = infeasible.get(job.id);
      track(reason === undefined ? run(job, []) : end(job, failedOutcome('not_feasible', reason)));
    }
  }

  async function eachKind(jobs: JobRow[], work: (handler: JobHandler, jobs: JobRow[]) => Promise<void> | undefined): Promise<void> {
    for (const kind of new Set(jobs.map(j => j.kind))) {
      await work(handlerOf(kind), jobs.filter(j => j.kind === kind));
    }
  }

  function track(work: Promise<unknown>): void {
    const tracked = work.then(() => undefined, err => log.error({ err }, 'the end of a job could not be stored')).finally(() => ending.delete(tracked));
    ending.add(tracked);
  }

  async function run(job: JobRow, gpus: string[]): Promise<void> {
    const fence = { id: job.id, attempt: job.attempt, workerId };
    const telling = new Set<Promise<unknown>>();
    const quietly = (work: Promise<unknown> | undefined): void => {
      const told = (work ?? Promise.resolve()).catch(() => undefined).finally(() => telling.delete(told));
      telling.add(told);
    };
    live.begin(job.id);
    const attempt = startAttempt({
      ...deps,
      executor: executorOf(job),
      job,
      gpus,
      onHandle: async handle => {
        if (!(await whenDatabaseIsBack(() => store.setEngineHandle(db, fence, handle), () => !isStopping))) {
          throw new LeaseLost(job.id);
        }
      },
      onPid: pid => {
        quietly(keepPid(fence, pid, processIdentity(pid)));
      },
      onLogged: () => quietly(handlerOf(job.kind).logged?.(job)),
      onUsage: usage => {
        live.used(job.id, usage);
        quietly(handlerOf(job.kind).sampled?.(job, usage));
      },
      onMetrics: told => {
        const points = storable(told);
        live.measured(job.id, points);
        quietly(handlerOf(job.kind).measured?.(job, points));
      }
    });
    attempts.set(job.id, attempt);
    try {
      const found = await attempt.outcome;
      await Promise.all(telling);
      const outcome = storable(attempt.judge(found));
      if (await end(job, outcome, attempt.abortReason)) {
        engines.forget(job.id);
        await dropCheckpoints(job, outcome);
      }
    } finally {
      attempts.delete(job.id);
      live.forget(job.id);
      if (!isStopping) {
        track(claim().catch(err => void (isDatabaseAway(err) || log.error({ err }, 'claiming failed'))));
      }
    }
  }

  const executorOf = (job: JobRow): Executor => (job.engine === null ? deps.executor : engines.executorOf(job.engine));

  async function dropCheckpoints(job: JobRow, { status }: JobOutcome): Promise<void> {
    if (status === 'succeeded') {
      await executorOf(job).checkpoints?.remove(job.log_key).catch(err => log.warn({ err, jobId: job.id }, 'the checkpoints of a step could not be removed'));
    }
  }

  /** Takes up what an engine runs, or has run, for a worker that is gone: the same attempt, which does not start again. */
  async function adopt(job: JobRow, fence: store.Fence): Promise<void> {
    if (!engines.names.includes(job.engine!)) {
      return; // of another daemon's configuration, or waiting for ours to name it again
    }
    const mine = await store.adoptJob(db, fence, workerId, LEASE_MS);
    if (mine) {
      handlerOf(mine.kind).takenUp?.(mine);
      track(run(mine, []));
      if (mine.cancel_requested_at !== null || handlerOf(mine.kind).isBoundToDaemon) {
        attempts.get(mine.id)?.abort('cancelled');
      }
    }
  }

  /** Stores how the attempt ended, once the database lets it, and only while the lease is held; false when it was not to be stored. */
  async function end(job: JobRow, outcome: JobOutcome, abortedFor: AbortReason | null = null): Promise<boolean> {
    const fence = { id: job.id, attempt: job.attempt, workerId };
    const isLetGo = job.engine !== null && (abortedFor === 'stopping' || abortedFor === 'lease lost');
    if (isLetGo && outcome.status === 'cancelled') {
      return false; // it goes on there; whoever finds the lease dead takes it up
    }
    const abortReason = isLetGo ? null : abortedFor;
    const retryAfter = outcome.status === 'failed' && outcome.error && abortReason === null ? waitBeforeRetry(outcome.error, job.retries, job.max_retries, job.retry, Math.random()) : null;
    try {
      await whenDatabaseIsBack(async () => {
        if (outcome.status !== 'succeeded' && abortReason === 'stopping' && !handlerOf(job.kind).isBoundToDaemon) {
          await requeue(job, fence, 'nothing', 0, 'The daemon stopped; the step starts again with it.');
        } else if (outcome.status !== 'succeeded' && abortReason !== 'cancelled' && abortReason !== 'judged' && attempts.get(job.id)?.isPreempted) {
          await requeue(job, fence, 'preemption', 0, 'It made room for another job, and starts again when there is some.');
        } else if (outcome.error?.code === 'preempted' && abortReason === null) {
          await requeue(job, fence, 'nothing', BACKOFF_MS, outcome.error.message);
        } else if (retryAfter !== null) {
          await requeue(job, fence, 'retry', retryAfter, outcome.error!.message);
        } else {
          await finish(job, fence, outcome);
          history.add(job, outcome);
        }
      }, () => !isStopping);
    } catch (err) {
      if (err instanceof LeaseLost) {
        log.warn({ jobId: job.id, attempt: job.attempt }, 'the lease is lost; what this attempt found does not count');
        return false;
      } else if (isDatabaseAway(err)) {
        throw err; // stopping: the next start finds the lease dead
      } else {
        log.error({ err, jobId: job.id, attempt: job.attempt }, 'the outcome of a job could not be stored');
        const failed = failedOutcome('result_not_stored', 'The step’s result could not be stored.', false, toAppError(err) && err);
        const said = outcome.status === 'failed' && outcome.error ? { ...failed, error: outcome.error } : failed; // why it failed counts for more
        await finish(job, fence, said).catch((again: unknown) => {
          if (again instanceof LeaseLost || isDatabaseAway(again)) {
            throw again;
          }
          log.error({ err: again, jobId: job.id, attempt: job.attempt }, 'why a job failed could not be stored');
          return finish(job, fence, failedOutcome('result_not_stored', 'The step’s result could not be stored, nor why it failed: the daemon’s log has both.'));
        });
      }
    }
    return true;
  }

  async function requeue(job: JobRow, fence: store.Fence, counts: 'retry' | 'loss' | 'preemption' | 'nothing', delayMs: number, reason: string): Promise<void> {
    await db.transaction().execute(async tx => {
      if (!(await store.requeueJob(tx, fence, counts, delayMs))) {
        throw new LeaseLost(job.id);
      }
      await handlerOf(job.kind).requeued?.(tx, job, reason);
    });
  }

  function finish(job: JobRow, fence: store.Fence, outcome: JobOutcome): Promise<void> {
    return handlerOf(job.kind).finished(job, outcome, async (tx: Tx) => {
      if (!(await store.endJob(tx, fence, outcome.status, outcome.error ?? null))) {
        throw new LeaseLost(job.id);
      }
    });
  }

  return {
    id: workerId,
    claim,
    held: (): string[] => [...attempts.keys()],
    /** What the jobs that run here hold. */
    allocations: (): Allocation[] => [...attempts.values()].flatMap(a => a.job.allocation ?? []),
    isRunning: (jobId: string): boolean => attempts.has(jobId),
    /** Ends the job as a failure of that name, when it runs here; it is not tried again. */
    fail: (jobId: string, error: JobError): void => attempts.get(jobId)?.fail(error),
    cancel: (jobId: string): void => attempts.get(jobId)?.abort('cancelled'),
    /** Has the job make room, when it runs here; it gets `graceMs` for its checkpoint. */
    preempt: (jobId: string, graceMs: number): void => void attempts.get(jobId)?.preempt(graceMs),
    /** Renews the leases of what runs here, and stops what is no longer ours or wanted. */
    async beat(): Promise<void> {
      if (attempts.size === 0) {
        return;
      }
      const before = [...attempts.values()];
      const kept = await store.renewLeases(db, workerId, before.map(a => a.job.id), LEASE_MS);
      for (const attempt of before) {
        const row = kept.find(k => k.id === attempt.job.id && k.attempt === attempt.job.attempt);
        if (!row) {
          attempt.abort('lease lost');
        } else if (row.isCancelled) {
          attempt.abort('cancelled');
        }
      }
    },
    /** Ends a running job of a worker that is gone, in that worker's name: the lease is dead, so nobody else may. */
    async takeOver(job: JobRow, maxLosses: number): Promise<void> {
      const fence = { id: job.id, attempt: job.attempt, workerId: job.worker_id! };
      if (job.engine !== null) {
        await adopt(job, fence);
      } else if (job.cancel_requested_at !== null || handlerOf(job.kind).isBoundToDaemon) {
        await finish(job, fence, cancelledOutcome());
      } else if (job.losses + 1 >= maxLosses) {
        await finish(job, fence, failedOutcome('worker_lost', `The daemon ended ${job.losses + 1} times while this step ran; it is not started again.`));
      } else {
        await requeue(job, fence, 'loss', 0, 'The daemon ended while the step ran; it starts again.');
      }
    },
    /** Stops what runs and puts it back in the queue for the next start. */
    async stop(): Promise<void> {
      isStopping = true;
      await claiming?.catch(() => undefined);
      attempts.forEach(attempt => attempt.abort('stopping'));
      while (ending.size > 0) {
        await Promise.all(ending);
      }
      await history.flush();
    }
  };
}
