import type { PromotionStatus } from '@slipway/schema';
import { sql, type Insertable, type Updateable } from 'kysely';
import type { Db, Tx } from '../../database';
import type { PromotionRow, PromotionTable } from '../tables';

/** undefined where an open one for that version and alias is there already. */
export function insertPromotion(db: Db, promotion: Insertable<PromotionTable>): Promise<PromotionRow | undefined> {
  return db
    .insertInto('promotion')
    .values(promotion)
    .onConflict(oc => oc.columns(['model_name', 'version', 'alias']).where('status', '=', 'open').doNothing())
    .returningAll()
    .executeTakeFirst();
}

export function findPromotion(db: Db, id: string): Promise<PromotionRow | undefined> {
  return db.selectFrom('promotion').selectAll().where('id', '=', id).executeTakeFirst();
}

/** Holds a promotion until the transaction ends: it is decided once. */
export function lockPromotion(tx: Tx, id: string): Promise<PromotionRow | undefined> {
  return tx.selectFrom('promotion').selectAll().where('id', '=', id).forUpdate().executeTakeFirst();
}

export function updatePromotion(db: Db, id: string, change: Updateable<PromotionTable>): Promise<PromotionRow> {
  return db.updateTable('promotion').set(change).where('id', '=', id).returningAll().executeTakeFirstOrThrow();
}

/** A version was judged anew while it waits: whoever decides sees that. */
export async function attachEvaluation(tx: Tx, name: string, version: number, evaluationId: string): Promise<void> {
  await tx.updateTable('promotion').set({ evaluation_id: evaluationId }).where('model_name', '=', name).where('version', '=', version).where('status', '=', 'open').execute();
}

/** Ends what nobody decided in time; each is given to one caller alone. */
export function expireDue(tx: Tx): Promise<PromotionRow[]> {
  return tx
    .updateTable('promotion')
    .set({ status: 'expired', decided_at: sql<Date>`now()` })
    .where('status', '=', 'open')
    .where('expires_at', '<=', sql<Date>`now()`)
    .returningAll()
    .execute();
}

/** Promotions of a model, or of all, newest first, before `before`. */
export function promotionsOf(db: Db, name: string | null, page: { status?: PromotionStatus; limit: number; before: string | null }): Promise<PromotionRow[]> {
  return db
    .selectFrom('promotion')
    .selectAll()
    .$if(name !== null, q => q.where('model_name', '=', name!))
    .$if(page.status !== undefined, q => q.where('status', '=', page.status!))
    .$if(page.before !== null, q => q.where('seq', '<', page.before!))
    .orderBy('seq', 'desc')
    .limit(page.limit)
    .execute();
}
