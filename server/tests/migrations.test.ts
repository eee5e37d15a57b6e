import { Migrator, sql, type Kysely } from 'kysely';
import { migrations } from '../src/database/migrations';
import { createTestDatabase } from './test-database';

jest.setTimeout(120_000);

let database: Awaited<ReturnType<typeof createTestDatabase>>;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

/** Columns, constraints and indexes as PostgreSQL has them, in an order of their own. */
async function shapeOf(db: Kysely<any>): Promise<string[]> { // eslint-disable-line @typescript-eslint/no-explicit-any -- the tables of another moment
  const { rows } = await sql<{ line: string }>`
    select concat_ws(' ', 'column', c.table_name, c.column_name, c.data_type, c.udt_name, c.is_nullable, c.column_default, c.datetime_precision) as line
    from information_schema.columns c where c.table_schema = 'public' and c.table_name not like 'kysely%'
    union all select concat_ws(' ', 'constraint', conrelid::regclass, pg_get_constraintdef(oid)) from pg_constraint where connamespace = 'public'::regnamespace and contype <> 'n'
      and conrelid::regclass::text not like 'kysely%'
    union all select concat_ws(' ', 'index', indexdef) from pg_indexes where schemaname = 'public' and tablename not like 'kysely%'
    order by 1`.execute(db);
  return rows.map(r => r.line);
}

test('each migration undone leaves what was there before it, and done again gives what it gave', async () => {
  const migrator = new Migrator({ db: database.db, provider: { getMigrations: async () => migrations } });
  const names = Object.keys(migrations);
  const ups = new Map([[names.length, await shapeOf(database.db)]]);
  for (let left = names.length; left > 0; left--) {
    const { error, results } = await migrator.migrateDown();
    expect([error, results?.map(r => [r.migrationName, r.status])]).toEqual([undefined, [[names[left - 1], 'Success']]]);
    ups.set(left - 1, await shapeOf(database.db));
  }
  expect(ups.get(0)).toEqual([]);
  for (let done = 1; done <= names.length; done++) {
    const { error } = await migrator.migrateUp();
    expect(error).toBeUndefined();
    expect({ after: names[done - 1], shape: await shapeOf(database.db) }).toEqual({ after: names[done - 1], shape: ups.get(done) });
  }
});
