import { sql, type Kysely } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  // When it was delivered or given up.
  await sql`alter table notification add column ended_at timestamptz(3)`.execute(db);
  // Serves listNotifications of what was given up, newest first.
  await sql`create index notification_failed on notification (created_at desc, id desc) where status = 'failed'`.execute(db);
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`drop index notification_failed`.execute(db);
  await sql`alter table notification drop column ended_at`.execute(db);
}
