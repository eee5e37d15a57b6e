import { sql, type Kysely } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  await changeRuns(db);
  await createMaps(db);
  await createWaits(db);
}

async function changeRuns(db: Kysely<unknown>): Promise<void> {
  await sql`
    alter table pipeline_run
      -- Waits until fewer runs of its pipeline are under way; nothing of it has begun.
      add column is_held boolean not null default false,
      add column priority integer not null default 0,
      add column is_late boolean not null default false,
      -- Set once the run's time is up: what it ends as is a failure, then.
      add column timed_out boolean not null default false`.execute(db);
  // Serves admit: held runs of a pipeline, and how many of it are under way.
  await sql`create index pipeline_run_under_way on pipeline_run (pipeline, is_held, priority desc, created_at) where status in ('queued', 'running', 'cancelling')`.execute(db);
  await sql`
    alter table step_run
      drop constraint step_run_status_check,
      add constraint step_run_status_check check (status in ('waiting', 'awaiting', 'queued', 'running', 'succeeded', 'failed', 'cancelled', 'skipped')),
      add column kind text not null default 'cells' check (kind in ('cells', 'map', 'human')),
      add column skip_code text,
      add column skipped_because text,
      -- Of a map whose list is known.
      add column map_total integer,
      add column map_succeeded integer not null default 0,
      add column map_failed integer not null default 0`.execute(db);
  await sql`alter table job add column retry jsonb`.execute(db);
}

async function createMaps(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table map_item (
      run_id uuid not null,
      ordinal integer not null,
      index integer not null,
      status text not null default 'waiting' check (status in ('waiting', 'queued', 'running', 'succeeded', 'failed', 'cancelled')),
      item jsonb not null,
      cached boolean not null default false,
      may_use_cache boolean not null default true,
      attempts integer not null default 0,
      job_id uuid,
      base_key text,
      step_key text,
      result jsonb,
      log_key text,
      log_attempt integer,
      notebook_digest text,
      error jsonb,
      started_at timestamptz(3),
      ended_at timestamptz(3),
      primary key (run_id, ordinal, index),
      foreign key (run_id, ordinal) references step_run (run_id, ordinal) on delete cascade
    )`.execute(db);
  // Serves itemsStarted and the end of an item's job: the scheduler knows items by their job.
  await sql`create index map_item_job_id on map_item (job_id) where job_id is not null`.execute(db);
  // Serves nextItems and activeItems: what of a map is still to do.
  await sql`create index map_item_open on map_item (run_id, ordinal, status, index) where status in ('waiting', 'queued', 'running')`.execute(db);
}

async function createWaits(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table approval (
      run_id uuid not null,
      ordinal integer not null,
      status text not null default 'open' check (status in ('open', 'approved', 'rejected', 'expired', 'cancelled')),
      instructions text not null,
      approvers text[] not null,
      requested_at timestamptz(3) not null default now(),
      expires_at timestamptz(3),
      decided_by text,
      decided_at timestamptz(3),
      comment text,
      primary key (run_id, ordinal),
      foreign key (run_id, ordinal) references step_run (run_id, ordinal) on delete cascade
    )`.execute(db);
  // Serves openApprovals: what waits for somebody.
  await sql`create index approval_open on approval (requested_at) where status = 'open'`.execute(db);
  await sql`
    -- What is to happen to a run at a time; gone once it has.
    create table run_timer (
      run_id uuid not null references pipeline_run on delete cascade,
      kind text not null check (kind in ('timeout', 'deadline', 'approval')),
      ordinal integer not null default 0,
      due_at timestamptz(3) not null,
      primary key (run_id, kind, ordinal)
    )`.execute(db);
  // Serves dueTimers.
  await sql`create index run_timer_due on run_timer (due_at)`.execute(db);
  await sql`
    create table pool (
      name text primary key,
      slots integer not null check (slots >= 0),
      description text not null,
      updated_by text not null,
      updated_at timestamptz(3) not null default now()
    )`.execute(db);
  await sql`
    -- A job that counts against a pool; it is given out only once it is seated.
    create table pool_seat (
      job_id uuid primary key references job on delete cascade,
      pool text not null,
      is_seated boolean not null default false
    )`.execute(db);
  // Serves seatNext: who waits for, and who holds, a pool's slots.
  await sql`create index pool_seat_pool on pool_seat (pool, is_seated)`.execute(db);
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`drop table pool_seat, pool, run_timer, approval, map_item`.execute(db);
  await sql`alter table job drop column retry`.execute(db);
  await sql`
    alter table step_run
      drop constraint step_run_status_check,
      add constraint step_run_status_check check (status in ('waiting', 'queued', 'running', 'succeeded', 'failed', 'cancelled', 'skipped')),
      drop column kind, drop column skip_code, drop column skipped_because, drop column map_total, drop column map_succeeded, drop column map_failed`.execute(db);
  await sql`drop index pipeline_run_under_way`.execute(db);
  await sql`alter table pipeline_run drop column is_held, drop column priority, drop column is_late, drop column timed_out`.execute(db);
}
