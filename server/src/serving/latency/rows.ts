import type { MlModel } from '../../registry';

/** What a version is asked while its latency is measured. */
export interface MeasuredInput {
  body: string;
  kind: 'example' | 'signature';
}
interface ColumnSchema {
  name?: string;
  type?: string;
  'tensor-spec'?: { dtype: string; shape: number[] };
}

const MOST_VALUES = 1_000_000;
/** A value of each of MLflow's column types; the others have no obvious one. */
const BY_TYPE: Record<string, unknown> = { boolean: true, integer: 1, long: 1, float: 1.5, double: 1.5, string: 'a', binary: 'YQ==', datetime: '2026-01-01T00:00:00' };

/** The example as it was logged for serving; null where there is none. */
export async function exampleInput(mlmodel: MlModel, read: (path: string) => Promise<string | null>): Promise<MeasuredInput | null> {
  const { serving_input_path, artifact_path, type } = mlmodel.saved_input_example_info ?? {};
  const served = serving_input_path === undefined ? null : await read(serving_input_path);
  if (served !== null) {
    return { kind: 'example', body: served };
  }
  // Clients before 2.14 logged the rows alone.
  const rows = type === 'dataframe' && artifact_path?.endsWith('.json') ? await read(artifact_path) : null;
  return rows === null ? null : { kind: 'example', body: `{"dataframe_split": ${rows}}` };
}

/** One row made of the signature; null where it has none, or columns of which no value is obvious. */
export function signatureInput(mlmodel: MlModel): MeasuredInput | null {
  const columns = JSON.parse(mlmodel.signature?.inputs ?? '[]') as ColumnSchema[];
  const values = columns.map(valueOf);
  if (columns.length === 0 || values.some(v => v === undefined)) {
    return null;
  }
  const names = columns.map((c, i) => c.name ?? String(i));
  const isTensor = columns[0]!['tensor-spec'] !== undefined;
  const inputs = columns.length === 1 && columns[0]!.name === undefined ? values[0] : Object.fromEntries(names.map((name, i) => [name, values[i]]));
  return { kind: 'signature', body: JSON.stringify(isTensor ? { inputs } : { dataframe_split: { columns: names, data: [values] } }) };
}

function valueOf(column: ColumnSchema): unknown {
  const tensor = column['tensor-spec'];
  if (!tensor) {
    return BY_TYPE[column.type ?? ''];
  }
  const shape = tensor.shape.map(size => Math.max(size, 1));
  const value = /^(u?int)/.test(tensor.dtype) ? 1 : /^float/.test(tensor.dtype) ? 0.5 : tensor.dtype === 'bool' ? true : /^(str|object)/.test(tensor.dtype) ? 'a' : undefined;
  return value === undefined || shape.reduce((a, b) => a * b, 1) > MOST_VALUES ? undefined : filled(shape, value);
}

function filled([size, ...rest]: readonly number[], value: unknown): unknown {
  return size === undefined ? value : Array.from({ length: size }, () => filled(rest, value));
}
