import type { Insertable } from 'kysely';
import type { Db, Tx } from '../../database';
import type { CellExecutionRow, CellExecutionTable } from './tables';

export async function insertStarted(tx: Tx, row: Insertable<CellExecutionTable>): Promise<void> {
  await tx.insertInto('cell_execution').values(row).onConflict(oc => oc.column('execution_id').doNothing()).execute();
}

/** Completes the row of a started cell, or adds it whole; one that is complete is never changed. */
export async function completeExecution(tx: Tx, row: Insertable<CellExecutionTable>): Promise<void> {
  const { session_id: _session, seq: _seq, execution_id: _id, ...ended } = row;
  await tx
    .insertInto('cell_execution')
    .values(row)
    .onConflict(oc => oc.column('execution_id').doUpdateSet(ended).where('cell_execution.status', 'in', ['running', 'lost']))
    .execute();
}

/** Cells that ran when their kernel went: what became of them nobody knows. */
export async function markLost(tx: Tx, sessionId: string): Promise<void> {
  await tx.updateTable('cell_execution').set({ status: 'lost' }).where('session_id', '=', sessionId).where('status', '=', 'running').execute();
}

export async function setJudgement(tx: Tx, executionId: string, judgement: { hidden_state?: string[]; trial_id?: string | null }): Promise<void> {
  await tx.updateTable('cell_execution').set(judgement).where('execution_id', '=', executionId).execute();
}

/** The executions of a slice belong to the trial, unless they yielded one of their own. */
export async function joinTrial(tx: Tx, executionIds: readonly string[], trialId: string): Promise<void> {
  await tx.updateTable('cell_execution').set({ trial_id: trialId }).where('execution_id', 'in', [...executionIds]).execute();
}

export function executionsInOrder(db: Db, sessionId: string): Promise<CellExecutionRow[]> {
  return db.selectFrom('cell_execution').selectAll().where('session_id', '=', sessionId).orderBy('seq').execute();
}

/** Newest first; keyset over seq. */
export function listExecutions(db: Db, sessionId: string, limit: number, before?: number): Promise<CellExecutionRow[]> {
  return db
    .selectFrom('cell_execution')
    .selectAll()
    .where('session_id', '=', sessionId)
    .$if(before !== undefined, qb => qb.where('seq', '<', before!))
    .orderBy('seq', 'desc')
    .limit(limit)
    .execute();
}

export async function cellIds(db: Db, executionIds: readonly string[]): Promise<Map<string, string | null>> {
  if (executionIds.length === 0) {
    return new Map();
  }
  const rows = await db.selectFrom('cell_execution').select(['execution_id', 'cell_id']).where('execution_id', 'in', [...executionIds]).execute();
  return new Map(rows.map(row => [row.execution_id, row.cell_id]));
}
