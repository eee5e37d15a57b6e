import { sql, type Kysely } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  // The bytes behind a dataset, whatever path they lie under.
  await sql`
    alter table lineage_edge
      add column from_digest text generated always as (substring(from_uri from '^dataset:.*@((?:sha256|mlflow):[^@]+)$')) stored,
      add column to_digest text generated always as (substring(to_uri from '^dataset:.*@((?:sha256|mlflow):[^@]+)$')) stored`.execute(db);
  // Serve neighbours of the same bytes, down and up.
  await sql`create index lineage_edge_from_digest on lineage_edge (from_digest) where from_digest is not null`.execute(db);
  await sql`create index lineage_edge_to_digest on lineage_edge (to_digest) where to_digest is not null`.execute(db);
  // Serves the pipeline runs in a lineage graph.
  await sql`create index pipeline_run_mlflow_run_id on pipeline_run (mlflow_run_id) where mlflow_run_id is not null`.execute(db);
  // Serves the names of cells in a lineage graph.
  await sql`create index cell_execution_cell_id on cell_execution (cell_id)`.execute(db);
  await sql`
    create table run_inputs (
      run_id text primary key references run on delete cascade,
      -- SHA-256 over the code, its param literals left out; null where the code is not known.
      code_key text,
      params_key text not null,
      -- SHA-256 over the digests of what was read; null where some of it is not known.
      data_key text,
      data text[] not null default '{}'
    )`.execute(db);
  // Serve earlierRuns: by the code, by the data where the code is not known.
  await sql`create index run_inputs_code on run_inputs (code_key, params_key, data_key) where code_key is not null`.execute(db);
  await sql`create index run_inputs_data on run_inputs (data_key, params_key) where data_key is not null`.execute(db);
  await sql`
    create table openlineage_event (
      seq bigint generated always as identity primary key,
      -- A pipeline run's id, or a trial's run.
      subject text not null,
      job text not null check (job in ('pipeline', 'step', 'trial')),
      -- Only of a step.
      step text,
      -- Counts the starts of a pipeline run or step; null of a trial.
      attempt integer,
      type text not null check (type in ('START', 'COMPLETE', 'FAIL', 'ABORT', 'OTHER')),
      at timestamptz(3) not null default now(),
      -- Written once, so that each attempt sends the same; null until first asked for.
      body text,
      -- kept: there was no consumer to send it to.
      status text not null check (status in ('kept', 'pending', 'delivered', 'failed')),
      attempts integer not null default 0,
      last_status integer,
      last_error text,
      -- While an attempt is under way this is when its lease ends.
      next_attempt_at timestamptz(3) not null default now(),
      ended_at timestamptz(3)
    )`.execute(db);
  // Of two that see a run start at once, one says so.
  await sql`create unique index openlineage_event_once on openlineage_event (subject, job, coalesce(step, ''), attempt, type) where attempt is not null`.execute(db);
  // Serves claimHead: the oldest that is not sent.
  await sql`create index openlineage_event_pending on openlineage_event (seq) where status = 'pending'`.execute(db);
  // Serves the events of one run.
  await sql`create index openlineage_event_subject on openlineage_event (subject, seq)`.execute(db);
  // Serves trimEvents.
  await sql`create index openlineage_event_at on openlineage_event (at)`.execute(db);
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`drop table openlineage_event, run_inputs`.execute(db);
  await sql`drop index cell_execution_cell_id, pipeline_run_mlflow_run_id`.execute(db);
  await sql`alter table lineage_edge drop column from_digest, drop column to_digest`.execute(db);
}
