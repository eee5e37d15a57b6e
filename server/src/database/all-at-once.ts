import { sql, type Compilable, type RawBuilder } from 'kysely';
import type { Tx } from './index';

/** An insert, update or delete that returns something, not yet sent. */
export type Change = (Compilable & object) | RawBuilder<unknown>;

/**
 * Makes several changes with one question to the database, whose answers are
 * what a busy daemon waits for. None sees what another does, and no two may
 * touch one row. Gives how many rows each changed.
 */
export async function allAtOnce<Name extends string>(tx: Tx, changes: Record<Name, Change>): Promise<Record<Name, number>> {
  const names = Object.keys(changes) as Name[];
  const parts = names.map(name => sql`${sql.raw(name)} as (${changes[name]})`);
  const counts = names.map(name => sql`(select count(*)::int from ${sql.raw(name)}) as ${sql.ref(name)}`);
  const { rows } = await sql<Record<Name, number>>`with ${sql.join(parts)} select ${sql.join(counts)}`.execute(tx);
  return rows[0]!;
}
