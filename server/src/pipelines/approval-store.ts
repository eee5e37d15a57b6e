import { sql } from 'kysely';
import type { ApprovalStatus } from '@slipway/schema';
import type { Db, Tx } from '../database';
import type { ApprovalRow } from './tables';

/** An approval with what is shown of its run. */
export type ApprovalView = ApprovalRow & { pipeline: string; version: number; step: string; created_by: string };

/** Asks, or asks anew after a retry. */
export async function askApproval(tx: Tx, row: Pick<ApprovalRow, 'run_id' | 'ordinal' | 'instructions' | 'approvers' | 'self_approval' | 'expires_at'>): Promise<void> {
  const anew = { status: 'open' as const, requested_at: sql<Date>`now()`, expires_at: row.expires_at, decided_by: null, decided_at: null, comment: null };
  await tx.insertInto('approval').values(row).onConflict(oc => oc.columns(['run_id', 'ordinal']).doUpdateSet(anew)).execute();
}

/** Ends an open approval; false when it is open no more. */
export async function closeApproval(tx: Tx, at: { runId: string; ordinal: number }, set: { status: ApprovalStatus; decided_by: string | null; comment: string | null }): Promise<boolean> {
  const done = await tx
    .updateTable('approval')
    .set({ ...set, decided_at: sql<Date>`now()` })
    .where('run_id', '=', at.runId)
    .where('ordinal', '=', at.ordinal)
    .where('status', '=', 'open')
    .executeTakeFirst();
  return done.numUpdatedRows > 0n;
}

export async function cancelApprovals(tx: Tx, runId: string): Promise<void> {
  await tx.updateTable('approval').set({ status: 'cancelled', decided_at: sql<Date>`now()` }).where('run_id', '=', runId).where('status', '=', 'open').execute();
}

/** Newest first. */
export function listApprovals(db: Db, query: { status?: ApprovalStatus; runId?: string; step?: string; limit: number }): Promise<ApprovalView[]> {
  return db
    .selectFrom('approval')
    .innerJoin('pipeline_run as r', 'r.id', 'approval.run_id')
    .innerJoin('step_run as s', join => join.onRef('s.run_id', '=', 'approval.run_id').onRef('s.ordinal', '=', 'approval.ordinal'))
    .selectAll('approval')
    .select(['r.pipeline', 'r.version', 'r.created_by', 's.name as step'])
    .$if(query.status !== undefined, qb => qb.where('approval.status', '=', query.status!))
    .$if(query.runId !== undefined, qb => qb.where('approval.run_id', '=', query.runId!))
    .$if(query.step !== undefined, qb => qb.where('s.name', '=', query.step!))
    .orderBy('requested_at', 'desc')
    .orderBy('approval.run_id')
    .limit(query.limit)
    .execute();
}
