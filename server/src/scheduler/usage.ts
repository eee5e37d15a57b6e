import { percentile } from '../core/percentile';
import type { GpuLoad } from './gpu-load';

/** What a job uses of the machine at an instant. */
export interface JobUsage {
  /** Milliseconds since its attempt began. */
  at: number;
  /** Mean over its GPUs; null where it holds none for itself. */
  gpuPercent: number | null;
  /** Of the GPU it uses most. */
  gpuMemoryBytes: number | null;
  /** Of all its ranks; null before they are there. */
  memoryBytes: number | null;
}

export interface GpuPeaks {
  memoryBytes: number | null;
  /** The 95th percentile of its GPUs' use: one busy moment is no peak. */
  percent: number | null;
  /** What the smallest of them has. */
  totalBytes: number | null;
}

/** Sampled each second at first, for short steps; then less often. */
const EARLY = { samples: 10, everyMs: 1_000 };
const EVERY_MS = 2_000;
/** Of a long job every other sample is dropped beyond this. */
const MOST_SAMPLES = 1_000;

export type UsageMeter = ReturnType<typeof startUsageMeter>;

/** Samples what one attempt uses until `end`. `gpus` are UUIDs of those it holds whole. */
export function startUsageMeter(deps: { gpus: readonly string[]; load: () => Promise<ReadonlyMap<string, GpuLoad>>; onSample: (usage: JobUsage) => void }) {
  const began = Date.now();
  const readers: (() => number | null)[] = [];
  let percents: number[] = [];
  let memoryBytes: number | null = null;
  let totalBytes: number | null = null;
  let taken = 0;
  let timer: NodeJS.Timeout | undefined;
  let isOver = false;

  async function sample(): Promise<void> {
    const load = deps.gpus.length === 0 ? new Map<string, GpuLoad>() : await deps.load();
    if (isOver) {
      return;
    }
    const own = deps.gpus.flatMap(id => load.get(id) ?? []);
    totalBytes = own.length === 0 ? totalBytes : Math.min(...own.map(gpu => gpu.totalMemoryBytes));
    const used = readers.flatMap(read => read() ?? []);
    const usage: JobUsage = {
      at: Date.now() - began,
      gpuPercent: own.length === 0 ? null : own.reduce((sum, gpu) => sum + gpu.utilisationPercent, 0) / own.length,
      gpuMemoryBytes: own.length === 0 ? null : Math.max(...own.map(gpu => gpu.usedMemoryBytes)),
      memoryBytes: used.length === 0 ? null : used.reduce((sum, bytes) => sum + bytes, 0)
    };
    note(usage);
    deps.onSample(usage);
    plan();
  }

  function note(usage: JobUsage): void {
    if (usage.gpuMemoryBytes !== null) {
      memoryBytes = Math.max(memoryBytes ?? 0, usage.gpuMemoryBytes);
    }
    if (usage.gpuPercent !== null) {
      percents.push(usage.gpuPercent);
      percents = percents.length > MOST_SAMPLES ? percents.filter((_, i) => i % 2 === 1) : percents;
    }
  }

  function plan(): void {
    timer = setTimeout(() => void sample(), taken < EARLY.samples ? EARLY.everyMs : EVERY_MS);
    taken += 1;
  }
  plan();

  return {
    /** A process of the job is there, and `read` tells the bytes that it and what it started use. */
    watch: (read: () => number | null): void => void readers.push(read),
    gpuPeaks: (): GpuPeaks => ({ memoryBytes, percent: percents.length === 0 ? null : percentile(percents, 95), totalBytes }),
    end(): void {
      isOver = true;
      clearTimeout(timer);
    }
  };
}
