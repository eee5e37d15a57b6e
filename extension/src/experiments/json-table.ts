/** A table that JSON holds: a list of flat records, or columns and rows as pandas and `mlflow.log_table` write them. */
export interface JsonTable {
  columns: string[];
  rows: string[][];
}

const MOST_COLUMNS = 100;

/** null where the value is no table. */
export function tableOf(value: unknown, mostRows: number): JsonTable | null {
  if (Array.isArray(value)) {
    return ofRecords(value, mostRows);
  }
  const { columns, data } = (value ?? {}) as { columns?: unknown; data?: unknown };
  const isSplit = Array.isArray(columns) && Array.isArray(data) && data.every(row => Array.isArray(row) && row.length === columns.length);
  return isSplit ? { columns: columns.slice(0, MOST_COLUMNS).map(cell), rows: (data as unknown[][]).slice(0, mostRows).map(row => row.slice(0, MOST_COLUMNS).map(cell)) } : null;
}

function ofRecords(values: readonly unknown[], mostRows: number): JsonTable | null {
  const isFlat = (each: unknown): each is Record<string, unknown> => typeof each === 'object' && each !== null && !Array.isArray(each) && Object.values(each).every(field => typeof field !== 'object' || field === null);
  if (values.length === 0 || !values.every(isFlat)) {
    return null;
  }
  const columns = [...new Set(values.slice(0, mostRows).flatMap(record => Object.keys(record)))].slice(0, MOST_COLUMNS);
  return { columns, rows: values.slice(0, mostRows).map(record => columns.map(column => cell(record[column]))) };
}

function cell(value: unknown): string {
  return value === null || value === undefined ? '' : typeof value === 'object' ? JSON.stringify(value).slice(0, 500) : String(value);
}
