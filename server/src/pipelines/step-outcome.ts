import type { Spread, StepMetric, StepResult } from '@slipway/kernels-bridge';
import type { MetricValue } from '@slipway/schema';

/** A step's result as it is stored: JSON knows no NaN, so metrics travel as in the contract. */
export type StepOutcome = Pick<StepResult, 'values' | 'files' | 'reads' | 'envRead' | 'impurities' | 'packages' | 'models' | 'notebook' | 'durationMs' | 'machine'> & {
  /** Its lists taken apart, for steps that run for each item. */
  spreads?: Spread[];
  metrics: (Omit<StepMetric, 'value'> & { value: MetricValue })[];
};

export function toOutcome(result: StepResult): StepOutcome {
  const { values, spreads, files, reads, envRead, impurities, packages, models, notebook, durationMs, machine } = result;
  const metrics = result.metrics.map(m => ({ ...m, value: toMetricValue(m.value) }));
  return { values, ...(spreads.length > 0 && { spreads }), files, reads, envRead, impurities, packages, models, notebook, durationMs, metrics, ...(machine?.length && { machine }) };
}

export function toMetricValue(value: number): MetricValue {
  return Number.isFinite(value) ? value : Number.isNaN(value) ? 'NaN' : value > 0 ? 'Infinity' : '-Infinity';
}

/** The last value of each metric, over the steps in their order. */
export function lastMetrics(outcomes: readonly StepOutcome[]): Record<string, MetricValue> {
  return Object.fromEntries(outcomes.flatMap(o => o.metrics).map(m => [m.name, m.value]));
}
