import { sql, type Insertable, type Updateable } from 'kysely';
import type { Db, Tx } from '../database';
import type { ProofRow, ProofTable } from './tables';

export function insertProof(tx: Tx, row: Insertable<ProofTable>): Promise<ProofRow> {
  return tx.insertInto('proof').values(row).returningAll().executeTakeFirstOrThrow();
}

export function proofById(db: Db, id: string): Promise<ProofRow | undefined> {
  return db.selectFrom('proof').selectAll().where('id', '=', id).executeTakeFirst();
}

/** Changes a proof that is still running; false when it is over. */
export async function updateProof(tx: Tx, id: string, set: Updateable<ProofTable>): Promise<boolean> {
  const done = await tx
    .updateTable('proof')
    .set({ ...set, ...(set.status !== undefined && set.status !== 'running' && { ended_at: sql<Date>`now()` }) })
    .where('id', '=', id)
    .where('status', '=', 'running')
    .executeTakeFirst();
  return done.numUpdatedRows > 0n;
}

/** Proofs of this home that were under way when its daemon ended. */
export function interruptedProofs(db: Db, home: string): Promise<ProofRow[]> {
  return db.selectFrom('proof').selectAll().where('status', '=', 'running').where('worker_home', '=', home).execute();
}
