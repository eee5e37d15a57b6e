import type { Trial } from '@slipway/schema';
import type { Scalar } from '@slipway/schema';

/** Trials of one slice with one set of params: one row of the table. */
export interface TrialRow {
  /** The newest of the repeats. */
  trial: Trial;
  repeats: number;
  params: Record<string, Scalar>;
  /** Params whose values the trial before it had not. */
  changed: ReadonlySet<string>;
  metrics: Record<string, MetricSummary>;
}

/** A metric over the repeats of a trial. */
export interface MetricSummary {
  /** The mean; NaN where a repeat gave no finite number. */
  mean: number;
  /** Sample standard deviation; null for a single repeat. */
  spread: number | null;
  /** Values step by step of the newest repeat, where the metric sat in a loop. */
  history: number[];
  isMarked: boolean;
  isBest: boolean;
}

export interface TrialTable {
  rows: TrialRow[];
  /** Params that tell the trials apart, in order of their last change. */
  varying: string[];
  /** Params that are the same in every trial. */
  constant: [string, Scalar][];
  metricNames: string[];
}

/** Metrics that are better when smaller, told by their names. */
const SMALLER_IS_BETTER = /loss|error|(^|_)(mse|mae|rmse|mape|msle|deviance|brier|perplexity)($|_)/i;

/**
 * Tables of trials that can be held against each other, the one with the newest
 * trial first: trials of one table share metrics, those of two tables none.
 */
export function trialTables(trials: readonly Trial[]): TrialTable[] {
  let groups: { names: Set<string>; trials: Trial[] }[] = [];
  for (const trial of trials) {
    const own = trial.metrics.map(metric => metric.name);
    const related = groups.filter(group => own.some(name => group.names.has(name)));
    const joined = { names: new Set([...related.flatMap(group => [...group.names]), ...own]), trials: [...related.flatMap(group => group.trials), trial] };
    groups = [...groups.filter(group => !related.includes(group)), joined];
  }
  return groups.map(group => trialTable(group.trials)).sort((a, b) => b.rows[0]!.trial.ordinal - a.rows[0]!.trial.ordinal);
}

/** Arranges trials, newest first, into rows of repeats and the columns that tell them apart. */
export function trialTable(trials: readonly Trial[]): TrialTable {
  const newestFirst = [...trials].sort((a, b) => b.ordinal - a.ordinal);
  const groups = new Map<string, Trial[]>();
  for (const trial of newestFirst) {
    groups.set(trial.groupKey, [...(groups.get(trial.groupKey) ?? []), trial]);
  }
  const changes = new Map(newestFirst.map((trial, index) => [trial, changedSince(newestFirst[index + 1], trial)]));
  const rows = [...groups.values()].map(repeats => rowOf(repeats, changes.get(repeats[0]!)!));
  const paramNames = unique(newestFirst.flatMap(trial => [...changes.get(trial)!, ...Object.keys(trial.params)]));
  const isVarying = (name: string): boolean => new Set(rows.map(row => JSON.stringify(row.params[name]))).size > 1;
  markBest(rows);
  return {
    rows,
    varying: paramNames.filter(isVarying),
    constant: rows.length === 0 ? [] : paramNames.filter(name => !isVarying(name)).map(name => [name, rows[0]!.params[name] ?? null]),
    metricNames: unique(newestFirst.flatMap(trial => trial.metrics.map(metric => metric.name)))
  };
}

function changedSince(before: Trial | undefined, trial: Trial): string[] {
  return before === undefined ? [] : Object.keys(trial.params).filter(name => JSON.stringify(trial.params[name]) !== JSON.stringify(before.params[name]));
}

function rowOf(repeats: Trial[], changed: string[]): TrialRow {
  const trial = repeats[0]!;
  const metrics: Record<string, MetricSummary> = {};
  for (const name of unique(repeats.flatMap(repeat => repeat.metrics.map(metric => metric.name)))) {
    const found = repeats.flatMap(repeat => repeat.metrics.filter(metric => metric.name === name));
    const newest = found[0]!;
    const history = newest.history.length > 1 ? newest.history.map(point => Number(point.value)) : [];
    metrics[name] = { ...meanAndSpread(found.map(metric => Number(metric.value))), history, isMarked: newest.isMarked, isBest: false };
  }
  return { trial, repeats: repeats.length, params: trial.params, changed: new Set(changed), metrics };
}

function meanAndSpread(values: number[]): { mean: number; spread: number | null } {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  if (values.length < 2) {
    return { mean, spread: null };
  }
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, spread: Math.sqrt(squares / (values.length - 1)) };
}

/** One row alone is no best; ties share the mark with the first that reached it. */
function markBest(rows: TrialRow[]): void {
  for (const name of unique(rows.flatMap(row => Object.keys(row.metrics)))) {
    const rivals = rows.map(row => row.metrics[name]).filter((summary): summary is MetricSummary => summary !== undefined && Number.isFinite(summary.mean));
    const sign = SMALLER_IS_BETTER.test(name) ? -1 : 1;
    const best = Math.max(...rivals.map(summary => sign * summary.mean));
    if (rivals.length > 1 && rivals.some(summary => sign * summary.mean !== best)) {
      rivals.filter(summary => sign * summary.mean === best).forEach(summary => (summary.isBest = true));
    }
  }
}

function unique(names: string[]): string[] {
  return [...new Set(names)];
}
