import { join } from 'node:path';
import type { Artifacts } from '../artifacts';
import { StartFailed } from './failures';
import { layOut } from './model-folder';
import { speakWith, type ModelProcess, type ProcessLimits } from './model-process';
import type { WorkersPort } from './ports';

export interface ModelToStart {
  /** Folder of its files among the artifacts. */
  source: string;
  /** Interpreters to try, best first. */
  pythons: readonly string[];
}

/**
 * Lays the model out and starts a process that has loaded it; its files go as it ends.
 *
 * @throws {StartFailed}
 * @throws {NotFound} `model_has_no_files`
 * @throws {Conflict} `model_files_missing`
 */
export async function startModel(deps: { artifacts: Artifacts; kernels: WorkersPort; folder: string; limits: ProcessLimits }, { source, pythons }: ModelToStart): Promise<ModelProcess> {
  const { kernels, limits } = deps;
  const folder = await layOut(deps.artifacts, source, deps.folder);
  const startWith = async (python: string): Promise<ModelProcess> => {
    const worker = await kernels
      .spawnWorker({
        id: 'model',
        python,
        args: [join(kernels.pythonPath, 'slipway/serve_model.py'), folder.model],
        scratch: folder.scratch,
        readOnly: [folder.model],
        env: ONE_THREAD,
        memoryBytes: limits.memoryBytes
      })
      .catch((error: Error) => {
        throw new StartFailed(`The model's process could not be started: ${error.message}`, true);
      });
    return speakWith(worker, limits);
  };
  try {
    const started = await firstThatWorks(pythons, startWith);
    return { ...started, exited: started.exited.finally(folder.remove) };
  } catch (error) {
    await folder.remove();
    throw error;
  }
}

/** Many models share the machine: none takes all its cores for one small table. */
const ONE_THREAD = { OMP_NUM_THREADS: '1', OPENBLAS_NUM_THREADS: '1', MKL_NUM_THREADS: '1', CUDA_VISIBLE_DEVICES: '' };

/** Tries the next environment only where the one before lacks a package. */
async function firstThatWorks(pythons: readonly string[], start: (python: string) => Promise<ModelProcess>): Promise<ModelProcess> {
  const [python, ...others] = pythons;
  try {
    return await start(python!);
  } catch (error) {
    if (error instanceof StartFailed && error.moduleMissing && others.length > 0) {
      return firstThatWorks(others, start);
    }
    throw error;
  }
}
