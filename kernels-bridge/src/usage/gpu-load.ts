import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

export interface GpuLoad {
  utilisationPercent: number;
  usedMemoryBytes: number;
  totalMemoryBytes: number;
}

const KEPT_MS = 2_000;
const PATIENCE_MS = 5_000;

/** Asks the driver how busy this machine's GPUs are, at most once in two seconds; by their UUIDs. */
export function createGpuLoad(hasGpus: boolean, env?: NodeJS.ProcessEnv) {
  let last: { at: number; load: Promise<Map<string, GpuLoad>> } | undefined;
  return (): Promise<Map<string, GpuLoad>> => {
    if (!hasGpus) {
      return Promise.resolve(new Map());
    }
    if (!last || Date.now() - last.at > KEPT_MS) {
      last = { at: Date.now(), load: askDriver('uuid,utilization.gpu,memory.used,memory.total', env).then(parseLoad) };
    }
    return last.load;
  };
}

/** Reads `uuid, percent, MiB, MiB` lines; a MIG GPU says `[N/A]` and is passed over. */
export function parseLoad(csv: string): Map<string, GpuLoad> {
  return new Map(
    rowsOf(csv).flatMap(([uuid = '', ...told]): [string, GpuLoad][] => {
      const [percent, used, total] = told.map(text => (/^\d+$/.test(text) ? Number(text) : NaN));
      const isWhole = uuid.startsWith('GPU-') && percent! >= 0 && used! >= 0;
      return isWhole ? [[uuid, { utilisationPercent: percent!, usedMemoryBytes: used! * 2 ** 20, totalMemoryBytes: (total || 0) * 2 ** 20 }]] : [];
    })
  );
}

/** UUIDs of GPUs that an engine named by them, or by the driver's indices. */
export async function gpuUuids(named: readonly string[], env?: NodeJS.ProcessEnv): Promise<string[]> {
  if (named.every(name => !/^\d+$/.test(name))) {
    return [...named];
  }
  const uuids = new Map(rowsOf(await askDriver('index,uuid', env)).map(([index, uuid]) => [index, uuid]));
  return named.flatMap(name => uuids.get(name) ?? (name.startsWith('GPU-') ? name : []));
}

/** Comma-separated lines; none where there is no driver. */
async function askDriver(properties: string, env?: NodeJS.ProcessEnv): Promise<string> {
  const answer = await promisify(execFile)('nvidia-smi', [`--query-gpu=${properties}`, '--format=csv,noheader,nounits'], { timeout: PATIENCE_MS, env }).catch(() => ({ stdout: '' }));
  return answer.stdout;
}

const rowsOf = (csv: string): string[][] => csv.split('\n').map(line => line.split(',').map(field => field.trim()));
