import { sql, type Kysely } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  // Whose runs are those of the schedule; unknown of those that were there before.
  await sql`alter table schedule add column created_by text`.execute(db);
  // Whether who started the run may decide, too.
  await sql`alter table approval add column self_approval boolean not null default false`.execute(db);
  // A job that is tried again later has no seat until then.
  await sql`alter table pool_seat add column due_at timestamptz(3)`.execute(db);
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`alter table pool_seat drop column due_at`.execute(db);
  await sql`alter table approval drop column self_approval`.execute(db);
  await sql`alter table schedule drop column created_by`.execute(db);
}
