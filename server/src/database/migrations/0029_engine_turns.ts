import { sql, type Kysely } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  // Whose turn it is, is told project by project; nothing reads these any more.
  await sql`drop index job_queued_engine`.execute(db);
  await sql`drop index job_queued`.execute(db);
  // Serves isWaitingFor and headsForEngine: the next jobs of each project for one engine.
  await sql`create index job_engine_turn on job (engine, project, rank, id) where state = 'queued' and engine is not null`.execute(db);
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`drop index job_engine_turn`.execute(db);
  await sql`create index job_queued on job (priority desc, created_at, id) where state = 'queued'`.execute(db);
  await sql`create index job_queued_engine on job (engine, priority desc, created_at, id) where state = 'queued' and engine is not null`.execute(db);
}
