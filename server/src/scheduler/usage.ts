import type { StepUsage } from '@slipway/kernels-bridge';
import { percentile } from '../core/percentile';

export interface GpuPeaks {
  memoryBytes: number | null;
  /** The 95th percentile of its GPUs' use: one busy moment is no peak. */
  percent: number | null;
  /** What the smallest of them has. */
  totalBytes: number | null;
}

/** Of a long job every other sample is dropped beyond this. */
const MOST_SAMPLES = 1_000;

/** Remembers the peaks of what one attempt uses. */
export function createUsagePeaks() {
  let percents: number[] = [];
  let memoryBytes: number | null = null;
  let totalBytes: number | null = null;
  return {
    note({ gpuPercent, gpuMemoryBytes, gpuTotalBytes }: StepUsage): void {
      totalBytes = gpuTotalBytes ?? totalBytes;
      if (gpuMemoryBytes !== null) {
        memoryBytes = Math.max(memoryBytes ?? 0, gpuMemoryBytes);
      }
      if (gpuPercent !== null) {
        percents.push(gpuPercent);
        percents = percents.length > MOST_SAMPLES ? percents.filter((_, i) => i % 2 === 1) : percents;
      }
    },
    gpus: (): GpuPeaks => ({ memoryBytes, percent: percents.length === 0 ? null : percentile(percents, 95), totalBytes })
  };
}
