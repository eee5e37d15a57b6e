import type { Db, Tx } from '../../database';
import type { ModelCardRow } from '../tables';

/** The card of a version, else of the newest one before it that has one. */
export function cardUpTo(db: Db, name: string, version: number): Promise<ModelCardRow | undefined> {
  return db.selectFrom('model_card').selectAll().where('model_name', '=', name).where('version', '<=', version).orderBy('version', 'desc').limit(1).executeTakeFirst();
}

/** False where the card has another revision than `card.revision - 1` by now. */
export async function saveCard(tx: Tx, card: Omit<ModelCardRow, 'updated_at'>): Promise<boolean> {
  const values = { ...card, sections: JSON.stringify(card.sections) as never, labels: JSON.stringify(card.labels) as never, updated_at: new Date() };
  const { numInsertedOrUpdatedRows } = await tx
    .insertInto('model_card')
    .values(values)
    .onConflict(oc => oc.columns(['model_name', 'version']).doUpdateSet(values).where('model_card.revision', '=', card.revision - 1))
    .executeTakeFirst();
  return (numInsertedOrUpdatedRows ?? 0n) > 0n;
}
