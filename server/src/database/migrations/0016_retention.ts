import { sql, type Kysely } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table retention_rule (
      experiment_id bigint primary key references experiment on delete cascade,
      rule jsonb not null,
      updated_by text not null,
      updated_at timestamptz(3) not null default now()
    )`.execute(db);
  await sql`
    -- One row: when rules were last held against runs and blobs last cleared; who writes it does the work.
    create table upkeep (
      id integer primary key default 1 check (id = 1),
      swept_at timestamptz(3) not null default now(),
      cleared_at timestamptz(3) not null default now()
    )`.execute(db);
  await sql`insert into upkeep default values`.execute(db);
  // Serves namedAmong: whether anything names a blob.
  await sql`create index artifact_file_digest on artifact_file (digest)`.execute(db);
  // Serves purgeable: what was deleted before a moment.
  await sql`create index run_deleted on run (deleted_time) where lifecycle_stage = 'deleted'`.execute(db);
  // Serves a purge of runs: the models they logged.
  await sql`create index logged_model_source_run on logged_model (source_run_id) where source_run_id is not null`.execute(db);
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`drop index logged_model_source_run; drop index run_deleted; drop index artifact_file_digest`.execute(db);
  await sql`drop table upkeep, retention_rule`.execute(db);
}
