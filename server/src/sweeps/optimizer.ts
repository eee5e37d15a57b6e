import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { WorkerProcess, WorkerSpec } from '@slipway/kernels-bridge';
import { InvalidInput, Unavailable } from '../core/errors';
import type { Log } from '../core/log';

/** The part of the kernel runtime that starts processes behind walls. */
export interface WorkersPort {
  spawnWorker(spec: WorkerSpec): Promise<WorkerProcess>;
  python: string;
  pythonPath: string;
}

interface Reply {
  id: number;
  error?: { code: string; message: string };
}
interface Running {
  worker: WorkerProcess;
  waiting: Map<number, { resolve: (reply: Reply) => void; reject: (error: Error) => void }>;
}

const IDLE_MS = 60_000;
const ANSWER_MS = 120_000;
const MEMORY_BYTES = 2 * 2 ** 30;

export type Optimizer = ReturnType<typeof createOptimizer>;

/**
 * Optuna in a process of its own, started with the first question, ended when
 * nobody asks for a minute, and started anew when it died: it keeps nothing
 * that is not in the question, so one that broke in mid-answer is asked again.
 */
export function createOptimizer(deps: { kernels: WorkersPort; folder: string; log: Log; idleMs?: number }) {
  const { kernels, log } = deps;
  let running: Promise<Running> | undefined;
  let idle: NodeJS.Timeout | undefined;
  let lastId = 0;

  async function start(): Promise<Running> {
    mkdirSync(deps.folder, { recursive: true, mode: 0o700 });
    const scratch = mkdtempSync(join(deps.folder, 'optimizer-'));
    const worker = await kernels.spawnWorker({
      id: 'optimizer',
      python: kernels.python,
      args: [join(kernels.pythonPath, 'slipway/optimize.py')],
      scratch,
      readOnly: [],
      env: { OMP_NUM_THREADS: '1', OPENBLAS_NUM_THREADS: '1', MKL_NUM_THREADS: '1' },
      memoryBytes: MEMORY_BYTES
    });
    const made: Running = { worker, waiting: new Map() };
    createInterface({ input: worker.stdout }).on('line', line => settle(made, line));
    void worker.exited.then(exit => {
      rmSync(scratch, { recursive: true, force: true });
      running = undefined;
      if (made.waiting.size > 0) {
        log.warn({ exit }, 'the process of the sweeps ended in mid-answer; it is started again');
      }
      made.waiting.forEach(({ reject }) => reject(new Died()));
    });
    return made;
  }

  function settle({ worker, waiting }: Running, line: string): void {
    try {
      const reply = JSON.parse(line) as Reply;
      waiting.get(reply.id)?.resolve(reply);
      waiting.delete(reply.id);
    } catch {
      worker.kill(); // what breaks the protocol is not asked again
    }
  }

  async function once<T>(question: object): Promise<T> {
    running ??= start().catch((error: unknown) => {
      running = undefined;
      throw error;
    });
    const { worker, waiting } = await running;
    const id = ++lastId;
    const answered = new Promise<Reply>((resolve, reject) => waiting.set(id, { resolve, reject }));
    const late = setTimeout(() => worker.kill(), ANSWER_MS);
    try {
      worker.stdin.write(`${JSON.stringify({ id, ...question })}\n`);
      const { error, ...reply } = await answered;
      if (error) {
        throw refusal(error);
      }
      return reply as T;
    } finally {
      clearTimeout(late);
    }
  }

  async function ask<T>(question: object): Promise<T> {
    clearTimeout(idle);
    try {
      return await once<T>(question).catch((error: unknown) => {
        if (error instanceof Died) {
          return once<T>(question);
        }
        throw error;
      });
    } catch (error) {
      throw error instanceof Died ? new Unavailable('optimizer_died', 'The process that suggests params ended twice; it is tried again.') : error;
    } finally {
      clearTimeout(idle);
      idle = setTimeout(() => void stop(), deps.idleMs ?? IDLE_MS);
      idle.unref();
    }
  }

  async function stop(): Promise<void> {
    clearTimeout(idle);
    const ending = await running?.catch(() => undefined);
    ending?.worker.kill();
    await ending?.worker.exited;
  }

  return {
    ask,
    /** Null while nobody asks. */
    pid: async (): Promise<number | null> => (await running?.catch(() => undefined))?.worker.pid ?? null,
    stop
  };
}

class Died extends Error {}
/** Optuna refuses the study itself: asking again changes nothing. */
export class OptimizerFailed extends Error {}

function refusal({ code, message }: { code: string; message: string }): Error {
  if (code === 'module_missing') {
    return new Unavailable('optuna_missing', `Sweeps need Optuna in Slipway’s own environment (${message}): pip install optuna cmaes.`);
  }
  return code === 'too_few_trials' ? new InvalidInput(code, message) : new OptimizerFailed(`Optuna failed: ${message}`);
}
