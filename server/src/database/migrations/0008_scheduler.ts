import { sql, type Kysely } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  const instant = sql`timestamptz(3)`;
  await db.schema
    .createTable('worker')
    .addColumn('id', 'uuid', c => c.primaryKey())
    .addColumn('home', 'text', c => c.notNull())
    .addColumn('started_at', instant, c => c.notNull().defaultTo(sql`now()`))
    .execute();
  await db.schema
    .createTable('job')
    .addColumn('id', 'uuid', c => c.primaryKey())
    .addColumn('kind', 'text', c => c.notNull())
    .addColumn('label', 'text', c => c.notNull())
    .addColumn('state', 'text', c => c.notNull().defaultTo('queued').check(sql`state in ('queued', 'running', 'succeeded', 'failed', 'cancelled')`))
    .addColumn('priority', 'integer', c => c.notNull().defaultTo(0))
    .addColumn('attempt', 'integer', c => c.notNull().defaultTo(0))
    .addColumn('retries', 'integer', c => c.notNull().defaultTo(0))
    .addColumn('max_retries', 'integer', c => c.notNull().defaultTo(0))
    .addColumn('losses', 'integer', c => c.notNull().defaultTo(0))
    .addColumn('cpus', 'real', c => c.notNull().check(sql`cpus > 0`))
    .addColumn('memory_bytes', 'bigint', c => c.notNull().check(sql`memory_bytes > 0`))
    .addColumn('gpus', 'integer', c => c.notNull().defaultTo(0).check(sql`gpus >= 0`))
    .addColumn('spec', 'jsonb', c => c.notNull())
    .addColumn('log_key', 'text', c => c.notNull())
    .addColumn('not_before', instant, c => c.notNull().defaultTo(sql`now()`))
    .addColumn('worker_id', 'uuid')
    .addColumn('lease_until', instant)
    .addColumn('cancel_requested_at', instant)
    .addColumn('pid', 'integer')
    .addColumn('pid_identity', 'text')
    .addColumn('error', 'jsonb')
    .addColumn('created_at', instant, c => c.notNull().defaultTo(sql`now()`))
    .addColumn('started_at', instant)
    .addColumn('ended_at', instant)
    .addCheckConstraint('job_lease', sql`(state = 'running') = (worker_id is not null and lease_until is not null)`)
    .execute();
  // Serves lockQueued: the next jobs in the order they are given out.
  await sql`create index job_queued on job (priority desc, created_at, id) where state = 'queued'`.execute(db);
  // Serves renewLeases, expiredJobs and cancelRequests: the few that run now.
  await sql`create index job_running on job (worker_id) where state = 'running'`.execute(db);
  // Serves listJobs.
  await sql`create index job_created_at on job (created_at desc, id desc)`.execute(db);
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await db.schema.dropTable('job').execute();
  await db.schema.dropTable('worker').execute();
}
