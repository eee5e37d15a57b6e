import type { RunDetail } from '@slipway/schema';
import { formatNumber } from '../core/format';
import { finite } from './format';

/** A param or metric as an axis: each run's place between 0 and 1, null where it has no value. */
export interface Dimension {
  id: string;
  label: string;
  kind: 'param' | 'metric';
  places: (number | null)[];
  /** What stands at the ends, or at each of the words. */
  ticks: { at: number; text: string }[];
}

type Source = Pick<RunDetail, 'params' | 'metrics'>;

/** Params that differ, then metrics. */
export function dimensionsOf(runs: readonly Source[]): Dimension[] {
  const keys = (of: (run: Source) => readonly { key: string }[]): string[] => [...new Set(runs.flatMap(run => of(run).map(each => each.key)))];
  const params = keys(run => run.params).map(key => dimension('param', key, runs.map(run => run.params.find(param => param.key === key)?.value ?? null)));
  const metrics = keys(run => run.metrics).map(key => dimension('metric', key, runs.map(run => finite(run.metrics.find(metric => metric.key === key)?.last))));
  return [...params.filter(differs), ...metrics.filter(differs)];
}

function differs({ places }: Dimension): boolean {
  return new Set(places).size > 1;
}

/** Numbers by their size; words, where not all are numbers, in the order of the alphabet. */
function dimension(kind: Dimension['kind'], key: string, values: readonly (string | number | null)[]): Dimension {
  const there = values.filter(value => value !== null);
  const about = { id: `${kind} ${key}`, label: key, kind };
  const numbers = values.map(value => (value === null || value === '' ? null : Number(value)));
  if (there.every((_, index) => Number.isFinite(Number(there[index])) && there[index] !== '')) {
    const known = numbers.filter((value): value is number => value !== null);
    const [least, most] = [Math.min(...known), Math.max(...known)];
    const place = (value: number): number => (most === least ? 0.5 : (value - least) / (most - least));
    const ends = most === least ? [least] : [least, most];
    return { ...about, places: numbers.map(value => (value === null ? null : place(value))), ticks: known.length === 0 ? [] : ends.map(value => ({ at: place(value), text: formatNumber(value) })) };
  }
  const words = [...new Set(there.map(String))].sort();
  const place = (word: string): number => (words.length === 1 ? 0.5 : words.indexOf(word) / (words.length - 1));
  return { ...about, places: values.map(value => (value === null ? null : place(String(value)))), ticks: words.map(word => ({ at: place(word), text: word })) };
}
