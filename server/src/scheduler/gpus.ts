import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Device } from './policy';

/**
 * The machine's GPUs as `nvidia-smi` tells them; none where there is no such
 * program or no driver. A GPU that is cut into MIG slices is given out slice by
 * slice, never whole.
 */
export async function findGpus(env?: NodeJS.ProcessEnv): Promise<Device[]> {
  const ask = async (...args: string[]): Promise<string> => (await promisify(execFile)('nvidia-smi', args, { timeout: 10_000, env })).stdout;
  try {
    const gpus = parseGpus(await ask('--query-gpu=index,uuid,name,memory.total', '--format=csv,noheader,nounits'));
    return withSlices(gpus, await ask('-L'));
  } catch {
    return []; // no driver is the usual case, not a fault
  }
}

/** Reads `index, uuid, name, MiB` lines; what is no GPU line is passed over. */
export function parseGpus(csv: string): Device[] {
  return csv.split('\n').flatMap(line => {
    const [, uuid, name, mebibytes] = line.split(/,\s*/);
    return uuid?.startsWith('GPU-') && name ? [{ id: uuid, type: name, memoryBytes: Number(mebibytes) * 2 ** 20 || 0, migProfile: null }] : [];
  });
}

/** Puts the MIG slices that `nvidia-smi -L` lists below a GPU in its place. */
export function withSlices(gpus: readonly Device[], listing: string): Device[] {
  const slices = new Map<string, Device[]>();
  let gpu: Device | undefined;
  for (const line of listing.split('\n')) {
    const uuid = /^GPU \d+:.*\(UUID: (GPU-[^)]+)\)/.exec(line)?.[1];
    gpu = uuid === undefined ? gpu : gpus.find(g => g.id === uuid);
    const slice = /^\s+MIG (\S+)\s+Device\s+\d+: \(UUID: (MIG-[^)]+)\)/.exec(line);
    if (slice && gpu) {
      const [, profile, id] = slice as unknown as [string, string, string];
      const migProfile = /\d+g\.\d+gb/.exec(profile)?.[0] ?? profile;
      const memoryBytes = Number(/\.(\d+)gb/.exec(profile)?.[1] ?? 0) * 2 ** 30;
      slices.set(gpu.id, [...(slices.get(gpu.id) ?? []), { id, type: gpu.type, memoryBytes, migProfile }]);
    }
  }
  return gpus.flatMap(g => slices.get(g.id) ?? [g]);
}
