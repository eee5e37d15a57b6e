import type { KernelsPort } from './ports';

/** The lock of a kernel's environment, or why there is none: a step can run without it, only not from the cache. */
export function createEnvironmentLocks(kernels: Pick<KernelsPort, 'environmentLock'>) {
  return (kernelName: string): Promise<{ lock: string } | { reason: string }> =>
    kernels.environmentLock(kernelName).then(
      lock => ({ lock }),
      (err: unknown) => ({ reason: `Not looked up: the environment of ${kernelName} could not be read (${err instanceof Error ? err.message : String(err)}).` })
    );
}
