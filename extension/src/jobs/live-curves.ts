import type { TranslationBundle } from '@jupyterlab/translation';
import type { Curve, Job, LiveJob } from '@slipway/schema';
import { formatMetric } from '../experiments/format';
import { formatMemory } from './words';

const MEBIBYTE = 2 ** 20;

export interface LiveCurve {
  key: string;
  title: string;
  x: 'step' | 'time';
  curve: Curve;
}

/** What a job tells, as curves; a metric that was measured once is a value beside them. */
export function curvesOf(trans: TranslationBundle, job: Pick<Job, 'id' | 'memoryBytes'>, { usage, metrics }: LiveJob): { curves: LiveCurve[]; single: { name: string; text: string }[] } {
  const used = (key: string, title: (last: number) => string, valueOf: (point: LiveJob['usage'][number]) => number | null): LiveCurve[] => {
    const points = usage.flatMap(point => { const value = valueOf(point); return value === null ? [] : [{ atMs: point.atMs, value }]; });
    const times = points.map(point => point.atMs);
    return points.length < 2 ? [] : [{ key, title: title(points.at(-1)!.value), x: 'time', curve: { runId: job.id, key, steps: times, times, values: points.map(point => point.value) } }];
  };
  const measured = metrics.filter(metric => metric.values.length > 1);
  return {
    curves: [
      ...measured.map(({ name, steps, values }): LiveCurve => ({ key: `metric ${name}`, title: `${name}: ${formatMetric(values.at(-1)!)}`, x: 'step', curve: { runId: job.id, key: name, steps, times: steps, values } })),
      ...used('gpu', last => trans.__('GPUs busy: %1 %', Math.round(last)), point => point.gpuPercent),
      ...used('gpu memory', last => trans.__('GPU memory: %1 MiB', Math.round(last)), point => point.gpuMemoryBytes && point.gpuMemoryBytes / MEBIBYTE),
      ...used('memory', last => trans.__('Memory: %1 MiB of %2', Math.round(last), formatMemory(job.memoryBytes)), point => point.memoryBytes && point.memoryBytes / MEBIBYTE)
    ],
    single: metrics.filter(metric => metric.values.length === 1).map(({ name, values }) => ({ name, text: formatMetric(values[0]!) }))
  };
}
