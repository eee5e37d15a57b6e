import { z } from 'zod';
import { MetricValue } from './common';

/**
 * A metric of one slice of the data has a name of its own:
 * `METRIC/slice/COLUMN:VALUE`, e.g. `accuracy/slice/country:DE`. How many rows
 * it was measured on is `rows/slice/country:DE`. MLflow takes such names as
 * they are, so any client can log them; nothing else here reads them.
 */
const FORM = /^(.+?)\/slice\/([^:/]+):(.+)$/su;
/** Name of the metric that counts the rows of a slice. */
const ROWS = 'rows';

export interface SliceMetricName {
  metric: string;
  column: string;
  value: string;
}

/** null for a metric of all data. */
export function parseSliceMetric(name: string): SliceMetricName | null {
  const [, metric, column, value] = FORM.exec(name) ?? [];
  return metric === undefined ? null : { metric, column: column!, value: value! };
}

export const isSliceMetric = (name: string): boolean => parseSliceMetric(name) !== null;

/** One metric by the values of one column. */
export const SlicedMetric = z
  .object({
    metric: z.string(),
    column: z.string(),
    overall: MetricValue.nullable().describe('On all data; null where it was not measured'),
    slices: z.array(z.object({ value: z.string(), metric: MetricValue, rows: z.number().nullable().describe('Rows it was measured on; null where that was not logged') }))
  })
  .meta({ id: 'SlicedMetric' });
export type SlicedMetric = z.infer<typeof SlicedMetric>;

/** Sorts metrics into those of all data and those of slices; columns and values by name. */
export function sortSlices(metrics: Iterable<readonly [string, number]>): { whole: Map<string, number>; sliced: SlicedMetric[] } {
  const whole = new Map<string, number>();
  const named: (SliceMetricName & { number: number })[] = [];
  for (const [name, number] of metrics) {
    const slice = parseSliceMetric(name);
    if (slice) {
      named.push({ ...slice, number });
    } else {
      whole.set(name, number);
    }
  }
  const rows = new Map(named.filter(s => s.metric === ROWS).map(s => [sliceKey(s), s.number]));
  const groups = new Map<string, SlicedMetric>();
  for (const slice of named.filter(s => s.metric !== ROWS)) {
    const key = JSON.stringify([slice.metric, slice.column]);
    const overall = whole.get(slice.metric);
    const group = groups.get(key) ?? { metric: slice.metric, column: slice.column, overall: overall === undefined ? null : toMetricValue(overall), slices: [] };
    groups.set(key, group);
    group.slices.push({ value: slice.value, metric: toMetricValue(slice.number), rows: rows.get(sliceKey(slice)) ?? null });
  }
  const sliced = [...groups.values()].sort((a, b) => compare(a.metric, b.metric) || compare(a.column, b.column));
  sliced.forEach(group => group.slices.sort((a, b) => compare(a.value, b.value)));
  return { whole, sliced };
}

/** NaN and the infinities travel as text. */
export function toMetricValue(value: number): MetricValue {
  return Number.isFinite(value) ? value : (String(value) as MetricValue);
}

const sliceKey = ({ column, value }: { column: string; value: string }): string => JSON.stringify([column, value]);
/** By code unit: the same order on every machine. */
const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
