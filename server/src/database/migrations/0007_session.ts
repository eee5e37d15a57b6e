import { sql, type Kysely } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  await sessions(db);
  await executions(db);
  await trials(db);
}

async function sessions(db: Kysely<unknown>): Promise<void> {
  const instant = sql`timestamptz(3)`;
  await db.schema
    .createTable('session')
    .addColumn('id', 'uuid', c => c.primaryKey())
    .addColumn('run_id', 'text', c => c.notNull().unique())
    .addColumn('experiment_id', 'text', c => c.notNull())
    .addColumn('kernel_id', 'text', c => c.notNull())
    .addColumn('language', 'text', c => c.notNull())
    .addColumn('notebook_path', 'text')
    .addColumn('notebook_key', 'text', c => c.notNull())
    .addColumn('host', 'text', c => c.notNull())
    .addColumn('user_name', 'text', c => c.notNull())
    .addColumn('pid', 'integer')
    .addColumn('pid_identity', 'text')
    .addColumn('status', 'text', c => c.notNull().check(sql`status in ('running', 'finished', 'killed')`))
    .addColumn('started_at', instant, c => c.notNull())
    .addColumn('ended_at', instant)
    .addColumn('seen_at', instant, c => c.notNull().defaultTo(sql`now()`))
    .addCheckConstraint('session_ended', sql`(status = 'running') = (ended_at is null)`)
    .execute();
  // Serves the list of sessions, newest first, and its keyset.
  await sql`create index session_started_at on session (started_at desc, id desc)`.execute(db);
  // Serve the lists of one notebook and of one kernel.
  await sql`create index session_notebook on session (notebook_path, started_at desc)`.execute(db);
  await sql`create index session_kernel on session (kernel_id, started_at desc)`.execute(db);
  // Serves metric marks: the sessions of one notebook.
  await sql`create index session_notebook_key on session (notebook_key)`.execute(db);
  // Serves the search for kernels that died.
  await sql`create index session_running on session (id) where status = 'running'`.execute(db);
  // What has been taken in: a record that comes again is known by its number.
  await db.schema
    .createTable('hook_record')
    .addColumn('session_id', 'uuid', c => c.notNull())
    .addColumn('seq', 'integer', c => c.notNull())
    .addPrimaryKeyConstraint('hook_record_pkey', ['session_id', 'seq'])
    .execute();
}

async function executions(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('cell_execution')
    .addColumn('execution_id', 'uuid', c => c.primaryKey())
    .addColumn('session_id', 'uuid', c => c.notNull().references('session.id'))
    .addColumn('seq', 'integer', c => c.notNull())
    .addColumn('cell_id', 'text')
    .addColumn('execution_count', 'integer')
    .addColumn('source', 'text', c => c.notNull())
    .addColumn('status', 'text', c => c.notNull().check(sql`status in ('running', 'ok', 'error', 'aborted', 'lost')`))
    .addColumn('error', 'jsonb')
    .addColumn('started_at', sql`timestamptz(3)`, c => c.notNull())
    .addColumn('duration_ms', 'double precision', c => c.notNull().defaultTo(0))
    .addColumn('bound', sql`text[]`, c => c.notNull().defaultTo(sql`'{}'`))
    .addColumn('deleted', sql`text[]`, c => c.notNull().defaultTo(sql`'{}'`))
    .addColumn('read', sql`text[]`, c => c.notNull().defaultTo(sql`'{}'`))
    // What else the hook told of the cell: scalars, types, metrics, data, packages, MLflow runs, impurities.
    .addColumn('details', 'jsonb', c => c.notNull().defaultTo(sql`'{}'`))
    .addColumn('peak_memory_bytes', 'bigint')
    .addColumn('hidden_state', sql`text[]`, c => c.notNull().defaultTo(sql`'{}'`))
    .addColumn('trial_id', 'text')
    .execute();
  // Serves a session's executions in order, its keyset, and the slices over them.
  await db.schema.createIndex('cell_execution_session').on('cell_execution').columns(['session_id', 'seq']).unique().execute();
}

async function trials(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('trial')
    .addColumn('run_id', 'text', c => c.primaryKey())
    .addColumn('session_id', 'uuid', c => c.notNull().references('session.id'))
    .addColumn('ordinal', 'integer', c => c.notNull())
    .addColumn('core_key', 'text', c => c.notNull())
    .addColumn('group_key', 'text', c => c.notNull())
    .addColumn('params', 'jsonb', c => c.notNull())
    .addColumn('slice', sql`uuid[]`, c => c.notNull())
    .addColumn('mlflow_run_ids', sql`text[]`, c => c.notNull().defaultTo(sql`'{}'`))
    .addColumn('started_at', sql`timestamptz(3)`, c => c.notNull())
    .addUniqueConstraint('trial_core', ['session_id', 'core_key'])
    .addUniqueConstraint('trial_ordinal', ['session_id', 'ordinal'])
    .execute();
  await db.schema
    .createTable('trial_metric')
    .addColumn('trial_id', 'text', c => c.notNull().references('trial.run_id'))
    .addColumn('name', 'text', c => c.notNull())
    .addColumn('execution_id', 'uuid', c => c.notNull())
    .addColumn('value', 'jsonb', c => c.notNull())
    .addColumn('history', 'jsonb', c => c.notNull())
    .addColumn('is_marked', 'boolean', c => c.notNull())
    .addPrimaryKeyConstraint('trial_metric_pkey', ['trial_id', 'name'])
    .execute();
  await db.schema
    .createTable('metric_mark')
    .addColumn('notebook_key', 'text', c => c.notNull())
    .addColumn('name', 'text', c => c.notNull())
    .addColumn('is_metric', 'boolean', c => c.notNull())
    .addPrimaryKeyConstraint('metric_mark_pkey', ['notebook_key', 'name'])
    .execute();
}

export async function down(db: Kysely<unknown>): Promise<void> {
  for (const table of ['metric_mark', 'trial_metric', 'trial', 'cell_execution', 'hook_record', 'session']) {
    await db.schema.dropTable(table).execute();
  }
}
