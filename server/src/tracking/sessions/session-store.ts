import { sql, type Insertable, type Updateable } from 'kysely';
import type { Db, Tx } from '../../database';
import type { SessionRow, SessionTable } from './tables';

/** Only one taker-in of records a session at a time: spool and HTTP may bring the same ones. */
export async function lockSession(tx: Tx, sessionId: string): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${`session ${sessionId}`}, 0))`.execute(tx);
}

/** Returns those of the numbers that were not there yet. */
export async function insertSeqs(tx: Tx, sessionId: string, seqs: readonly number[]): Promise<Set<number>> {
  const rows = await tx
    .insertInto('hook_record')
    .values(seqs.map(seq => ({ session_id: sessionId, seq })))
    .onConflict(oc => oc.columns(['session_id', 'seq']).doNothing())
    .returning('seq')
    .execute();
  return new Set(rows.map(row => row.seq));
}

export function findSession(db: Db, id: string): Promise<SessionRow | undefined> {
  return db.selectFrom('session').selectAll().where('id', '=', id).executeTakeFirst();
}

export async function insertSession(tx: Tx, row: Insertable<SessionTable>): Promise<void> {
  await tx.insertInto('session').values(row).execute();
}

export async function updateSession(tx: Tx, id: string, change: Updateable<SessionTable>): Promise<void> {
  await tx.updateTable('session').set(change).where('id', '=', id).execute();
}

export function runningSessions(db: Db): Promise<SessionRow[]> {
  return db.selectFrom('session').selectAll().where('status', '=', 'running').execute();
}

export async function sessionsOver(db: Db, ids: readonly string[]): Promise<string[]> {
  if (ids.length === 0) {
    return [];
  }
  const rows = await db.selectFrom('session').select('id').where('id', 'in', [...ids]).where('status', '!=', 'running').execute();
  return rows.map(row => row.id);
}

export async function sessionIdsOfNotebook(db: Db, notebookKey: string): Promise<string[]> {
  const rows = await db.selectFrom('session').select('id').where('notebook_key', '=', notebookKey).execute();
  return rows.map(row => row.id);
}

export interface SessionFilter {
  notebookPath?: string;
  kernelId?: string;
}

export type CountedSessionRow = SessionRow & { cell_count: number; trial_count: number };

/** Newest first with their counts; keyset over (started_at, id). */
export function listSessions(db: Db, filter: SessionFilter & { id?: string }, limit: number, after?: { startedAt: Date; id: string }): Promise<CountedSessionRow[]> {
  return db
    .selectFrom('session as s')
    .selectAll('s')
    .select([
      sql<number>`(select count(*)::int from cell_execution c where c.session_id = s.id)`.as('cell_count'),
      // A trial whose metrics were all unmade is not shown.
      sql<number>`(select count(*)::int from trial t where t.session_id = s.id
        and (t.mlflow_run_ids <> '{}' or exists (select from trial_metric m where m.trial_id = t.run_id)))`.as('trial_count')
    ])
    .$if(filter.id !== undefined, qb => qb.where('s.id', '=', filter.id!))
    .$if(filter.notebookPath !== undefined, qb => qb.where('s.notebook_path', '=', filter.notebookPath!))
    .$if(filter.kernelId !== undefined, qb => qb.where('s.kernel_id', '=', filter.kernelId!))
    .$if(after !== undefined, qb => qb.where(eb => eb(eb.refTuple('s.started_at', 's.id'), '<', eb.tuple(after!.startedAt, after!.id))))
    .orderBy('s.started_at', 'desc')
    .orderBy('s.id', 'desc')
    .limit(limit)
    .execute();
}
