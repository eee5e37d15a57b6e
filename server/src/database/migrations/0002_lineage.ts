import { sql, type Kysely } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('lineage_edge')
    .addColumn('from_uri', 'text', c => c.notNull())
    .addColumn('to_uri', 'text', c => c.notNull())
    .addColumn('created_at', sql`timestamptz(3)`, c => c.notNull().defaultTo(sql`now()`))
    .addPrimaryKeyConstraint('lineage_edge_pkey', ['from_uri', 'to_uri'])
    .execute();
  // Serves neighbours upstream; the primary key serves those downstream.
  await db.schema.createIndex('lineage_edge_to_uri').on('lineage_edge').column('to_uri').execute();
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await db.schema.dropTable('lineage_edge').execute();
}
