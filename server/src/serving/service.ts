import { rm } from 'node:fs/promises';
import type { Artifacts } from '../artifacts';
import type { Log } from '../core/log';
import { Conflict, NotFound } from '../core/errors';
import type { Registry } from '../registry';
import { interpretersFor } from './interpreters';
import type { ProcessLimits } from './model-process';
import { createModelWorker, type ModelWorker, type QueueLimits } from './model-worker';
import type { PredictionRequest, WorkersPort } from './ports';
import { createSlots } from './slots';
import { startModel } from './start-model';

export type Serving = ReturnType<typeof createServing>;

export interface ServingLimits extends ProcessLimits, QueueLimits {
  /** Models whose processes live at once. */
  live: number;
}

export const DEFAULT_LIMITS: ServingLimits = { live: 4, queue: 64, startMs: 120_000, predictMs: 60_000, memoryBytes: 2 * 2 ** 30, idleMs: 5 * 60_000, restMs: 5_000 };

/** Predictions of registered models, each version in a sandboxed process of its own. */
export function createServing(deps: { registry: Registry; artifacts: Artifacts; kernels: WorkersPort; folder: string; log: Log; limits?: Partial<ServingLimits> }) {
  const { registry, kernels, log } = deps;
  const limits = { ...DEFAULT_LIMITS, ...deps.limits };
  const slots = createSlots(limits.live, limits.predictMs);
  const workers = new Map<string, ModelWorker>();

  function workerOf(model: { name: string; version: string; folder: string }): ModelWorker {
    // The folder is part of the name: a number may come again after its version was deleted.
    const key = JSON.stringify([model.name, model.version, model.folder]);
    const known = workers.get(key);
    if (known) {
      return known;
    }
    const start = async () => {
      const pythons = await interpretersFor(registry, kernels, model.name, model.version);
      const process = await startModel({ ...deps, limits }, { source: model.folder, pythons });
      const about = { model: model.name, version: model.version, pid: process.pid };
      log.info(about, 'model loaded');
      void process.exited.then(({ code, signal, reason }) => log.info({ ...about, code, signal, reason }, 'model process ended'));
      return process;
    };
    const worker = createModelWorker({ start, slots, limits });
    workers.set(key, worker);
    return worker;
  }

  return {
    /**
     * Predictions as MLflow's scoring server would give them: `{"predictions": …}` as JSON.
     *
     * @param which a version's number, `latest` or `@alias`
     * @throws {NotFound} `no_such_model`, `no_such_version`, `no_such_alias`, `model_has_no_files`; {Conflict} `model_stored_elsewhere`, `model_files_missing`
     * @throws what `ModelProcess.ask` throws; {Unavailable} `worker_start_failed`, `queue_full`, `no_worker_free`
     */
    async predict(name: string, which: string, request: PredictionRequest): Promise<Buffer> {
      const { version, folder, source, ...model } = await registry.resolve(name, which);
      if (folder === null && /^[a-z0-9-]+:/.test(source)) {
        throw new Conflict('model_stored_elsewhere', `Version ${version} of ${name} lies at ${source}: Slipway serves what stands among its own artifacts. Log the model here to serve it.`);
      }
      if (folder === null) {
        throw new NotFound('model_has_no_files', `Version ${version} of ${name} was registered without files.`);
      }
      return workerOf({ name: model.name, version, folder }).predict(request);
    },
    /** Clears what a daemon that was killed left on disk. */
    start: (): Promise<void> => rm(deps.folder, { recursive: true, force: true }),
    /** Ends all model processes. */
    stop: async (): Promise<void> => void (await Promise.all([...workers.values()].map(w => w.stop())))
  };
}
