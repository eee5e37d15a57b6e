import type { Log } from '../core/log';
import { cancelledOutcome, failedOutcome, type Executor, type JobOutcome } from './executor';
import type { JobLogs } from './logs';
import type { JobRow } from './tables';

/** What an executor may take beyond the step's own limit before it is given up on. */
const GRACE_MS = 30_000;
const LOG_NEWS_MS = 250;

/** One attempt under way in this process. */
export interface Attempt {
  readonly job: JobRow;
  /** Asks the executor to stop; the reason tells why. */
  abort(reason: 'cancelled' | 'lease lost' | 'stopping'): void;
  readonly abortReason: string | null;
  readonly outcome: Promise<JobOutcome>;
}

/** Runs one attempt: its log, its news, its end; the outcome never rejects. */
export function startAttempt(deps: {
  job: JobRow;
  gpus: string[];
  executor: Executor;
  logs: JobLogs;
  log: Log;
  onPid: (pid: number) => void;
  onLogged: () => void;
}): Attempt {
  const { job, log } = deps;
  const controller = new AbortController();
  let abortReason: string | null = null;

  async function run(): Promise<JobOutcome> {
    const writer = await deps.logs.open(job.log_key, job.attempt, job.spec.limits.logBytes, err =>
      log.warn({ err, jobId: job.id }, 'the log of a job cannot be written')
    );
    const news = throttle(deps.onLogged, LOG_NEWS_MS);
    const guard = deadline(job.spec.limits.timeoutMs + GRACE_MS, controller);
    try {
      if (controller.signal.aborted) {
        return cancelledOutcome(); // stopped while its log was opened
      }
      const running = deps.executor.run(
        { id: job.id, attempt: job.attempt, spec: job.spec, gpus: deps.gpus },
        { signal: controller.signal, onStarted: deps.onPid, onLog: text => (writer.write(text), news.call()) }
      );
      const outcome = await Promise.race([running, guard.passed]);
      return guard.isOver() && outcome.status === 'cancelled' ? guard.timeout() : outcome;
    } catch (err) {
      log.error({ err, jobId: job.id, attempt: job.attempt }, 'the executor failed');
      return failedOutcome('executor_failed', 'The step could not be run.', true, err);
    } finally {
      guard.clear();
      news.clear();
      await writer.close();
    }
  }

  return {
    job,
    abort(reason) {
      abortReason ??= reason;
      controller.abort(reason);
    },
    get abortReason() {
      return abortReason;
    },
    outcome: run().catch(err => failedOutcome('executor_failed', 'The step could not be run.', true, err))
  };
}

/** Aborts after `ms`; `passed` resolves when nothing came for a grace after an abort, whoever asked for it. */
function deadline(ms: number, controller: AbortController) {
  let isOver = false;
  const timeout = (): JobOutcome => failedOutcome('step_timeout', `The step did not end within ${Math.round((ms - GRACE_MS) / 1000)} s.`);
  let giveUp: NodeJS.Timeout | undefined;
  const timer = setTimeout(() => {
    isOver = true;
    controller.abort('timeout');
  }, ms);
  const passed = new Promise<JobOutcome>(resolve => {
    controller.signal.addEventListener('abort', () => {
      giveUp = setTimeout(() => resolve(isOver ? timeout() : cancelledOutcome()), GRACE_MS);
    });
  });
  const clear = (): void => {
    clearTimeout(timer);
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
