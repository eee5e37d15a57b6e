import type { MeasuredMetric, MetricValue, Scalar } from '@slipway/schema';
import type { MetricPoint } from './tables';

/** A metric of one execution, its points in the order they were measured. */
export interface ExecutionMetric {
  name: string;
  value: MetricValue;
  history: MetricPoint[];
  isMarked: boolean;
}

/**
 * The metrics of one execution: what was measured, without what was unmarked
 * by hand, with the scalars that were marked. Two expressions of one name in a
 * cell are one metric, the later one its value.
 */
export function metricsOfExecution(
  measured: readonly MeasuredMetric[],
  scalars: Readonly<Record<string, Scalar | MetricValue>>,
  marks: ReadonlyMap<string, boolean>
): ExecutionMetric[] {
  const found = new Map<string, ExecutionMetric>();
  for (const { name, value, step, loop } of measured) {
    if (marks.get(name) === false) {
      continue;
    }
    const known = found.get(name);
    const point = { step, value, loop };
    // A step that comes again belongs to another expression of the same name.
    const history = known ? [...known.history.filter(p => p.step !== step), point] : [point];
    found.set(name, { name, value, history, isMarked: false });
  }
  for (const [name, isMetric] of marks) {
    const value = scalars[name];
    if (isMetric && !found.has(name) && isMetricValue(value)) {
      found.set(name, { name, value, history: [{ step: 0, value, loop: {} }], isMarked: true });
    }
  }
  return [...found.values()];
}

export function isMetricValue(value: unknown): value is MetricValue {
  return typeof value === 'number' || value === 'NaN' || value === 'Infinity' || value === '-Infinity';
}
