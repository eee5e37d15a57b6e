import { sql, type Kysely } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  // What ended before was charged to its project as it ended; from now on that is done at the next claim, and the cost set to 0.
  await sql`update job set cost = 0 where state <> 'running' and cost > 0`.execute(db);
  // Serves chargeProjects.
  await sql`create index job_uncharged on job (id) where cost > 0 and state <> 'running'`.execute(db);
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`drop index job_uncharged`.execute(db);
}
