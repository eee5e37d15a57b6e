import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

export interface GpuLoad {
  utilisationPercent: number;
  usedMemoryBytes: number;
}

const KEPT_MS = 2_000;

/** Asks the driver how busy this machine's GPUs are, at most once in two seconds. */
export function createGpuLoad(hasGpus: boolean) {
  let last: { at: number; load: Promise<Map<string, GpuLoad>> } | undefined;
  return (): Promise<Map<string, GpuLoad>> => {
    if (!hasGpus) {
      return Promise.resolve(new Map());
    }
    if (!last || Date.now() - last.at > KEPT_MS) {
      last = { at: Date.now(), load: ask() };
    }
    return last.load;
  };
}

async function ask(): Promise<Map<string, GpuLoad>> {
  const query = ['--query-gpu=uuid,utilization.gpu,memory.used', '--format=csv,noheader,nounits'];
  const answer = await promisify(execFile)('nvidia-smi', query, { timeout: 5_000 }).catch(() => ({ stdout: '' }));
  return parseLoad(answer.stdout);
}

/** Reads `uuid, percent, MiB` lines; a MIG GPU says `[N/A]` and is passed over. */
export function parseLoad(csv: string): Map<string, GpuLoad> {
  const rows = csv.split('\n').map(line => line.split(/,\s*/));
  return new Map(
    rows.flatMap(([uuid, percent, mebibytes]) =>
      uuid?.startsWith('GPU-') && /^\d+$/.test(percent ?? '') && /^\d+$/.test(mebibytes?.trim() ?? '') ? [[uuid, { utilisationPercent: Number(percent), usedMemoryBytes: Number(mebibytes) * 2 ** 20 }]] : []
    )
  );
}
