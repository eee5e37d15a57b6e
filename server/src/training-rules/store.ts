import type { Insertable } from 'kysely';
import type { Db, Tx } from '../database';
import type { TrainingFindingRow, TrainingFindingTable } from './tables';

/** False where they are there already. */
export async function insertFindings(tx: Tx, rows: Insertable<TrainingFindingTable>[]): Promise<boolean> {
  const done = await tx.insertInto('training_finding').values(rows).onConflict(c => c.column('id').doNothing()).executeTakeFirst();
  return (done.numInsertedOrUpdatedRows ?? 0n) > 0n;
}

/** In the order they came about. */
export function findingsOf(db: Db, runId: string): Promise<TrainingFindingRow[]> {
  return db.selectFrom('training_finding').selectAll().where('run_id', '=', runId).orderBy('found_at').orderBy('id').limit(1_000).execute();
}
