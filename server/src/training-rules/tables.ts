import type { ColumnType, Generated, Selectable } from 'kysely';
import type { TrainingFinding, TrainingRule } from '@slipway/schema';

export interface TrainingFindingTable {
  id: string;
  run_id: string;
  step: string;
  /** Of a map: the item’s index. */
  item: number | null;
  attempt: number;
  rule: ColumnType<TrainingRule, string, never>;
  metric: string;
  message: string;
  evidence: ColumnType<TrainingFinding['evidence'], string, never>;
  found_at: Generated<Date>;
}

export interface TrainingRuleTables {
  training_finding: TrainingFindingTable;
}
export type TrainingFindingRow = Selectable<TrainingFindingTable>;
