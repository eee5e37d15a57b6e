import { startTimeout, startUsageSampler, warnProcesses, type GpuLoad, type LiveMetric, type StepUsage } from '@slipway/kernels-bridge';
import type { Log } from '../core/log';
import { cancelledOutcome, failedOutcome, type Executor, type JobError, type JobOutcome } from './executor';
import type { JobLogs } from './logs';
import type { JobRow } from './tables';
import { createUsagePeaks, type GpuPeaks } from './usage';

/** What an executor may take beyond the step's own limit before it is given up on. */
const GRACE_MS = 30_000;
const LOG_NEWS_MS = 250;

export type AbortReason = 'cancelled' | 'lease lost' | 'stopping' | 'preempted' | 'judged';

/** One attempt under way in this process. */
export interface Attempt {
  readonly job: JobRow;
  /** Asks the executor to stop; the reason tells why. */
  abort(reason: AbortReason): void;
  readonly abortReason: AbortReason | null;
  /** Ends it as a failure of that name, unless it is ending already. */
  fail(error: JobError): void;
  /** Asks its processes to write their checkpoint, and stops it when they had `graceMs` for that. */
  preempt(graceMs: number): Promise<void>;
  readonly isPreempted: boolean;
  readonly outcome: Promise<JobOutcome>;
  /** The outcome in the light of what it was judged to be; to be asked once all that it told was heard. */
  judge(outcome: JobOutcome): JobOutcome;
}

/** Runs one attempt: its log, its news, its end; the outcome never rejects. */
export function startAttempt(deps: {
  job: JobRow;
  gpus: string[];
  executor: Executor;
  logs: JobLogs;
  log: Log;
  onPid: (pid: number) => void;
  onHandle: (handle: string) => Promise<void>;
  onUsage: (usage: StepUsage) => void;
  gpuLoad: () => Promise<ReadonlyMap<string, GpuLoad>>;
  onLogged: () => void;
  onMetrics: (points: LiveMetric[]) => void;
}): Attempt {
  const { job, log, executor } = deps;
  const controller = new AbortController();
  const letGo = new AbortController();
  let abortReason: AbortReason | null = null;
  let verdict: JobError | null = null;
  /** Of the processes of all ranks. */
  const pids: number[] = [];
  let isPreempted = false;
  let grace: NodeJS.Timeout | undefined;

  async function run(): Promise<JobOutcome> {
    const onLogError = (err: Error): void => log.warn({ err, jobId: job.id }, 'the log of a job cannot be written');
    const writer = await deps.logs.open(job.log_key, job.attempt, job.spec.limits.logBytes, onLogError, executor.outlivesDaemon);
    const news = throttle(deps.onLogged, LOG_NEWS_MS);
    const started = (pid: number, usedBytes?: () => number | null): void => {
      pids.push(pid);
      if (pids.length === 1) {
        deps.onPid(pid);
      }
      if (usedBytes) {
        sampler?.watch(usedBytes);
      }
    };
    const peaks = createUsagePeaks();
    const used = (usage: StepUsage): void => {
      peaks.note(usage);
      deps.onUsage(usage);
    };
    const sampler = executor.outlivesDaemon ? null : startUsageSampler({ gpus: wholeGpus(job, deps.gpus), load: deps.gpuLoad, onSample: used });
    const guard = executor.outlivesDaemon ? NO_DEADLINE : deadline(job.spec.limits.timeoutMs + GRACE_MS, controller);
    try {
      if (letGo.signal.aborted || (controller.signal.aborted && !executor.outlivesDaemon)) {
        return cancelledOutcome(); // stopped while its log was opened
      }
      const running = executor.run(
        { id: job.id, attempt: job.attempt, label: job.label, logKey: job.log_key, spec: job.spec, gpus: deps.gpus, gpuCount: job.gpus, gpuTypes: job.resources?.gpuTypes ?? [], handle: job.engine_handle },
        { signal: controller.signal, letGo: letGo.signal, onStarted: started, onHandle: deps.onHandle, loggedBytes: writer.startBytes, onLog: text => (writer.write(text), news.call()), onMetrics: deps.onMetrics, onUsage: used }
      );
      const outcome = measured(await Promise.race([running, guard.passed]), peaks.gpus());
      return guard.isOver() && outcome.status === 'cancelled' ? guard.timeout() : outcome;
    } catch (err) {
      log.error({ err, jobId: job.id, attempt: job.attempt }, 'the executor failed');
      return failedOutcome('executor_failed', 'The step could not be run.', true, err);
    } finally {
      sampler?.end();
      clearTimeout(grace);
      guard.clear();
      news.clear();
      await writer.close();
    }
  }

  function abort(reason: AbortReason): void {
    if (executor.outlivesDaemon && reason !== 'cancelled' && reason !== 'judged') {
      abortReason = reason;
      return letGo.abort();
    }
    abortReason ??= reason;
    controller.abort(reason);
  }

  return {
    job,
    abort,
    fail(error) {
      if (abortReason === null) {
        verdict = error;
        abort('judged');
      }
    },
    async preempt(graceMs) {
      if (isPreempted) {
        return;
      }
      isPreempted = true;
      const told = await Promise.all(pids.map(warnProcesses));
      grace = setTimeout(() => abort('preempted'), told.some(count => count > 0) ? graceMs : 0);
    },
    get isPreempted() {
      return isPreempted;
    },
    get abortReason() {
      return abortReason;
    },
    judge: outcome => (letGo.signal.aborted ? outcome : judged(outcome, verdict)),
    outcome: run().catch(err => failedOutcome('executor_failed', 'The step could not be run.', true, err))
  };
}

