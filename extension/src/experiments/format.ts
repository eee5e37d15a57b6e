import { formatDuration, formatNumber, formatTime } from '../core/format';
import type { MetricValue } from '@slipway/schema';

const LAST_INSTANT_MS = 8.64e15;

/** A client may send any start: one that is no time, or 0, is not shown. */
export function formatInstant(ms: number): string {
  return ms > 0 && ms <= LAST_INSTANT_MS ? formatTime(new Date(ms).toISOString()) : '–';
}

/** How long a run took; a dash where that is not known. */
export function formatSpan(durationMs: number | null): string {
  return durationMs === null ? '–' : formatDuration(durationMs);
}

export function formatMetric(value: MetricValue | null): string {
  return value === null ? '–' : typeof value === 'number' ? formatNumber(value) : value;
}

/** null where a value is none that can be drawn or compared. */
export function finite(value: MetricValue | null | undefined): number | null {
  return typeof value === 'number' ? value : null;
}
