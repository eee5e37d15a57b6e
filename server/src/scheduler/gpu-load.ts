import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

export interface GpuLoad {
  utilisationPercent: number;
  usedMemoryBytes: number;
  totalMemoryBytes: number;
}

const KEPT_MS = 2_000;

/** Asks the driver how busy this machine's GPUs are, at most once in two seconds. */
export function createGpuLoad(hasGpus: boolean, env?: NodeJS.ProcessEnv) {
  let last: { at: number; load: Promise<Map<string, GpuLoad>> } | undefined;
  return (): Promise<Map<string, GpuLoad>> => {
    if (!hasGpus) {
      return Promise.resolve(new Map());
    }
    if (!last || Date.now() - last.at > KEPT_MS) {
      last = { at: Date.now(), load: ask(env) };
    }
    return last.load;
  };
}

async function ask(env?: NodeJS.ProcessEnv): Promise<Map<string, GpuLoad>> {
  const query = ['--query-gpu=uuid,utilization.gpu,memory.used,memory.total', '--format=csv,noheader,nounits'];
  const answer = await promisify(execFile)('nvidia-smi', query, { timeout: 5_000, env }).catch(() => ({ stdout: '' }));
  return parseLoad(answer.stdout);
}

/** Reads `uuid, percent, MiB, MiB` lines; a MIG GPU says `[N/A]` and is passed over. */
export function parseLoad(csv: string): Map<string, GpuLoad> {
  const rows = csv.split('\n').map(line => line.split(/,\s*/));
  return new Map(
    rows.flatMap(([uuid = '', ...told]): [string, GpuLoad][] => {
      const [percent, used, total] = told.map(text => (/^\d+$/.test(text.trim()) ? Number(text) : NaN));
      const isWhole = uuid.startsWith('GPU-') && percent! >= 0 && used! >= 0;
      return isWhole ? [[uuid, { utilisationPercent: percent!, usedMemoryBytes: used! * 2 ** 20, totalMemoryBytes: (total || 0) * 2 ** 20 }]] : [];
    })
  );
}
