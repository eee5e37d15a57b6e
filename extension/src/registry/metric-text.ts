import { formatNumber } from '../core/format';
import type { MetricValue } from '@slipway/schema';

/** A metric as a cell of a table; a dash where it is not known. */
export function metricText(value: MetricValue | string | null | undefined): string {
  return value === null || value === undefined ? '–' : typeof value === 'number' ? formatNumber(value) : value;
}

/** `+0.021`, `−0.4`: how a metric moved. */
export function changeText(change: number | null): string {
  return change === null ? '–' : change === 0 ? '0' : `${change > 0 ? '+' : '−'}${formatNumber(Math.abs(change))}`;
}

/** `+1.4 %`: a change as a share of what was before; nothing where that cannot be said. */
export function percentText(share: number | null): string {
  return share === null ? '' : `${share > 0 ? '+' : '−'}${formatNumber(Number((Math.abs(share) * 100).toPrecision(2)))} %`;
}

/** A metric that can be drawn or compared; null for any other. */
export function finiteMetric(value: MetricValue | string | null | undefined): number | null {
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
}
