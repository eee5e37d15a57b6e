import { sql, type Kysely } from 'kysely';

// `Kysely<unknown>` on purpose: a migration must not follow later changes of
// the table types. Never edit a released migration; add the next number.
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('event')
    .addColumn('id', 'bigint', c => c.primaryKey().generatedAlwaysAsIdentity())
    .addColumn('type', 'text', c => c.notNull())
    .addColumn('subject', 'text', c => c.notNull())
    .addColumn('data', 'jsonb', c => c.notNull())
    .addColumn('at', sql`timestamptz(3)`, c => c.notNull().defaultTo(sql`now()`))
    .execute();
  // Serves trimEvents: what is older than a moment.
  await db.schema.createIndex('event_at').on('event').column('at').execute();
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await db.schema.dropTable('event').execute();
}
