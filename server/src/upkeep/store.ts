import type { RetentionRule } from '@slipway/schema';
import { sql } from 'kysely';
import type { Db } from '../database';
import type { RetentionRuleRow } from './tables';

export function findRule(db: Db, experimentId: string): Promise<RetentionRuleRow | undefined> {
  return db.selectFrom('retention_rule').selectAll().where('experiment_id', '=', experimentId).executeTakeFirst();
}

export function enabledRules(db: Db): Promise<RetentionRuleRow[]> {
  return db.selectFrom('retention_rule').selectAll().where(sql<boolean>`(rule->>'isEnabled')::boolean`).orderBy('experiment_id').execute();
}

export async function upsertRule(db: Db, experiment_id: string, rule: RetentionRule, updated_by: string): Promise<void> {
  const values = { rule: JSON.stringify(rule), updated_by, updated_at: new Date() };
  await db
    .insertInto('retention_rule')
    .values({ experiment_id, ...values })
    .onConflict(oc => oc.column('experiment_id').doUpdateSet(values))
    .execute();
}

export async function deleteRule(db: Db, experimentId: string): Promise<void> {
  await db.deleteFrom('retention_rule').where('experiment_id', '=', experimentId).execute();
}

/** True for the one daemon that may do what is due; the others find the time moved on. */
export async function claim(db: Db, column: 'swept_at' | 'cleared_at', everyMs: number): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('upkeep')
    .set({ [column]: sql`now()` })
    .where(column, '<', sql<Date>`now() - ${everyMs} * interval '1 millisecond'`)
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

/** A run as a rule sees it. */
export interface Candidate {
  id: string;
  name: string;
  isRunning: boolean;
  isPinned: boolean;
  hasNote: boolean;
  /** From 1, the newest. */
  age: number;
  endedMs: number;
  /** From 1, the best; null without a number for the metric. */
  rank: number | null;
  /** The run it is within. */
  parentId: string | null;
  /** The trial of a notebook that an MLflow run belongs to. */
  trialId: string | null;
  folder: string;
}

/** The active runs of an experiment without those that stand for sessions, in one reading. */
export async function candidates(db: Db, experimentId: string, best: RetentionRule['keepBest'], pinTag: string): Promise<Candidate[]> {
  const way = sql.raw(best?.goal === 'min' ? 'asc' : 'desc');
  const { rows } = await sql<Omit<Candidate, 'endedMs' | 'age' | 'rank'> & { endedMs: string; age: string; rank: string | null }>`
    select r.id, r.name, r.status in ('RUNNING', 'SCHEDULED') as "isRunning", coalesce(r.end_time, r.start_time) as "endedMs", r.artifact_uri as folder,
      row_number() over (order by r.start_time desc, r.id) as age,
      case when m.value <> 'NaN' then row_number() over (order by (m.value is null), (m.value = 'NaN'), m.value ${way}, r.start_time desc, r.id) end as rank,
      coalesce(t.pinned, false) as "isPinned", coalesce(t.noted, false) as "hasNote", t.parent as "parentId", t.trial as "trialId"
    from run r
    left join latest_metric m on m.run_id = r.id and m.key = ${best?.metric ?? ''}
    left join lateral (
      select bool_or(key = ${pinTag} and lower(value) not in ('', 'false', '0')) as pinned, bool_or(key = 'mlflow.note.content' and value ~ '\\S') as noted,
        max(value) filter (where key = 'mlflow.parentRunId') as parent, max(value) filter (where key = 'slipway.trial') as trial
      from run_tag where run_id = r.id and key in (${pinTag}, 'mlflow.note.content', 'mlflow.parentRunId', 'slipway.trial')
    ) t on true
    where r.experiment_id = ${experimentId}::int8 and r.lifecycle_stage = 'active' and not exists (select from session s where s.run_id = r.id)`.execute(db);
  return rows.map(row => ({ ...row, endedMs: Number(row.endedMs), age: Number(row.age), rank: row.rank === null ? null : Number(row.rank) }));
}
