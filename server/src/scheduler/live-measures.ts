import type { LiveMetric, StepUsage } from '@slipway/kernels-bridge';
import { toMetricValue, type LiveJob } from '@slipway/schema';

/** Of a longer series every other point is dropped: it stays whole, and grows coarser. */
const MOST_POINTS = 500;
const MOST_METRICS = 100;

interface Series {
  usage: StepUsage[];
  metrics: Map<string, LiveMetric[]>;
}

/**
 * What the jobs of this daemon use and measure while they run, for who looks
 * on. In memory alone: a job's result has its metrics, and its history the peaks.
 */
export function createLiveMeasures() {
  const jobs = new Map<string, Series>();
  return {
    /** An attempt begins, or is taken up again: what follows is all of it. */
    begin: (jobId: string): void => void jobs.set(jobId, { usage: [], metrics: new Map() }),
    used(jobId: string, usage: StepUsage): void {
      const series = jobs.get(jobId);
      if (series) {
        series.usage = thinned([...series.usage, usage]);
      }
    },
    measured(jobId: string, points: readonly LiveMetric[]): void {
      const metrics = jobs.get(jobId)?.metrics;
      for (const point of points) {
        const before = metrics?.get(point.name);
        if (metrics && (before || metrics.size < MOST_METRICS)) {
          metrics.set(point.name, thinned([...(before ?? []), point]));
        }
      }
    },
    forget: (jobId: string): void => void jobs.delete(jobId),
    of(jobId: string): LiveJob {
      const series = jobs.get(jobId);
      return {
        isHere: series !== undefined,
        usage: (series?.usage ?? []).map(({ at, memoryBytes, gpuPercent, gpuMemoryBytes }) => ({ atMs: at, memoryBytes, gpuPercent, gpuMemoryBytes })),
        metrics: [...(series?.metrics ?? [])].map(([name, points]) => ({ name, steps: points.map(p => p.step), values: points.map(p => toMetricValue(p.value)) }))
      };
    }
  };
}

export type LiveMeasures = ReturnType<typeof createLiveMeasures>;

/** The last point always stays. */
function thinned<T>(points: T[]): T[] {
  return points.length <= MOST_POINTS ? points : points.filter((_, i) => (points.length - 1 - i) % 2 === 0);
}
