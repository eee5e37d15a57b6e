import type { JobOutcome } from '../executor';
import { failedOutcome } from '../executor';
import type { EngineState } from './driver';

/**
 * What is told of a job whose step left no outcome of its own, or was ended by
 * the engine, which knows why. Whether it is tried again is data on the error.
 */
export function judge(state: EngineState, title: string, complaints: string): JobOutcome {
  if (state.phase !== 'ended') {
    return failedOutcome('worker_lost', `${title} does not know the job any more, and it left no result. The step is tried again where retries are left.`, true);
  }
  const why = complaints === '' ? state.message : `${state.message}\n${complaints}`;
  switch (state.end) {
    case 'out_of_memory':
      return failedOutcome('out_of_memory', `The step used more memory than ${title} gives the job and was killed. Give it more, or work on less at once. ${state.message}`);
    case 'timeout':
      return failedOutcome('step_timeout', `${title} ended the job for its time limit. ${state.message}`);
    case 'node_lost':
      return failedOutcome('worker_lost', `The node the step ran on was lost. ${state.message}`, true);
    case 'preempted':
      return failedOutcome('preempted', `${title} took the job’s place for another; it goes back to the queue. ${state.message}`, true);
    case 'cancelled':
      return failedOutcome('engine_cancelled', `The job was cancelled in ${title}, not here: its owner or an administrator of it knows why. ${state.message}`);
    case 'succeeded':
    case 'failed':
      return failedOutcome('step_runner_failed', `The step did not run on ${title}: its runner ended without a result. Are Node, the interpreter and the shared folder on every node as engines.yaml says? ${why}`);
  }
}
