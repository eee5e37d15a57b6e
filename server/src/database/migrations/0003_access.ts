import { sql, type Kysely } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('access_token')
    .addColumn('id', 'uuid', c => c.primaryKey().defaultTo(sql`gen_random_uuid()`))
    .addColumn('name', 'text', c => c.notNull())
    // Tokens are 256 random bits: a plain SHA-256 cannot be turned back, and its index finds them.
    .addColumn('sha256', 'text', c => c.notNull().unique())
    .addColumn('kind', 'text', c => c.notNull().check(sql`kind in ('api', 'session')`))
    .addColumn('permissions', sql`text[]`, c => c.notNull())
    .addColumn('session_id', 'uuid')
    .addColumn('created_at', sql`timestamptz(3)`, c => c.notNull().defaultTo(sql`now()`))
    .addColumn('expires_at', sql`timestamptz(3)`)
    .addColumn('last_used_at', sql`timestamptz(3)`)
    .addColumn('revoked_at', sql`timestamptz(3)`)
    .execute();
  // Serves revokeSessionTokens.
  await db.schema.createIndex('access_token_session_id').on('access_token').column('session_id').execute();
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await db.schema.dropTable('access_token').execute();
}
