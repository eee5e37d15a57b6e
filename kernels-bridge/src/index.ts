export type * from './step/spec';
export { KernelDied, KernelNotFound, KernelStartFailed } from './errors';
export type { Kernelspec } from './kernels/kernelspecs';
export { metricFunctions, type MetricFunctions } from './metric-functions';
export { createKernelRuntime, type KernelRuntime, type KernelRuntimeOptions, type SandboxState } from './runtime';
export type { WorkerExit, WorkerProcess, WorkerSpec } from './worker';
