import type { TrainingRule } from '@slipway/schema';
import { percentile } from '../core/percentile';
import { EVIDENCE, told, type Judge, type Point, type Verdict } from './finding';

type Rule<K extends TrainingRule['kind']> = Extract<TrainingRule, { kind: K }>;

/** In how many parts the time is cut to see whether memory only grew. */
const PARTS = 5;

/** GPUs that wait for their data. Points are percent of use. */
export function gpuIdle({ percent, forMs, afterMs }: Rule<'gpu_idle'>): Judge {
  return overTime({ forMs, afterMs }, points => {
    const high = percentile(points.map(p => p.value), 95);
    return high < percent ? `For ${minutes(forMs)} its GPUs were at most ${told(high)} % busy (95th percentile): below ${percent} %.` : null;
  });
}

/** Memory that only grows: something is kept that should be let go. Points are bytes. */
export function memoryGrowing({ percent, forMs, afterMs }: Rule<'memory_growing'>, limitBytes: number): Judge {
  return overTime({ forMs, afterMs }, points => {
    const means = partsOf(points).map(mean);
    const grown = means.at(-1)! - means[0]!;
    const onlyGrew = means.every((m, i) => i === 0 || m > means[i - 1]!);
    return onlyGrew && grown > (limitBytes * percent) / 100
      ? `For ${minutes(forMs)} its memory only grew, by ${Math.round(grown / 2 ** 20)} MiB to ${Math.round(means.at(-1)! / 2 ** 20)} MiB: more than ${percent} % of its limit.`
      : null;
  });
}

/** Judges all points of the last `forMs`, once they cover that time, each time a further part of it has passed. */
function overTime({ forMs, afterMs }: { forMs: number; afterMs: number }, say: (points: readonly Point[]) => string | null): Judge {
  let kept: Point[] = [];
  let judgedAt = -Infinity;
  return (point): Verdict | null => {
    if (point.at < afterMs) {
      return null;
    }
    kept.push(point);
    const since = point.at - forMs;
    // The last point before the time is kept: without it the rest never covers the whole.
    const first = kept.findLastIndex(p => p.at <= since);
    kept = kept.slice(Math.max(0, first));
    if (first < 0 || kept.length < PARTS || point.at - judgedAt < forMs / (2 * PARTS)) {
      return null;
    }
    judgedAt = point.at;
    const message = say(kept);
    return message === null ? null : { message, evidence: thinned(kept) };
  };
}

function partsOf(points: readonly Point[]): number[][] {
  const each = points.length / PARTS;
  return Array.from({ length: PARTS }, (_, i) => points.slice(Math.floor(i * each), Math.floor((i + 1) * each)).map(p => p.value));
}

function thinned(points: readonly Point[]): Point[] {
  const every = Math.max(1, Math.ceil(points.length / EVIDENCE));
  return points.filter((_, i) => (points.length - 1 - i) % every === 0);
}

const mean = (values: readonly number[]): number => values.reduce((sum, v) => sum + v, 0) / values.length;
const minutes = (ms: number): string => (ms < 60_000 ? `${told(ms / 1000)} s` : `${told(ms / 60_000)} min`);
