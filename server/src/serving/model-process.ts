import type { WorkerExit, WorkerProcess } from '@slipway/kernels-bridge';
import { InvalidInput, Unavailable, UnsupportedMediaType } from '../core/errors';
import { NotTaken, StartFailed, endedEarly, endedOver } from './failures';
import { frameQueue, type Frame } from './frames';
import type { PredictionRequest } from './ports';

/** A loaded model in its process; asked one thing at a time. */
export interface ModelProcess {
  pid: number;
  exited: Promise<WorkerExit>;
  /**
   * The reply's JSON.
   *
   * @throws {InvalidInput} `schema_mismatch`, `unknown_form`, `invalid_json`, `invalid_input`, `prediction_failed`
   * @throws {UnsupportedMediaType} `unsupported_content_type`
   * @throws {NotTaken} when the process was gone before it took the request: it may be asked again of another
   * @throws {Unavailable} `worker_died`, `worker_out_of_memory`, `prediction_timeout`; the process is gone then
   */
  ask(request: PredictionRequest): Promise<Buffer>;
  kill(): void;
}

export interface ProcessLimits {
  startMs: number;
  predictMs: number;
  memoryBytes: number;
}

/**
 * Waits for the model to be loaded.
 *
 * @throws {StartFailed}
 */
export async function speakWith(worker: WorkerProcess, limits: ProcessLimits): Promise<ModelProcess> {
  // A process that breaks the protocol is not to be trusted with the next request.
  const frames = frameQueue(worker.stdout, () => worker.kill());
  const first = await within(limits.startMs, frames.next(), worker, endedEarly, () => new StartFailed(`The model was not loaded within ${limits.startMs / 1000} s.`));
  if (first.type !== 'ready') {
    worker.kill();
    throw new StartFailed(`The model cannot be loaded: ${first.message ?? 'its process does not say why'}`, first.code === 'module_missing');
  }
  let lastId = 0;
  return {
    pid: worker.pid,
    exited: worker.exited,
    kill: () => worker.kill(),
    async ask({ contentType, body }) {
      const late = (): Unavailable => new Unavailable('prediction_timeout', `The model did not answer within ${limits.predictMs / 1000} s; its process is started again. Send fewer rows at a time.`);
      worker.stdin.write(`${JSON.stringify({ id: ++lastId, contentType, sizeBytes: body.length })}\n`);
      worker.stdin.write(body);
      await within(limits.predictMs, frames.next(), worker, () => new NotTaken(), late);
      return contentOf(await within(limits.predictMs, frames.next(), worker, exit => endedOver(exit, limits.memoryBytes), late));
    }
  };
}

/** What comes first: the answer, the end of the process, or the end of our patience, which ends the process. */
async function within<T>(ms: number, answer: Promise<T>, worker: WorkerProcess, onExit: (exit: WorkerExit) => Error, onLate: () => Error): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      worker.kill();
      reject(onLate());
    }, ms);
  });
  const ended = worker.exited.then((exit: WorkerExit): never => {
    throw onExit(exit);
  });
  return Promise.race([answer, late, ended]).finally(() => clearTimeout(timer));
}

function contentOf(frame: Frame): Buffer {
  if (frame.type === 'reply') {
    return frame.body;
  }
  const message = frame.message ?? 'The model refused the request.';
  throw frame.code === 'unsupported_content_type' ? new UnsupportedMediaType(frame.code, message) : new InvalidInput(frame.code ?? 'invalid_input', message);
}
