import { sql, type Kysely } from 'kysely';

const instant = sql`timestamptz(3)`;

export async function up(db: Kysely<unknown>): Promise<void> {
  await createDefinitions(db);
  await createRuns(db);
  await createCache(db);
  await createProofs(db);
}

async function createDefinitions(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('pipeline_content')
    .addColumn('hash', 'text', c => c.primaryKey())
    .addColumn('content', 'jsonb', c => c.notNull())
    .execute();
  await db.schema
    .createTable('pipeline')
    .addColumn('name', 'text', c => c.primaryKey())
    .addColumn('latest_version', 'integer', c => c.notNull())
    .addColumn('created_at', instant, c => c.notNull().defaultTo(sql`now()`))
    .addColumn('removed_at', instant)
    .execute();
  await db.schema
    .createTable('pipeline_version')
    .addColumn('pipeline', 'text', c => c.notNull().references('pipeline.name'))
    .addColumn('version', 'integer', c => c.notNull())
    .addColumn('content_hash', 'text', c => c.notNull().references('pipeline_content.hash'))
    .addColumn('created_at', instant, c => c.notNull().defaultTo(sql`now()`))
    .addColumn('created_by', 'text', c => c.notNull())
    .addPrimaryKeyConstraint('pipeline_version_pkey', ['pipeline', 'version'])
    .execute();
  await db.schema
    .createTable('schedule')
    .addColumn('pipeline', 'text', c => c.primaryKey().references('pipeline.name'))
    .addColumn('id', 'uuid', c => c.notNull().unique())
    .addColumn('cron', 'text', c => c.notNull())
    .addColumn('time_zone', 'text', c => c.notNull())
    .addColumn('is_paused', 'boolean', c => c.notNull())
    .addColumn('next_fire_at', instant)
    .addColumn('last_fire_at', instant)
    .addColumn('note', 'text')
    .execute();
  // Serves dueSchedules and nextDue.
  await sql`create index schedule_next_fire_at on schedule (next_fire_at) where next_fire_at is not null`.execute(db);
}

async function createRuns(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('pipeline_run')
    .addColumn('id', 'uuid', c => c.primaryKey())
    .addColumn('pipeline', 'text', c => c.notNull())
    .addColumn('version', 'integer', c => c.notNull())
    .addColumn('content_hash', 'text', c => c.notNull().references('pipeline_content.hash'))
    .addColumn('mlflow_run_id', 'text')
    .addColumn('trigger', 'text', c => c.notNull().check(sql`trigger in ('hand', 'schedule', 'proof', 'retry')`))
    .addColumn('status', 'text', c => c.notNull().check(sql`status in ('queued', 'running', 'succeeded', 'failed', 'cancelling', 'cancelled')`))
    .addColumn('use_cache', 'boolean', c => c.notNull())
    .addColumn('params', 'jsonb', c => c.notNull())
    .addColumn('metrics', 'jsonb', c => c.notNull())
    .addColumn('models', 'jsonb', c => c.notNull())
    .addColumn('error', 'text')
    .addColumn('revision', 'integer', c => c.notNull().defaultTo(0))
    .addColumn('created_by', 'text', c => c.notNull())
    .addColumn('created_at', sql`timestamptz(3)`, c => c.notNull().defaultTo(sql`now()`))
    .addColumn('started_at', instant)
    .addColumn('ended_at', instant)
    .execute();
  // Serves listRuns and recentRuns: a pipeline's runs, newest first.
  await db.schema.createIndex('pipeline_run_pipeline').on('pipeline_run').columns(['pipeline', 'created_at desc', 'id desc']).execute();
  // Serves activeRuns at start.
  await sql`create index pipeline_run_active on pipeline_run (id) where status in ('queued', 'running', 'cancelling')`.execute(db);
  await db.schema
    .createTable('step_run')
    .addColumn('run_id', 'uuid', c => c.notNull().references('pipeline_run.id').onDelete('cascade'))
    .addColumn('ordinal', 'integer', c => c.notNull())
    .addColumn('name', 'text', c => c.notNull())
    .addColumn('status', 'text', c => c.notNull().check(sql`status in ('waiting', 'queued', 'running', 'succeeded', 'failed', 'cancelled', 'skipped')`))
    .addColumn('cached', 'boolean', c => c.notNull().defaultTo(false))
    .addColumn('cache_note', 'text')
    .addColumn('may_use_cache', 'boolean', c => c.notNull().defaultTo(true))
    .addColumn('attempts', 'integer', c => c.notNull().defaultTo(0))
    .addColumn('job_id', 'uuid')
    .addColumn('base_key', 'text')
    .addColumn('step_key', 'text')
    .addColumn('result', 'jsonb')
    .addColumn('log_key', 'text')
    .addColumn('log_attempt', 'integer')
    .addColumn('notebook_digest', 'text')
    .addColumn('pid', 'integer')
    .addColumn('peak_memory_bytes', 'bigint')
    .addColumn('error', 'jsonb')
    .addColumn('started_at', instant)
    .addColumn('ended_at', instant)
    .addPrimaryKeyConstraint('step_run_pkey', ['run_id', 'ordinal'])
    .addUniqueConstraint('step_run_name', ['run_id', 'name'])
    .execute();
  // Serves stepsStarted and stepsRequeued: the scheduler knows steps by their job.
  await db.schema.createIndex('step_run_job_id').on('step_run').column('job_id').execute();
  await db.schema
    .createTable('schedule_fire')
    .addColumn('schedule_id', 'uuid', c => c.notNull())
    .addColumn('fire_at', instant, c => c.notNull())
    .addColumn('run_id', 'uuid')
    .addPrimaryKeyConstraint('schedule_fire_pkey', ['schedule_id', 'fire_at'])
    .execute();
}

