import { sql, type Kysely } from 'kysely';

const TRIGGERS = `'hand', 'schedule', 'proof', 'retry'`;

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`alter table schedule drop constraint schedule_pkey, drop constraint schedule_id_key`.execute(db);
  await sql`
    alter table schedule
      add primary key (id),
      add column name text not null default 'default',
      add column spec jsonb,
      add column created_at timestamptz(3) not null default now(),
      add unique (pipeline, name)`.execute(db);
  await sql`
    update schedule set spec = jsonb_build_object(
      'name', 'default', 'cron', cron, 'timeZone', time_zone, 'catchUp', 'latest', 'maxCatchUp', 100, 'maxConcurrent', 1,
      'overlap', 'skip', 'params', '{}'::jsonb, 'bindings', '[]'::jsonb, 'isPaused', is_paused)`.execute(db);
  await sql`alter table schedule alter column spec set not null, alter column name drop default, drop column cron, drop column time_zone, drop column is_paused`.execute(db);
  await sql`
    alter table schedule_fire
      add column state text not null default 'started' check (state in ('waiting', 'started', 'skipped')),
      add column is_catch_up boolean not null default false,
      add column interval_start timestamptz(3),
      add column note text`.execute(db);
  await sql`update schedule_fire set state = 'skipped' where run_id is null`.execute(db);
  // Serves waitingSchedules and oldestWaiting.
  await sql`create index schedule_fire_waiting on schedule_fire (schedule_id, fire_at) where state = 'waiting'`.execute(db);
  await sql`
    alter table pipeline_run
      add column origin jsonb not null default '{}',
      add column data_interval_start timestamptz(3),
      add column data_interval_end timestamptz(3),
      drop constraint pipeline_run_trigger_check,
      add constraint pipeline_run_trigger_check check (trigger in (${sql.raw(TRIGGERS)}, 'backfill', 'trigger', 'rerun'))`.execute(db);
  await sql`
    -- When somebody last looked at a pipeline's runs: failures after that are unread.
    create table pipeline_seen (
      user_id text not null,
      pipeline text not null references pipeline (name),
      seen_at timestamptz(3) not null default now(),
      primary key (user_id, pipeline)
    )`.execute(db);
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`drop table pipeline_seen`.execute(db);
  await sql`update pipeline_run set trigger = 'hand' where trigger not in (${sql.raw(TRIGGERS)})`.execute(db);
  await sql`
    alter table pipeline_run drop column origin, drop column data_interval_start, drop column data_interval_end,
      drop constraint pipeline_run_trigger_check, add constraint pipeline_run_trigger_check check (trigger in (${sql.raw(TRIGGERS)}))`.execute(db);
  await sql`drop index schedule_fire_waiting`.execute(db);
  await sql`alter table schedule_fire drop column state, drop column is_catch_up, drop column interval_start, drop column note`.execute(db);
  // A pipeline had one schedule, by a cron: the others are gone with the release that knew them.
  await sql`delete from schedule where name <> 'default' or spec ->> 'cron' is null`.execute(db);
  await sql`alter table schedule drop constraint schedule_pkey, drop constraint schedule_pipeline_name_key, add column cron text, add column time_zone text, add column is_paused boolean`.execute(db);
  await sql`update schedule set cron = spec ->> 'cron', time_zone = spec ->> 'timeZone', is_paused = (spec ->> 'isPaused')::boolean`.execute(db);
  await sql`
    alter table schedule alter column cron set not null, alter column time_zone set not null, alter column is_paused set not null,
      drop column spec, drop column name, drop column created_at, add primary key (pipeline), add unique (id)`.execute(db);
}
