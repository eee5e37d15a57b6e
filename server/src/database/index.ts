import { Kysely, PostgresDialect, type Transaction } from 'kysely';
import { Pool, types } from 'pg';
import { PreparingClient } from './preparing-client';
import type { Tables } from './tables';

/** A pool or an open transaction: a store cannot tell, and need not. */
export type Db = Kysely<Tables>;
/** Where a function needs to be inside a transaction, its type says so. */
export type Tx = Transaction<Tables>;

// int8 as a JS number loses precision above 2^53: columns of that type are read as strings
// and each mapping decides (steps and counters).
types.setTypeParser(types.builtins.INT8, value => value);

/** Opens a pool of at most `max` connections; `db.destroy()` closes it. */
export function openDatabase(url: string, max = 10, onError: (error: Error) => void = () => undefined): Db {
  // Our queries take milliseconds: compiling one first takes ten times that.
  const pool = new Pool({ Client: PreparingClient, connectionString: url, max, connectionTimeoutMillis: 10_000, options: '-c jit=off' });
  // An idle connection that breaks (PostgreSQL restarted) must not end the process.
  pool.on('error', onError);
  // Nor one that breaks between two statements of a transaction: the next statement tells.
  pool.on('connect', client => void client.on('error', onError));
  return new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) });
}

export { allAtOnce, type Change } from './all-at-once';
export { migrateToLatest } from './migrate';
export { createWaker } from './waker';
export type { Tables } from './tables';
