import type { ColumnChoice } from './columns';

export const ROW_HEIGHT = 30;
export const HEAD_HEIGHT = 48;
const CHECK = 34;
const NAME = 230;
const FIXED = [104, 128, 92];
const VALUE = 132;
const GROUPED_METRIC = 172;

/** Widths of the columns in pixels: check, name, status, start, duration, params, metrics. */
export function columnWidths(columns: ColumnChoice, isGrouped: boolean): number[] {
  return [CHECK, NAME, ...FIXED, ...columns.params.map(() => VALUE), ...columns.metrics.map(() => (isGrouped ? GROUPED_METRIC : VALUE))];
}
