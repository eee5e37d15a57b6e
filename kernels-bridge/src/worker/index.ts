export { spawnWorker } from './spawn';
export type { WorkerExit, WorkerProcess, WorkerSandbox, WorkerSpec } from './spec';
