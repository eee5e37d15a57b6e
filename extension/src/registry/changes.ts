import type { ModelComparison, ModelGates } from '@slipway/schema';
import { isSmallerBetter } from '../core/metric-direction';
import { finiteMetric } from './metric-text';

/** Whether a change is for the better: by what the model's gates say of the metric, else by its name; null where nothing changed. */
export function isImprovement(metric: string, change: number | null, gates: ModelGates | null): boolean | null {
  if (change === null || change === 0) {
    return null;
  }
  const declared = gates?.notWorseThanChampion.find(rule => rule.metric === metric)?.direction;
  const isSmaller = declared === undefined ? isSmallerBetter(metric) : declared === 'lower';
  return isSmaller ? change < 0 : change > 0;
}

/** How far a metric moved, of its own size: metrics of different units share one scale of bars. */
export function relativeChange({ candidate, champion, change }: ModelComparison['metrics'][number]): number | null {
  const size = Math.max(Math.abs(finiteMetric(candidate) ?? 0), Math.abs(finiteMetric(champion) ?? 0));
  return change === null || size === 0 ? null : change / size;
}

/** What is the same in both versions, to be said in one line. */
export function sameParts(comparison: ModelComparison): (keyof ModelComparison & ('metrics' | 'params' | 'data' | 'packages' | 'cells' | 'signature'))[] {
  return (['metrics', 'params', 'data', 'packages', 'cells', 'signature'] as const).filter(part => comparison[part].length === 0);
}

/** The version to compare a candidate with when nobody chose: the alias's holder, whom the gates compared with, else the newest other. */
export function comparedVersion(candidate: string, holder: string | null, evidence: string | null, others: readonly string[]): string | null {
  return [holder, evidence, ...others].find(version => version !== null && version !== candidate) ?? null;
}
