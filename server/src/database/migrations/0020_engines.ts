import { sql, type Kysely } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    alter table job
      -- Of the daemon's configuration; null = this machine.
      add column engine text,
      -- The engine's own id of the running attempt; null until it has answered with one.
      add column engine_handle text`.execute(db);
  // Serves lockQueuedFor: the next jobs of one engine in the order they are given out.
  await sql`create index job_queued_engine on job (engine, priority desc, created_at, id) where state = 'queued' and engine is not null`.execute(db);
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`drop index job_queued_engine`.execute(db);
  await sql`alter table job drop column engine, drop column engine_handle`.execute(db);
}
