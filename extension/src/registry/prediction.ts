import type { ModelVersion } from '@slipway/schema';

type Column = NonNullable<ModelVersion['signature']>['inputs'][number];
export type Row = Record<string, string>;

const NUMBERS = new Set(['integer', 'int', 'long', 'float', 'double']);

/** Names of the columns a model takes; unnamed ones by position. */
export function columnNames(version: ModelVersion): string[] {
  return (version.signature?.inputs ?? []).map((column, index) => column.name ?? String(index));
}

/** The logged example as rows of text, else one empty row. */
export function exampleRows(version: ModelVersion, most = 3): Row[] {
  const names = columnNames(version);
  const { example } = version;
  const rows = (example?.data ?? []).slice(0, most).map(values => {
    const byColumn = new Map(example!.columns.map((column, index) => [column, values[index]]));
    return Object.fromEntries(names.map((name, index) => [name, asText(byColumn.has(name) ? byColumn.get(name) : values[index])]));
  });
  return rows.length > 0 ? rows : [Object.fromEntries(names.map(name => [name, '']))];
}

/** A text as the column's type wants it; undefined where it cannot be. */
export function readField(text: string, column: Column): unknown {
  if (text.trim() === '') {
    return column.required ? undefined : null;
  }
  if (NUMBERS.has(column.type)) {
    const value = Number(text);
    return Number.isNaN(value) || ((column.type === 'long' || column.type === 'integer') && !Number.isInteger(value)) ? undefined : value;
  }
  if (column.type === 'boolean') {
    return /^(true|1)$/i.test(text) ? true : /^(false|0)$/i.test(text) ? false : undefined;
  }
  return text;
}

/** MLflow's `dataframe_split` of the rows; null where a field does not fit its type. */
export function requestBody(version: ModelVersion, rows: readonly Row[]): { dataframe_split: { columns: string[]; data: unknown[][] } } | null {
  const inputs = version.signature?.inputs ?? [];
  const columns = columnNames(version);
  const data = rows.map(row => inputs.map((column, index) => readField(row[columns[index]!] ?? '', column)));
  return data.some(values => values.includes(undefined)) ? null : { dataframe_split: { columns, data } };
}

/** The predictions of a reply as lines of text, one a row where it has rows. */
export function predictionLines(reply: unknown): string[] {
  const predictions = (reply as { predictions?: unknown } | null)?.predictions ?? reply;
  return (Array.isArray(predictions) ? predictions : [predictions]).map(asText);
}

/** The same request for a terminal, against the daemon's own address. */
export function curlCommand(daemonUrl: string, version: ModelVersion, body: unknown): string {
  const url = `${daemonUrl.replace(/\/+$/, '')}/models/${encodeURIComponent(version.name)}/${encodeURIComponent(version.version)}/invocations`;
  const json = JSON.stringify(body).replaceAll("'", "'\\''");
  return [`curl -X POST '${url}'`, `-H "Authorization: Bearer $SLIPWAY_TOKEN"`, `-H 'Content-Type: application/json'`, `-d '${json}'`].join(' \\\n  ');
}

function asText(value: unknown): string {
  return value === null || value === undefined ? '' : typeof value === 'object' ? JSON.stringify(value) : String(value as string | number | boolean);
}
