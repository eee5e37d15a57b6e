import type { CardLabels, CardSectionId, GateEvaluation, LatencyEvidence, ModelGates, PromotionStatus, RuleResult, VersionChange } from '@slipway/schema';
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
export interface ModelGatesTable {
  model_name: string;
  rules: ModelGates;
  updated_by: string;
  updated_at: Generated<Date>;
}
export interface GateEvaluationTable {
  id: Generated<string>;
  seq: Generated<string>;
  model_name: string;
  version: number;
  verdict: GateEvaluation['verdict'];
  trigger: GateEvaluation['trigger'];
  results: RuleResult[];
  evaluated_by: string;
  evaluated_at: Generated<Date>;
  overridden_by: string | null;
  override_comment: string | null;
}
export interface PromotionTable {
  id: Generated<string>;
  seq: Generated<string>;
  model_name: string;
  version: number;
  alias: string;
  status: Generated<PromotionStatus>;
  instructions: string;
  requested_by: string;
  requested_at: Generated<Date>;
  expires_at: Date;
  decided_by: string | null;
  decided_at: Date | null;
  comment: string | null;
  evaluation_id: string | null;
  replaced_version: number | null;
}
export interface VersionLatencyTable {
  id: Generated<string>;
  seq: Generated<string>;
  model_name: string;
  version: number;
  requests: number;
  status: Generated<'pending' | 'measured' | 'failed'>;
  evidence: LatencyEvidence | null;
  failure: string | null;
  asked_by: string;
  asked_at: Generated<Date>;
  leased_until: Date | null;
}
export interface VersionChangeTable {
  id: Generated<string>;
  model_name: string;
  version: number;
  kind: VersionChange['kind'];
  name: string | null;
  before: string | null;
  after: string | null;
  changed_by: string;
  changed_at: Generated<Date>;
}
export interface ModelCardTable {
  model_name: string;
  version: number;
  sections: Partial<Record<CardSectionId, string>>;
  labels: Partial<CardLabels>;
  revision: number;
  updated_by: string;
  updated_at: Generated<Date>;
}
export interface RegistryTables {
  registered_model: RegisteredModelTable;
  registered_model_tag: { model_name: string; key: string; value: string };
  model_version: ModelVersionTable;
  model_version_tag: { model_name: string; version: number; key: string; value: string };
  model_gates: ModelGatesTable;
  gate_evaluation: GateEvaluationTable;
  promotion: PromotionTable;
  version_latency: VersionLatencyTable;
  version_change: VersionChangeTable;
  model_card: ModelCardTable;
  model_alias: { model_name: string; alias: string; version: number };
}
export type RegisteredModelRow = Selectable<RegisteredModelTable>;
export type ModelVersionRow = Selectable<ModelVersionTable>;
export type GateEvaluationRow = Selectable<GateEvaluationTable>;
export type PromotionRow = Selectable<PromotionTable>;
export type VersionLatencyRow = Selectable<VersionLatencyTable>;
export type VersionChangeRow = Selectable<VersionChangeTable>;
export type ModelCardRow = Selectable<ModelCardTable>;
