import { formatNumber } from '../core/format';
import type { MetricValue } from '@slipway/schema';

/** A metric as a cell of a table; a dash where it is not known. */
export function metricText(value: MetricValue | string | null | undefined): string {
  return value === null || value === undefined ? '–' : typeof value === 'number' ? formatNumber(value) : value;
}

/** `+0.021`, `−0.4`: how a metric moved. */
export function changeText(change: number | null): string {
  return change === null ? '–' : `${change > 0 ? '+' : '−'}${formatNumber(Math.abs(change))}`;
}

/** A metric that can be drawn or compared; null for any other. */
export function finiteMetric(value: MetricValue | string | null | undefined): number | null {
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
}
