import { sql, type Kysely } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  // Serves queuedByRank: a page of what waits, in the order it starts.
  await sql`create index job_waiting on job (rank, id) where state = 'queued'`.execute(db);
  // Serves endedJobs.
  await sql`create index job_ended on job (ended_at desc, id desc) where ended_at is not null`.execute(db);
  // How busy a node's GPUs were at its last heartbeat; null where nothing is known.
  await sql`alter table node add column gpu_load jsonb`.execute(db);
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`alter table node drop column gpu_load`.execute(db);
  await sql`drop index job_ended`.execute(db);
  await sql`drop index job_waiting`.execute(db);
}
