import type { VersionChange } from '@slipway/schema';
import { sql } from 'kysely';
import { InvalidInput } from '../core/errors';
import type { Db, Tx } from '../database';
import type { VersionChangeRow } from './tables';

export interface NewChange {
  kind: VersionChange['kind'];
  by: string;
  name?: string;
  from?: string | null;
  to?: string | null;
}

/** Keeps what was done to a version, inside the transaction that does it. */
export async function recordChange(tx: Tx, { model_name, version }: { model_name: string; version: number }, { kind, by, name, from, to }: NewChange): Promise<void> {
  await tx.insertInto('version_change').values({ model_name, version, kind, name: name ?? null, before: from ?? null, after: to ?? null, changed_by: by }).execute();
}

/** Who moved an alias last, and from which version; undefined where nobody did. */
export async function lastAliasMove(db: Db, name: string, alias: string): Promise<{ from: number | null; by: string } | undefined> {
  const row = await db
    .selectFrom('version_change')
    .select(['version', 'kind', 'changed_by'])
    .where('model_name', '=', name)
    .where('name', '=', alias)
    .where(sql<boolean>`kind in ('alias_set', 'alias_removed')`)
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst();
  // A move from one version to another is kept with both, the one that lost it last.
  return row && { from: row.kind === 'alias_removed' ? row.version : null, by: row.changed_by };
}

/** @throws {InvalidInput} `invalid_cursor` */
export async function historyOf(db: Db, name: string, version: number, page: { limit: number; cursor?: string }): Promise<{ items: VersionChange[]; nextCursor?: string }> {
  if (page.cursor !== undefined && !/^\d{1,18}$/.test(page.cursor)) {
    throw new InvalidInput('invalid_cursor', 'The cursor is not one that a page gave.');
  }
  const rows = await changesOf(db, name, version, { limit: page.limit + 1, before: page.cursor ?? null });
  const shown = rows.slice(0, page.limit);
  return { items: shown.map(toChange), ...(rows.length > page.limit && { nextCursor: shown.at(-1)!.id }) };
}

function changesOf(db: Db, name: string, version: number, page: { limit: number; before: string | null }): Promise<VersionChangeRow[]> {
  return db
    .selectFrom('version_change')
    .selectAll()
    .where('model_name', '=', name)
    .where('version', '=', version)
    .$if(page.before !== null, q => q.where('id', '<', page.before!))
    .orderBy('id', 'desc')
    .limit(page.limit)
    .execute();
}

function toChange(row: VersionChangeRow): VersionChange {
  return { id: row.id, kind: row.kind, name: row.name, from: row.before, to: row.after, by: row.changed_by, at: row.changed_at.toISOString() };
}