async function createCache(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('step_cache')
    .addColumn('step_key', 'text', c => c.primaryKey())
    .addColumn('base_key', 'text', c => c.notNull())
    .addColumn('result', 'jsonb', c => c.notNull())
    .addColumn('log_key', 'text', c => c.notNull())
    .addColumn('log_attempt', 'integer', c => c.notNull())
    .addColumn('created_at', instant, c => c.notNull().defaultTo(sql`now()`))
    .execute();
  // Serves cacheEntries: what earlier runs of the same code and inputs made.
  await db.schema.createIndex('step_cache_base_key').on('step_cache').columns(['base_key', 'created_at desc']).execute();
  await db.schema
    .createTable('step_model')
    .addColumn('pipeline', 'text', c => c.notNull())
    .addColumn('step_key', 'text', c => c.notNull())
    .addColumn('variable', 'text', c => c.notNull())
    .addColumn('model_name', 'text', c => c.notNull())
    .addColumn('model_version', 'text', c => c.notNull())
    .addPrimaryKeyConstraint('step_model_pkey', ['pipeline', 'step_key', 'variable'])
    .execute();
}

async function createProofs(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('proof')
    .addColumn('id', 'uuid', c => c.primaryKey())
    .addColumn('pipeline', 'text', c => c.notNull())
    .addColumn('content_hash', 'text', c => c.notNull().references('pipeline_content.hash'))
    .addColumn('schedule', 'jsonb')
    .addColumn('status', 'text', c => c.notNull().check(sql`status in ('running', 'same', 'different', 'failed', 'cancelled')`))
    .addColumn('phase', 'text', c => c.notNull())
    .addColumn('run_id', 'uuid')
    .addColumn('agreed', 'jsonb', c => c.notNull())
    .addColumn('differences', 'jsonb', c => c.notNull())
    .addColumn('notes', 'jsonb', c => c.notNull())
    .addColumn('worker_home', 'text', c => c.notNull())
    .addColumn('started_at', instant, c => c.notNull().defaultTo(sql`now()`))
    .addColumn('ended_at', instant)
    .execute();
}

export async function down(db: Kysely<unknown>): Promise<void> {
  for (const table of ['proof', 'step_model', 'step_cache', 'schedule_fire', 'step_run', 'pipeline_run', 'schedule', 'pipeline_version', 'pipeline', 'pipeline_content']) {
    await db.schema.dropTable(table).execute();
  }
}
