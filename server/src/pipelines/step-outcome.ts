import type { LoggedRun, Spread, StepMetric, StepResult } from '@slipway/kernels-bridge';
import { toMetricValue, type MetricValue } from '@slipway/schema';

/** A run that a step's code opened with MLflow; `item` is the one of a map that it was. */
export type ToldRun = LoggedRun & { item?: number };

/** A step's result as it is stored: JSON knows no NaN, so metrics travel as in the contract. */
export type StepOutcome = Pick<StepResult, 'values' | 'files' | 'reads' | 'envRead' | 'impurities' | 'packages' | 'models' | 'notebook' | 'durationMs' | 'machine'> & {
  /** Its lists taken apart, for steps that run for each item. */
  spreads?: Spread[];
  /** What its code told MLflow; absent where it told nothing. */
  logged?: ToldRun[];
  metrics: (Omit<StepMetric, 'value'> & { value: MetricValue })[];
};

export function toOutcome(result: StepResult): StepOutcome {
  const { values, spreads, files, reads, envRead, impurities, packages, models, notebook, durationMs, machine, logged } = result;
  const metrics = result.metrics.map(m => ({ ...m, value: toMetricValue(m.value) }));
  return { values, ...(spreads.length > 0 && { spreads }), files, reads, envRead, impurities, packages, models, notebook, durationMs, metrics, ...(machine?.length && { machine }), ...(logged && { logged }) };
}

/** The last value of each metric, over the steps in their order. */
export function lastMetrics(outcomes: readonly StepOutcome[]): Record<string, MetricValue> {
  return Object.fromEntries(outcomes.flatMap(o => o.metrics).map(m => [m.name, m.value]));
}
