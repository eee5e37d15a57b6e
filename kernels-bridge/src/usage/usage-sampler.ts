import type { GpuLoad } from './gpu-load';

/** What a step uses of the machine it runs on, at an instant. */
export interface StepUsage {
  /** Milliseconds since its attempt began. */
  at: number;
  /** Mean over its GPUs; null where it holds none for itself. */
  gpuPercent: number | null;
  /** Of the GPU it uses most. */
  gpuMemoryBytes: number | null;
  /** What the smallest of its GPUs has. */
  gpuTotalBytes: number | null;
  /** Of all its processes here; null before they are there. */
  memoryBytes: number | null;
}

/** Sampled each second at first, for short steps; then less often. */
const EARLY = { samples: 10, everyMs: 1_000 };
const EVERY_MS = 2_000;

export type UsageSampler = ReturnType<typeof startUsageSampler>;

/** Samples what one attempt uses until `end`. `gpus` are UUIDs of those it holds whole. */
export function startUsageSampler(deps: { gpus: readonly string[]; load: () => Promise<ReadonlyMap<string, GpuLoad>>; onSample: (usage: StepUsage) => void }) {
  const began = Date.now();
  const readers: (() => number | null)[] = [];
  let taken = 0;
  let timer: NodeJS.Timeout | undefined;
  let isOver = false;

  async function sample(): Promise<void> {
    const load = deps.gpus.length === 0 ? new Map<string, GpuLoad>() : await deps.load();
    if (isOver) {
      return;
    }
    const own = deps.gpus.flatMap(id => load.get(id) ?? []);
    const used = readers.flatMap(read => read() ?? []);
    deps.onSample({
      at: Date.now() - began,
      gpuPercent: own.length === 0 ? null : sum(own.map(gpu => gpu.utilisationPercent)) / own.length,
      gpuMemoryBytes: own.length === 0 ? null : Math.max(...own.map(gpu => gpu.usedMemoryBytes)),
      gpuTotalBytes: own.length === 0 ? null : Math.min(...own.map(gpu => gpu.totalMemoryBytes)),
      memoryBytes: used.length === 0 ? null : sum(used)
    });
    plan();
  }

  function plan(): void {
    timer = setTimeout(() => void sample(), taken < EARLY.samples ? EARLY.everyMs : EVERY_MS);
    taken += 1;
  }
  plan();

  return {
    /** A process of the job is there, and `read` tells the bytes that it and what it started use. */
    watch: (read: () => number | null): void => void readers.push(read),
    end(): void {
      isOver = true;
      clearTimeout(timer);
    }
  };
}

const sum = (values: readonly number[]): number => values.reduce((all, value) => all + value, 0);
