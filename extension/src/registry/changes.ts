import type { ModelComparison, ModelGates } from '@slipway/schema';
import { betterByName } from '../core/metric-direction';
import { finiteMetric } from './metric-text';

/** Whether a change is for the better: by what the model's gates say of the metric, else by its name; null where nothing changed or neither tells. */
export function isImprovement(metric: string, change: number | null, gates: ModelGates | null): boolean | null {
  if (change === null || change === 0) {
    return null;
  }
  const better = gates?.notWorseThanChampion.find(rule => rule.metric === metric)?.direction ?? betterByName(metric);
  return better === null ? null : better === 'lower' ? change < 0 : change > 0;
}

/** How far a metric moved from what the champion has; null where that is nothing. */
export function relativeChange({ champion, change }: Pick<ModelComparison['metrics'][number], 'champion' | 'change'>): number | null {
  const before = Math.abs(finiteMetric(champion) ?? 0);
  return change === null || before === 0 ? null : change / before;
}

/** The largest change of each metric's slices: bars of one metric share a scale. */
export function largestChanges(slices: readonly { metric: string; change: number | null }[]): ReadonlyMap<string, number> {
  const largest = new Map<string, number>();
  for (const { metric, change } of slices) {
    largest.set(metric, Math.max(largest.get(metric) ?? 0, Math.abs(change ?? 0)));
  }
  return largest;
}

/** What is the same in both, to be said in one line. */
export function sameParts(comparison: Pick<ModelComparison, 'metrics' | 'params' | 'data' | 'packages' | 'cells' | 'signature'>): (keyof ModelComparison & ('metrics' | 'params' | 'data' | 'packages' | 'cells' | 'signature'))[] {
  return (['metrics', 'params', 'data', 'packages', 'cells', 'signature'] as const).filter(part => comparison[part].length === 0);
}

/** The version to compare a candidate with when nobody chose: the alias's holder, whom the gates compared with, else the newest other. */
export function comparedVersion(candidate: string, holder: string | null, evidence: string | null, others: readonly string[]): string | null {
  return [holder, evidence, ...others].find(version => version !== null && version !== candidate) ?? null;
}
