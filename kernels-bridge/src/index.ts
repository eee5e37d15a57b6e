export type * from './step/spec';
export { SHORTEST_SECRET } from './step/mask';
export { blobsOf, storedItems } from './step/stored-list';
export { KernelDied, KernelNotFound, KernelStartFailed } from './errors';
export type { Kernelspec } from './kernels/kernelspecs';
export { metricFunctions, type MetricFunctions } from './metric-functions';
export { ALIVE_MS, parcelPaths, type ParcelOutcome, type ParcelPaths, type ParcelSpec } from './parcel/parcel';
export { createKernelRuntime, type KernelRuntime, type KernelRuntimeOptions, type SandboxState } from './runtime';
export type { WorkerExit, WorkerProcess, WorkerSpec } from './worker';
