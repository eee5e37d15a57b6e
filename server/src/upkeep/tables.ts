import type { RetentionRule } from '@slipway/schema';
import type { ColumnType, Generated, Selectable } from 'kysely';

export interface UpkeepTables {
  retention_rule: { experiment_id: string; rule: ColumnType<RetentionRule, string, string>; updated_by: string; updated_at: Generated<Date> };
  /** One row; who moves a time on does the work that was due. */
  upkeep: { id: Generated<number>; swept_at: Date; cleared_at: Date };
}
export type RetentionRuleRow = Selectable<UpkeepTables['retention_rule']>;
