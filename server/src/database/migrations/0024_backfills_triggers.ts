import { sql, type Kysely } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  await createBackfills(db);
  await createTriggers(db);
}

async function createBackfills(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table backfill (
      id uuid primary key,
      pipeline text not null references pipeline (name),
      version integer not null,
      spec jsonb not null,
      state text not null check (state in ('running', 'paused', 'cancelled', 'succeeded', 'failed')),
      max_concurrent integer not null,
      created_by text not null,
      created_at timestamptz(3) not null default now(),
      ended_at timestamptz(3)
    )`.execute(db);
  // Serves listBackfills: a pipeline's, newest first.
  await sql`create index backfill_pipeline on backfill (pipeline, created_at desc, id desc)`.execute(db);
  // Serves runningBackfills.
  await sql`create index backfill_running on backfill (id) where state = 'running'`.execute(db);
  await sql`
    create table backfill_item (
      backfill_id uuid not null references backfill on delete cascade,
      ordinal integer not null,
      interval_start timestamptz(3) not null,
      interval_end timestamptz(3) not null,
      state text not null default 'waiting' check (state in ('waiting', 'started', 'refused')),
      run_id uuid,
      tries integer not null default 0,
      error text,
      primary key (backfill_id, ordinal)
    )`.execute(db);
  // Serves nextItem.
  await sql`create index backfill_item_waiting on backfill_item (backfill_id, ordinal) where state = 'waiting'`.execute(db);
}

async function createTriggers(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table pipeline_trigger (
      id uuid primary key,
      pipeline text not null references pipeline (name),
      name text not null,
      spec jsonb not null,
      sealed_secret text,
      -- The home of the daemon on whose machine its files and repositories lie.
      home text not null,
      note text,
      created_by text not null,
      created_at timestamptz(3) not null default now(),
      last_fired_at timestamptz(3),
      unique (pipeline, name)
    )`.execute(db);
  await sql`
    -- What is polled for a trigger: what it looked like last, and when to look again.
    create table trigger_source (
      trigger_id uuid not null references pipeline_trigger on delete cascade,
      place text not null,
      state jsonb,
      revision integer not null default 0,
      next_look_at timestamptz(3) not null default now(),
      error text,
      primary key (trigger_id, place)
    )`.execute(db);
  await sql`
    create table trigger_firing (
      id uuid primary key,
      trigger_id uuid not null references pipeline_trigger on delete cascade,
      at timestamptz(3) not null default now(),
      state text not null check (state in ('waiting', 'started', 'refused')),
      reason text not null,
      payload jsonb not null,
      run_id uuid,
      error text
    )`.execute(db);
  // Serves listFirings and firedSince: a trigger's, newest first.
  await sql`create index trigger_firing_trigger on trigger_firing (trigger_id, at desc, id desc)`.execute(db);
  // Serves waitingFirings.
  await sql`create index trigger_firing_waiting on trigger_firing (at) where state = 'waiting'`.execute(db);
  await sql`
    -- Something a trigger waits for came about: once for each key, however often it is seen.
    create table trigger_signal (
      id bigint generated always as identity primary key,
      trigger_id uuid not null references pipeline_trigger on delete cascade,
      place text not null,
      key text not null,
      at timestamptz(3) not null default now(),
      reason text not null,
      payload jsonb not null,
      firing_id uuid references trigger_firing,
      unique (trigger_id, place, key)
    )`.execute(db);
  // Serves openSignals: what no firing has taken yet.
  await sql`create index trigger_signal_open on trigger_signal (trigger_id, id) where firing_id is null`.execute(db);
  // Serves the removal of a firing's trigger.
  await sql`create index trigger_signal_firing on trigger_signal (firing_id) where firing_id is not null`.execute(db);
  await sql`
    -- One row: news up to here was held against the triggers.
    create table trigger_cursor (
      id integer primary key default 1 check (id = 1),
      event_id bigint not null
    )`.execute(db);
  await sql`insert into trigger_cursor (event_id) select coalesce(max(id), 0) from event`.execute(db);
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`drop table trigger_cursor, trigger_signal, trigger_firing, trigger_source, pipeline_trigger, backfill_item, backfill`.execute(db);
}
