import { sql, type Kysely } from 'kysely';

const TRIGGERS = `'hand', 'schedule', 'proof', 'retry', 'backfill', 'trigger', 'rerun'`;

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    alter table pipeline_run
      drop constraint pipeline_run_trigger_check,
      add constraint pipeline_run_trigger_check check (trigger in (${sql.raw(TRIGGERS)}, 'sweep'))`.execute(db);
  await sql`
    create table sweep (
      id uuid primary key,
      name text not null,
      pipeline text not null references pipeline (name),
      version integer not null,
      spec jsonb not null,
      warm jsonb not null,
      state text not null check (state in ('running', 'paused', 'stopping', 'succeeded', 'failed', 'cancelled')),
      ends_as text check (ends_as in ('succeeded', 'failed', 'cancelled')),
      why text,
      mlflow_run_id text not null,
      -- Optuna's sampler as the last trial asked left it.
      sampler_state text,
      max_trials integer not null,
      max_parallel integer not null,
      time_limit_ms bigint,
      patience integer,
      -- How long it was under way before the last pause, and since when it is again.
      active_ms bigint not null default 0,
      active_since timestamptz(3),
      -- Failures and trials that were no better count from here.
      judged_from timestamptz(3) not null default now(),
      created_by text not null,
      created_at timestamptz(3) not null default now(),
      ended_at timestamptz(3),
      check ((state = 'stopping') = (ends_as is not null))
    )`.execute(db);
  // Serves listSweeps: all, newest first.
  await sql`create index sweep_newest on sweep (created_at desc, id desc)`.execute(db);
  // Serves listSweeps: a pipeline's, newest first.
  await sql`create index sweep_pipeline on sweep (pipeline, created_at desc, id desc)`.execute(db);
  // Serves activeSweeps.
  await sql`create index sweep_active on sweep (created_at) where state in ('running', 'paused', 'stopping')`.execute(db);
  await sql`
    create table sweep_trial (
      sweep_id uuid not null references sweep on delete cascade,
      number integer not null,
      params jsonb not null,
      -- What Optuna notes of the trial for itself.
      attrs jsonb not null,
      state text not null default 'waiting' check (state in ('waiting', 'running', 'succeeded', 'pruned', 'failed', 'cancelled')),
      run_id uuid,
      -- It is to be stopped: others were better by then.
      is_pruned boolean not null default false,
      value double precision,
      error text,
      created_at timestamptz(3) not null default now(),
      ended_at timestamptz(3),
      primary key (sweep_id, number)
    )`.execute(db);
  // Serves trialOfRun and openTrials.
  await sql`create index sweep_trial_run on sweep_trial (run_id) where run_id is not null`.execute(db);
  await sql`create index sweep_trial_open on sweep_trial (sweep_id) where state in ('waiting', 'running')`.execute(db);
  await sql`
    create table sweep_report (
      sweep_id uuid not null,
      number integer not null,
      step bigint not null,
      value double precision not null,
      primary key (sweep_id, number, step),
      foreign key (sweep_id, number) references sweep_trial on delete cascade
    )`.execute(db);
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`drop table sweep_report, sweep_trial, sweep`.execute(db);
  await sql`update pipeline_run set trigger = 'hand' where trigger = 'sweep'`.execute(db);
  await sql`
    alter table pipeline_run
      drop constraint pipeline_run_trigger_check, add constraint pipeline_run_trigger_check check (trigger in (${sql.raw(TRIGGERS)}))`.execute(db);
}
