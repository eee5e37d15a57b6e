import { sql, type Kysely } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    alter table job
      -- Whose quota and share it counts against.
      add column project text not null default 'default',
      add column is_preemptible boolean not null default false,
      -- All it asks for; null for jobs of before, whose cpus, memory_bytes and gpus say it.
      add column resources jsonb,
      -- How long it is expected to run.
      add column estimate_ms bigint not null default 3600000,
      -- Its place in its project's line; smaller starts earlier.
      add column rank double precision not null default 0,
      -- The same for jobs between which placement makes no difference; null for an engine's.
      add column line text default '',
      add column array_id text,
      add column array_parallel integer,
      -- While it runs: what it holds, and its part of the cluster.
      add column allocation jsonb,
      add column cost double precision not null default 0,
      -- Told to make room, and for which job.
      add column stop_requested_at timestamptz(3),
      add column preempted_for text,
      add column preemptions integer not null default 0`.execute(db);
  // Serves headsOfLines: the first jobs of each line, line by line.
  await sql`create index job_line on job (line, rank, id) where state = 'queued' and line is not null`.execute(db);
  // Serves cancelledInQueue.
  await sql`create index job_cancelled on job (id) where state = 'queued' and cancel_requested_at is not null`.execute(db);
  await sql`
    create table node (
      id text primary key,
      name text not null,
      cpus real not null,
      memory_bytes bigint not null,
      scratch_bytes bigint not null,
      devices jsonb not null,
      is_spot boolean not null default false,
      drained_at timestamptz(3),
      seen_at timestamptz(3) not null default now()
    )`.execute(db);
  await sql`create table licence (name text primary key, total integer not null check (total >= 0))`.execute(db);
  await sql`
    create table project_quota (
      project text primary key,
      guaranteed jsonb not null,
      most jsonb,
      weight double precision not null check (weight > 0)
    )`.execute(db);
  // Shares of the cluster times milliseconds, fading; as of then.
  await sql`create table project_usage (project text primary key, value double precision not null, at timestamptz(3) not null)`.execute(db);
  await sql`
    create table reservation (
      id uuid primary key,
      project text not null,
      node_ids text[] not null,
      device_ids text[] not null,
      begins_at timestamptz(3) not null,
      ends_at timestamptz(3) not null,
      created_by text not null,
      check (ends_at > begins_at)
    )`.execute(db);
  // What the last successful runs of a step took, the newest first.
  await sql`
    create table job_history (
      label text primary key,
      durations_ms bigint[] not null,
      peaks_bytes bigint[] not null,
      asked_bytes bigint not null,
      updated_at timestamptz(3) not null default now()
    )`.execute(db);
  await sql`
    create table scheduling_change (
      id bigserial primary key,
      person text not null,
      action text not null,
      subject text not null,
      detail jsonb not null,
      at timestamptz(3) not null default now()
    )`.execute(db);
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`drop table scheduling_change, job_history, reservation, project_usage, project_quota, licence, node`.execute(db);
  await sql`drop index job_line, job_cancelled`.execute(db);
  await sql`
    alter table job drop column project, drop column is_preemptible, drop column resources, drop column estimate_ms, drop column rank, drop column line,
      drop column array_id, drop column array_parallel, drop column allocation, drop column cost, drop column stop_requested_at, drop column preempted_for, drop column preemptions`.execute(db);
}
