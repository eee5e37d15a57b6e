import { availableParallelism, hostname, totalmem } from 'node:os';
import { findGpus } from './gpus';
import type { Capacity } from './slots';

/** What this machine, or the container around us, has for jobs. */
export async function machineCapacity(): Promise<Capacity> {
  const constrained = process.constrainedMemory();
  const total = totalmem();
  return {
    cpus: availableParallelism(),
    memoryBytes: constrained > 0 && constrained < total ? constrained : total,
    gpus: await findGpus()
  };
}

/** Names a home on its machine: only one daemon at a time may hold it. */
export function homeIdentity(home: string): string {
  return `${hostname()}:${home}`;
}
