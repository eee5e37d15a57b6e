import { createHash } from 'node:crypto';
import { statfs } from 'node:fs/promises';
import { availableParallelism, hostname, tmpdir, totalmem } from 'node:os';
import { findGpus } from './gpus';
import type { Device } from './policy';

/** What a machine has for jobs. */
export interface Capacity {
  cpus: number;
  memoryBytes: number;
  scratchBytes: number;
  gpus: readonly Device[];
}

/** What this machine, or the container around us, has for jobs; programs are looked for in `env`, else in our own. */
export async function machineCapacity(env?: NodeJS.ProcessEnv): Promise<Capacity> {
  const constrained = process.constrainedMemory();
  const total = totalmem();
  const disk = await statfs(tmpdir()).catch(() => null);
  return {
    cpus: availableParallelism(),
    memoryBytes: constrained > 0 && constrained < total ? constrained : total,
    scratchBytes: disk ? disk.bavail * disk.bsize : 0,
    gpus: await findGpus(env)
  };
}

/** Names this machine's node by host and home; no slashes, for it stands in URLs. */
export function nodeIdentity(home: string): string {
  return `${hostname()}-${createHash('sha256').update(home).digest('hex').slice(0, 8)}`;
}

/** Names a home on its machine: only one daemon at a time may hold it. */
export function homeIdentity(home: string): string {
  return `${hostname()}:${home}`;
}
