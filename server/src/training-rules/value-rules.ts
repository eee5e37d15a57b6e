import type { TrainingRule } from '@slipway/schema';
import { EVIDENCE, told, type Judge, type Point } from './finding';
import { lastOf } from './last-of';

type Rule<K extends TrainingRule['kind']> = Extract<TrainingRule, { kind: K }>;

/** NaN or an infinity, at once. */
export function notFinite(): Judge {
  const last = lastOf(EVIDENCE);
  return point => {
    last.add(point);
    return Number.isFinite(point.value) ? null : { message: `It is ${point.value} at step ${point.at}.`, evidence: last.points() };
  };
}

/** A plateau: nothing in the window is better than the best before it by the share asked for. */
export function notDecreasing({ points, percent, goal }: Rule<'not_decreasing'>): Judge {
  const window = lastOf(points);
  const sign = goal === 'decrease' ? 1 : -1;
  let best = Infinity; // of what has left the window, smaller is better
  return point => {
    if (!Number.isFinite(point.value)) {
      return null; // another rule's business
    }
    const left = window.add(point);
    best = Math.min(best, left === undefined ? Infinity : sign * left.value);
    if (best === Infinity) {
      return null;
    }
    const better = best - (Math.abs(best) * percent) / 100;
    const recent = Math.min(...window.points().map(p => sign * p.value));
    if (percent === 0 ? recent < best : recent <= better) {
      return null;
    }
    return { message: `It did not ${goal} by ${percent} % in its last ${points} values: ${told(sign * best)} was the best before them, ${told(sign * recent)} is the best of them.`, evidence: window.points().slice(-EVIDENCE) };
  };
}

/** Sizes so small that nothing is learnt from them. */
export function vanishing({ below, points }: Rule<'vanishing'>): Judge {
  const window = lastOf(points);
  return point => {
    if (!Number.isFinite(point.value)) {
      return null;
    }
    window.add(point);
    const sizes = window.points().map(p => Math.abs(p.value));
    const mean = sizes.reduce((sum, size) => sum + size / sizes.length, 0);
    return sizes.length === points && mean < below ? { message: `The mean size of its last ${points} values is ${told(mean)}, below ${told(below)}.`, evidence: window.points().slice(-EVIDENCE) } : null;
  };
}

/** A jump by orders of magnitude against what was usual. */
export function exploding({ factor, points }: Rule<'exploding'>): Judge {
  const window = lastOf(points);
  return point => {
    if (Number.isNaN(point.value)) {
      return null;
    }
    const before = window.points();
    const usual = before.length < points ? NaN : median(before.map(p => Math.abs(p.value)));
    window.add(point);
    const isJump = usual > 0 && Math.abs(point.value) > factor * usual;
    return isJump ? { message: `It is ${told(point.value)} at step ${point.at}, more than ${told(factor)} times the ${told(usual)} usual before.`, evidence: [...before.slice(1 - EVIDENCE), point] } : null;
  };
}

/** The two losses drift apart: the model learns its training data by heart. */
export function overfitting({ percent, points, training, validation }: Rule<'overfitting'>) {
  const open = new Map<number, { training?: number; validation?: number }>();
  const apart = lastOf(points);
  const evidence = lastOf(points);
  let best = Infinity;

  function judge(at: number, train: number, valid: number): ReturnType<Judge> {
    const isApart = valid - train > (Math.abs(train) * percent) / 100 && valid > best;
    best = Math.min(best, valid);
    if (!isApart) {
      apart.clear();
      evidence.clear();
      return null;
    }
    apart.add({ at, value: train });
    evidence.add({ at, value: valid });
    if (apart.points().length < points) {
      return null;
    }
    const pairs = [...named(apart.points(), training), ...named(evidence.points(), validation)];
    return { message: `At ${points} steps in a row ${validation} (${told(valid)}) was more than ${percent} % above ${training} (${told(train)}) and not at its best (${told(best)}).`, evidence: pairs };
  }

  return {
    hear(which: 'training' | 'validation', point: Point): ReturnType<Judge> {
      if (!Number.isFinite(point.value)) {
        return null;
      }
      const pair = { ...open.get(point.at), [which]: point.value };
      if (pair.training === undefined || pair.validation === undefined) {
        open.set(point.at, pair);
        if (open.size > MOST_OPEN) {
          open.delete(open.keys().next().value!);
        }
        return null;
      }
      open.delete(point.at);
      return judge(point.at, pair.training, pair.validation);
    }
  };
}

/** Steps of which one loss is known and the other is awaited: training is often logged far more often. */
const MOST_OPEN = 1_000;

const named = (points: readonly Point[], series: string): (Point & { series: string })[] => points.slice(-EVIDENCE / 2).map(p => ({ ...p, series }));

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}
