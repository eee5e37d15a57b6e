import { Unavailable } from '../core/errors';
import { NotTaken, StartFailed, TooManyWaiting } from './failures';
import type { ModelProcess } from './model-process';
import type { PredictionRequest } from './ports';
import type { SlotHolder, Slots } from './slots';

export interface ModelWorker extends SlotHolder {
  predict(request: PredictionRequest): Promise<Buffer>;
}
export interface QueueLimits {
  /** Requests that may wait for one model. */
  queue: number;
  /** A process nobody asked for so long is ended. */
  idleMs: number;
  /** For so long a failed start is not tried again. */
  restMs: number;
}

interface Waiting {
  request: PredictionRequest;
  resolve(reply: Buffer): void;
  reject(error: unknown): void;
}

/**
 * One model version: its requests in a row, and the process that answers them.
 *
 * none → (asked) starting → ready ⇄ busy → (idle, displaced or dead) none
 *
 * A process that dies takes the request it was busy with, and no other.
 */
export function createModelWorker(deps: { start: () => Promise<ModelProcess>; slots: Slots; limits: QueueLimits }): ModelWorker {
  const { slots, limits } = deps;
  const queue: Waiting[] = [];
  let process: ModelProcess | null = null;
  let isWorking = false;
  let failure: { error: StartFailed; until: number } | null = null;
  let idleTimer: NodeJS.Timeout | undefined;

  const worker: ModelWorker = {
    isIdle: () => !isWorking,
    async stop() {
      clearTimeout(idleTimer);
      const ending = process;
      ending?.kill();
      await ending?.exited;
    },
    predict: request =>
      new Promise((resolve, reject) => {
        if (queue.length >= limits.queue) {
          return reject(new TooManyWaiting(limits.queue));
        }
        queue.push({ request, resolve, reject });
        if (!isWorking) {
          void work();
        }
      })
  };

  async function work(): Promise<void> {
    isWorking = true;
    clearTimeout(idleTimer);
    for (let next = queue.shift(); next; next = queue.shift()) {
      await answer(next);
    }
    isWorking = false;
    if (process) {
      idleTimer = setTimeout(() => void worker.stop(), limits.idleMs).unref();
      slots.becameIdle();
    }
  }

  async function answer({ request, resolve, reject }: Waiting): Promise<void> {
    if (request.signal.aborted) {
      return reject(new Unavailable('client_gone', 'The client left before its turn came.'));
    }
    try {
      resolve(await askOnce(request).catch(error => (error instanceof NotTaken ? askOnce(request) : Promise.reject(error))));
    } catch (error) {
      reject(error);
    }
  }

  async function askOnce(request: PredictionRequest): Promise<Buffer> {
    const asked = (process ??= await start());
    slots.touch(worker);
    try {
      return await asked.ask(request);
    } catch (error) {
      if (error instanceof Unavailable) {
        process = null; // dead or dying: the next request has a new one
        await asked.exited;
      }
      throw error;
    }
  }

  async function start(): Promise<ModelProcess> {
    if (failure && Date.now() < failure.until) {
      throw failure.error;
    }
    await slots.take(worker);
    try {
      const started = await deps.start();
      failure = null;
      void started.exited.then(() => {
        process = process === started ? null : process;
        slots.release(worker);
      });
      return started;
    } catch (error) {
      slots.release(worker);
      failure = error instanceof StartFailed ? { error, until: Date.now() + limits.restMs } : null;
      throw error;
    }
  }
  return worker;
}
