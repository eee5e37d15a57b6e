import type { NotificationStatus } from '@slipway/schema';
import type { Updateable } from 'kysely';
import type { Db } from '../database';
import type { NotificationRow, NotificationTable } from './tables';

export type ToldRow = NotificationRow & { pipeline: string };

/** Newest first. */
export function listNotifications(db: Db, of: { runId?: string; pipeline?: string; status?: NotificationStatus }, limit: number): Promise<ToldRow[]> {
  return db
    .selectFrom('notification as n')
    .innerJoin('pipeline_run as r', 'r.id', 'n.run_id')
    .selectAll('n')
    .select('r.pipeline')
    .$if(of.runId !== undefined, qb => qb.where('n.run_id', '=', of.runId!))
    .$if(of.pipeline !== undefined, qb => qb.where('r.pipeline', '=', of.pipeline!))
    .$if(of.status !== undefined, qb => qb.where('n.status', '=', of.status!))
    .orderBy('n.created_at', 'desc')
    .orderBy('n.id', 'desc')
    .limit(limit)
    .execute();
}

export async function updateNotification(db: Db, id: string, set: Updateable<NotificationTable>): Promise<void> {
  await db.updateTable('notification').set(set).where('id', '=', id).execute();
}
