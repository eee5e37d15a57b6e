import { sql, type Kysely } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  // Whose runs are those of the schedule; unknown of those that were there before.
  await sql`alter table schedule add column created_by text`.execute(db);
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`alter table schedule drop column created_by`.execute(db);
}
