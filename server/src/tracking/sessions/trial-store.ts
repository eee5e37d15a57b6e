import { sql, type Insertable, type Updateable } from 'kysely';
import type { Db, Tx } from '../../database';
import type { TrialMetricRow, TrialRow, TrialTable } from './tables';

export function findTrial(tx: Tx, sessionId: string, coreKey: string): Promise<TrialRow | undefined> {
  return tx.selectFrom('trial').selectAll().where('session_id', '=', sessionId).where('core_key', '=', coreKey).executeTakeFirst();
}

export async function nextOrdinal(tx: Tx, sessionId: string): Promise<number> {
  const row = await tx.selectFrom('trial').select(eb => eb.fn.max('ordinal').as('last')).where('session_id', '=', sessionId).executeTakeFirst();
  return (row?.last ?? 0) + 1;
}

export function insertTrial(tx: Tx, row: Insertable<TrialTable>): Promise<TrialRow> {
  return tx.insertInto('trial').values(row).returningAll().executeTakeFirstOrThrow();
}

export async function updateTrial(tx: Tx, runId: string, change: Updateable<TrialTable>): Promise<void> {
  await tx.updateTable('trial').set(change).where('run_id', '=', runId).execute();
}

export interface TrialMetricInput {
  name: string;
  executionId: string;
  value: unknown;
  history: unknown;
  isMarked: boolean;
}

/** A metric measured again, by another cell or the same one, is what it was last. */
export async function upsertMetrics(tx: Tx, trialId: string, metrics: readonly TrialMetricInput[]): Promise<void> {
  if (metrics.length === 0) {
    return;
  }
  await tx
    .insertInto('trial_metric')
    .values(
      metrics.map(m => ({
        trial_id: trialId,
        name: m.name,
        execution_id: m.executionId,
        value: JSON.stringify(m.value),
        history: JSON.stringify(m.history),
        is_marked: m.isMarked
      }))
    )
    .onConflict(oc =>
      oc.columns(['trial_id', 'name']).doUpdateSet(eb => ({
        execution_id: eb.ref('excluded.execution_id'),
        value: eb.ref('excluded.value'),
        history: eb.ref('excluded.history'),
        is_marked: eb.ref('excluded.is_marked')
      }))
    )
    .execute();
}

/** Takes the metric out of the session's trials; returns the runs that had it. */
export async function removeMetric(tx: Tx, sessionId: string, name: string): Promise<string[]> {
  const rows = await tx
    .deleteFrom('trial_metric')
    .where('name', '=', name)
    .where('trial_id', 'in', tx.selectFrom('trial').select('run_id').where('session_id', '=', sessionId))
    .returning('trial_id')
    .execute();
  return rows.map(row => row.trial_id);
}

/** Trials that show something, newest first; keyset over ordinal. */
export function listTrials(db: Db, sessionId: string, limit: number, before?: number): Promise<TrialRow[]> {
  return db
    .selectFrom('trial as t')
    .selectAll('t')
    .where('t.session_id', '=', sessionId)
    .where(sql<boolean>`(t.mlflow_run_ids <> '{}' or exists (select from trial_metric m where m.trial_id = t.run_id))`)
    .$if(before !== undefined, qb => qb.where('t.ordinal', '<', before!))
    .orderBy('t.ordinal', 'desc')
    .limit(limit)
    .execute();
}

export function metricsOf(db: Db, trialIds: readonly string[]): Promise<TrialMetricRow[]> {
  return trialIds.length === 0
    ? Promise.resolve([])
    : db.selectFrom('trial_metric').selectAll().where('trial_id', 'in', [...trialIds]).orderBy('name').execute();
}

export async function setMark(tx: Tx, notebookKey: string, name: string, isMetric: boolean): Promise<void> {
  await tx
    .insertInto('metric_mark')
    .values({ notebook_key: notebookKey, name, is_metric: isMetric })
    .onConflict(oc => oc.columns(['notebook_key', 'name']).doUpdateSet({ is_metric: isMetric }))
    .execute();
}

export async function marksOf(db: Db, notebookKey: string): Promise<Map<string, boolean>> {
  const rows = await db.selectFrom('metric_mark').selectAll().where('notebook_key', '=', notebookKey).execute();
  return new Map(rows.map(row => [row.name, row.is_metric]));
}
