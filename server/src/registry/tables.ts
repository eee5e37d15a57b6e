import type { ColumnType, Generated, Selectable } from 'kysely';

type Int8 = ColumnType<string, string | number, string | number>;
export type Stage = 'None' | 'Staging' | 'Production' | 'Archived';

export interface RegisteredModelTable {
  name: string;
  description: Generated<string>;
  creation_time: Int8;
  last_update_time: Int8;
}
export interface ModelVersionTable {
  model_name: string;
  version: number;
  description: Generated<string>;
  user_id: string;
  source: string;
  storage_folder: string | null;
  run_id: string | null;
  run_link: string | null;
  model_id: string | null;
  current_stage: Generated<Stage>;
  creation_time: Int8;
  last_update_time: Int8;
}
export interface RegistryTables {
  registered_model: RegisteredModelTable;
  registered_model_tag: { model_name: string; key: string; value: string };
  model_version: ModelVersionTable;
  model_version_tag: { model_name: string; version: number; key: string; value: string };
  model_alias: { model_name: string; alias: string; version: number };
}
export type RegisteredModelRow = Selectable<RegisteredModelTable>;
export type ModelVersionRow = Selectable<ModelVersionTable>;
