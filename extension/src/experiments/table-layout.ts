import type { ColumnChoice } from './columns';

export const ROW_HEIGHT = 30;
export const HEAD_HEIGHT = 48;
const CHECK = 34;
const NAME = 200;
const FIXED = [66, 120, 86];
const VALUE = 116;
const GROUPED_METRIC = 156;

/** Widths of the columns in pixels: check, name, status, start, duration, params, metrics. */
export function columnWidths(columns: ColumnChoice, isGrouped: boolean): number[] {
  return [CHECK, NAME, ...FIXED, ...columns.params.map(() => VALUE), ...columns.metrics.map(() => (isGrouped ? GROUPED_METRIC : VALUE))];
}
