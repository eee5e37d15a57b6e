import type { KernelsPort } from './ports';

type Lock = { lock: string } | { reason: string };

/** The lock of a kernel's environment, or why there is none: a step can run without it, only not from the cache. Asked once for all who ask at the same time. */
export function createEnvironmentLocks(kernels: Pick<KernelsPort, 'environmentLock'>) {
  const asked = new Map<string, Promise<Lock>>();

  const ask = (kernelName: string): Promise<Lock> =>
    kernels
      .environmentLock(kernelName)
      .then(
        lock => ({ lock }),
        (err: unknown) => ({ reason: `Not looked up: the environment of ${kernelName} could not be read (${err instanceof Error ? err.message : String(err)}).` })
      )
      .finally(() => asked.delete(kernelName));

  return (kernelName: string): Promise<Lock> => {
    const answer = asked.get(kernelName) ?? ask(kernelName);
    asked.set(kernelName, answer);
    return answer;
  };
}
