import type { WorkerExit } from '@slipway/kernels-bridge';
import { Unavailable } from '../core/errors';

/** The model's process could not be made to answer; `moduleMissing` = its environment lacks a package. */
export class StartFailed extends Unavailable {
  constructor(
    message: string,
    readonly moduleMissing = false
  ) {
    super('worker_start_failed', message);
  }
}

/** The process was gone already; the request was not looked at. */
export class NotTaken extends Unavailable {
  constructor() {
    super('worker_died', "The model's process ended before it took the request; send it again.");
  }
}

/** The row before one model is as long as it may be. */
export class TooManyWaiting extends Unavailable {
  constructor(waiting: number) {
    super('queue_full', `${waiting} requests wait for this model already; try again shortly.`);
  }
}

/** What the one who asked is told when the process ended over their request. */
export function endedOver(exit: WorkerExit, memoryBytes: number): Unavailable {
  return exit.reason === 'out_of_memory'
    ? new Unavailable('worker_out_of_memory', `The model used more than the ${Math.round(memoryBytes / 2 ** 20)} MiB it may; send fewer rows at a time.`)
    : new Unavailable('worker_died', `The model's process died over this request (${exit.signal ?? `exit code ${exit.code}`}); it is started again for the next.${tail(exit)}`);
}

/** What is known of a process that ended before it was ready. */
export function endedEarly(exit: WorkerExit): StartFailed {
  return new StartFailed(
    exit.reason === 'out_of_memory' ? 'The model needs more memory to load than it may use.' : `The model's process ended before it was ready (${exit.signal ?? `exit code ${exit.code}`}).${tail(exit)}`
  );
}

function tail(exit: WorkerExit): string {
  const line = exit.stderr.trim().split('\n').at(-1) ?? '';
  return line === '' ? '' : ` Last it said: ${line.slice(0, 300)}`;
}
