import type { ErrorClass, RetryPolicy } from '@slipway/schema';
import type { JobError } from './executor';

const BACKOFF_MS = 1_000;

/** The classes a user writes, by the code of an error. */
const CLASSES: Record<string, ErrorClass> = {
  cell_failed: 'cell_error',
  step_timeout: 'timeout',
  out_of_memory: 'out_of_memory',
  kernel_died: 'kernel_died',
  kernel_start_failed: 'kernel_died',
  worker_lost: 'worker_lost',
  executor_failed: 'worker_lost',
  engine_unreachable: 'engine_unreachable',
  preempted: 'preempted'
};

/**
 * How long to wait before the next attempt; null when there is none. Without a
 * policy what may pass by itself is tried again. `random` is in [0, 1).
 */
export function waitBeforeRetry(error: JobError, retries: number, maxRetries: number, policy: RetryPolicy | null, random: number): number | null {
  if (retries >= maxRetries) {
    return null;
  }
  if (!policy) {
    return error.isRetryable ? BACKOFF_MS * 2 ** retries : null;
  }
  if (!answersTo(policy, error)) {
    return null;
  }
  const wait = Math.min(policy.maxBackoffMs, policy.backoffMs * policy.factor ** retries);
  return Math.round(wait * (1 - policy.jitter) + wait * policy.jitter * random);
}

function answersTo(policy: RetryPolicy, error: JobError): boolean {
  const kind = CLASSES[error.code];
  if (policy.on.includes('any') || (kind !== undefined && policy.on.includes(kind))) {
    return true;
  }
  // `ConnectionError: refused`, as Python ends a traceback.
  const raised = error.code === 'cell_failed' ? /^[\w.]+/.exec(error.message)?.[0].split('.').at(-1) : undefined;
  if (raised !== undefined && policy.onExceptions.some(name => name.split('.').at(-1) === raised)) {
    return true;
  }
  return kind === undefined && error.isRetryable; // a fault that is not the step's own
}