/** What it found of GPUs goes with the result. */
function measured(outcome: JobOutcome, gpuPeaks: GpuPeaks): JobOutcome {
  return outcome.result && (gpuPeaks.memoryBytes !== null || gpuPeaks.percent !== null) ? { ...outcome, result: { ...outcome.result, gpuPeaks } } : outcome;
}

/** A step that was stopped for what was found of it failed with that name. */
function judged(outcome: JobOutcome, verdict: JobError | null): JobOutcome {
  return verdict === null || outcome.status !== 'cancelled' ? outcome : { ...outcome, status: 'failed', error: { ...verdict, cellId: verdict.cellId ?? outcome.error?.cellId ?? null } };
}

/** Of a GPU that is shared nobody can tell who uses it. */
function wholeGpus(job: JobRow, gpus: readonly string[]): readonly string[] {
  return (job.resources?.gpus ?? job.gpus) < 1 ? [] : gpus;
}

/** For jobs that may wait long elsewhere before they start. */
const NO_DEADLINE: ReturnType<typeof deadline> = { passed: new Promise(() => undefined), timeout: cancelledOutcome, isOver: () => false, clear: () => undefined };

/** Aborts after `ms`; `passed` resolves when nothing came for a grace after an abort, whoever asked for it. */
function deadline(ms: number, controller: AbortController) {
  let isOver = false;
  const timeout = (): JobOutcome => failedOutcome('step_timeout', `The step did not end within ${Math.round((ms - GRACE_MS) / 1000)} s.`);
  let giveUp: NodeJS.Timeout | undefined;
  const callOff = startTimeout(() => {
    isOver = true;
    controller.abort('timeout');
  }, ms);
  const passed = new Promise<JobOutcome>(resolve => {
    controller.signal.addEventListener('abort', () => {
      giveUp = setTimeout(() => resolve(isOver ? timeout() : cancelledOutcome()), GRACE_MS);
    });
  });
  const clear = (): void => {
    callOff();
    clearTimeout(giveUp);
  };
  return { passed, timeout, isOver: () => isOver, clear };
}

/** Calls `fn` once per `ms` at most, at the end of the interval. */
function throttle(fn: () => void, ms: number) {
  let timer: NodeJS.Timeout | undefined;
  return {
    call: (): void => void (timer ??= setTimeout(() => ((timer = undefined), fn()), ms)),
    clear: (): void => clearTimeout(timer)
  };
}
