import { sql, type Kysely } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('artifact_file')
    // `C` collation: the primary key serves prefix scans (listing a folder).
    .addColumn('path', sql`text collate "C"`, c => c.primaryKey())
    .addColumn('digest', 'text', c => c.notNull())
    .addColumn('size_bytes', 'bigint', c => c.notNull())
    .addColumn('created_at', sql`timestamptz(3)`, c => c.notNull().defaultTo(sql`now()`))
    .execute();
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await db.schema.dropTable('artifact_file').execute();
}
