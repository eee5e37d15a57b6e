import type { Selectable } from 'kysely';

export interface RunInputsTable {
  run_id: string;
  code_key: string | null;
  params_key: string;
  data_key: string | null;
  /** Digests with their kind: `sha256:…`, `mlflow:…`. */
  data: string[];
}
export interface SameInputsTables {
  run_inputs: RunInputsTable;
}
export type RunInputsRow = Selectable<RunInputsTable>;
