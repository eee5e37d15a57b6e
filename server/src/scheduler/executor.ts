import type { LiveMetric, StepError, StepObserver, StepResult, StepSpec, StepUsage } from '@slipway/kernels-bridge';
import type { SecretReference } from '@slipway/schema';
import type { Checkpoints } from './checkpoints';
import { runGang } from './gang';

/** What to run: a step without what is only known when it is given a slot. */
export type JobSpec = Omit<StepSpec, 'id' | 'gpus' | 'secrets' | 'checkpointFolder' | 'attemptEnv'> & {
  /** Processes of a gang; absent = 1. Limits are each one's own. */
  ranks?: number;
  /** Secrets by the environment variable the step reads; their values are looked up where it runs, and stored nowhere. */
  secretRefs?: Record<string, SecretReference>;
};

/** A step's error, or one of the scheduler's own (`not_feasible`, `worker_lost`, `executor_failed`). */
export type JobError = Omit<StepError, 'code'> & { code: string };

export interface JobOutcome {
  status: 'succeeded' | 'failed' | 'cancelled';
  error?: JobError;
  /** null where nothing ran. */
  result: StepResult | null;
}

export interface JobToRun {
  id: string;
  attempt: number;
  label: string;
  /** The same for all jobs of one step of one run. */
  logKey: string;
  spec: JobSpec;
  /** UUIDs of the GPUs granted: of a gang those of rank 0, then those of rank 1, …. */
  gpus: string[];
  /** How many GPUs are asked of an engine. */
  gpuCount: number;
  /** Models that will do, the best first; none = any. */
  gpuTypes: readonly string[];
  /** What an engine calls this attempt, where it is under way there already. */
  handle: string | null;
}

export interface JobObserver {
  /** The job is to end. */
  signal: AbortSignal;
  /** The job is to go on without us; of executors that outlive the daemon. */
  letGo: AbortSignal;
  /** A process of the job is there; `usedBytes` tells the memory that it and what it started use now. */
  onStarted(pid: number, usedBytes?: () => number | null): void;
  onLog(text: string): void;
  /** Metrics while the job runs. */
  onMetrics(points: LiveMetric[]): void;
  /** What it uses where it runs; of executors that outlive the daemon, for others `onStarted` says whom to ask. */
  onUsage(usage: StepUsage): void;
  /** How much of the log is kept from before the daemon was away. */
  loggedBytes: number;
  /** Of an engine: what it calls the attempt. @throws {LeaseLost} */
  onHandle(handle: string): Promise<void>;
}

/** Where jobs run. It answers with an outcome whatever the job did; what it throws is a fault of its own. */
export interface Executor {
  run(job: JobToRun, observer: JobObserver): Promise<JobOutcome>;
  /**
   * Its jobs go on when the daemon is gone, and are taken up again as the same
   * attempt. It keeps the step's time by itself, gives a log from where it was
   * left and metrics and usage from their start, and on a stop lets go of the
   * job in place of ending it.
   */
  outlivesDaemon?: boolean;
  /** What attempts keep for those after them, where this executor gives them a place for it. */
  checkpoints?: Checkpoints;
}

/** The part of the kernel runtime that runs one step; never throws for what the step did. */
export interface StepRunner {
  runStep(spec: StepSpec, options: { signal: AbortSignal; observer: StepObserver }): Promise<StepResult>;
}

/** Values of secrets by the environment variable the step reads; told to the step alone. */
export interface SecretSource {
  /** @throws for one that cannot be had */
  resolve(references: Readonly<Record<string, SecretReference>>): Promise<Record<string, string>>;
}

export const NO_SECRETS: SecretSource = { resolve: () => Promise.reject(new Error('This daemon hands out no secrets.')) };
const isOutcome = (value: Record<string, string> | JobOutcome): value is JobOutcome => 'result' in value && value.result === null;

/** Runs jobs on this machine: each in a sandboxed kernel of its own. */
export function createLocalExecutor(deps: { runtime: StepRunner; secrets: SecretSource; checkpoints: Checkpoints }): Executor {
  const { runtime, secrets, checkpoints } = deps;
  return {
    checkpoints,
    async run(job, { signal, onStarted, onLog, onMetrics }) {
      const { secretRefs, ranks = 1, ...step } = job.spec;
      const values = secretRefs && (await secrets.resolve(secretRefs).catch((err: unknown) => failedOutcome('secret_missing', err instanceof Error ? err.message : String(err))));
      if (values && isOutcome(values)) {
        return values;
      }
      const checkpointFolder = await checkpoints.open(job);
      const spec: StepSpec = { ...step, ...(values && { secrets: values }), id: `${job.id}-${job.attempt}`, gpus: job.gpus, checkpointFolder };
      const observer: StepObserver = { onStarted: started => onStarted(started.pid, started.usedBytes), onLog, onMetrics };
      if (ranks > 1) {
        return await runGang(runtime, spec, ranks, { signal, observer });
      }
      const result = await runtime.runStep(spec, { signal, observer });
      return { status: result.status, ...(result.error && { error: result.error }), result };
    }
  };
}

/** An outcome without a result, for jobs that could not be run or were lost. */
export function failedOutcome(code: string, message: string, isRetryable = false, cause?: unknown): JobOutcome {
  const detail = cause instanceof Error ? `${message} (${cause.message})` : message;
  return { status: 'failed', error: { code, message: detail, cellId: null, traceback: null, isRetryable }, result: null };
}

export function cancelledOutcome(): JobOutcome {
  return { status: 'cancelled', error: { code: 'cancelled', message: 'Cancelled.', cellId: null, traceback: null, isRetryable: false }, result: null };
}
