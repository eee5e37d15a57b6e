import type { WorkerProcess, WorkerSpec } from '@slipway/kernels-bridge';

/** What serving needs of the machine's kernels; the composition root passes the kernel runtime itself. */
export interface WorkersPort {
  /** @throws when there is no kernel of that name */
  findKernel(name: string): Promise<{ python: string | null }>;
  spawnWorker(spec: WorkerSpec): Promise<WorkerProcess>;
  /** Interpreter of Slipway's own environment, and the folder of its Python package. */
  python: string;
  pythonPath: string;
}

/** One call for predictions, as it came over HTTP. */
export interface PredictionRequest {
  contentType: string;
  body: Buffer;
  /** Aborts when the client goes away: what still waits is not asked any more. */
  signal: AbortSignal;
}
