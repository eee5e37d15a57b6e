import type { Insertable } from 'kysely';
import type { Db, Tx } from '../database';
import type { TrainingFindingRow, TrainingFindingTable } from './tables';

/** Gives the ids of those that were not there yet. */
export async function insertFindings(tx: Tx, rows: Insertable<TrainingFindingTable>[]): Promise<string[]> {
  const inserted = await tx.insertInto('training_finding').values(rows).onConflict(c => c.column('id').doNothing()).returning('id').execute();
  return inserted.map(row => row.id);
}

/** In the order they came about. */
export function findingsOf(db: Db, runId: string): Promise<TrainingFindingRow[]> {
  return db.selectFrom('training_finding').selectAll().where('run_id', '=', runId).orderBy('found_at').orderBy('id').limit(1_000).execute();
}
