import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

export interface Gpu {
  uuid: string;
  name: string;
  memoryBytes: number;
}

/** The machine's GPUs as `nvidia-smi` tells them; none where there is no such program or no driver. */
export async function findGpus(): Promise<Gpu[]> {
  try {
    const { stdout } = await promisify(execFile)('nvidia-smi', ['--query-gpu=index,uuid,name,memory.total', '--format=csv,noheader,nounits'], {
      timeout: 10_000
    });
    return parseGpus(stdout);
  } catch {
    return []; // no driver is the usual case, not a fault
  }
}

/** Reads `index, uuid, name, MiB` lines; what is no GPU line is passed over. */
export function parseGpus(csv: string): Gpu[] {
  return csv.split('\n').flatMap(line => {
    const [, uuid, name, mebibytes] = line.split(/,\s*/);
    return uuid?.startsWith('GPU-') && name ? [{ uuid, name, memoryBytes: Number(mebibytes) * 2 ** 20 || 0 }] : [];
  });
}
