import { sql, type Kysely } from 'kysely';

// Times are MLflow's: milliseconds since 1970 as int8, whatever a client sends (0 included).
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table experiment (
      id bigint generated always as identity (start with 1) primary key,
      name text not null unique,
      artifact_location text not null,
      lifecycle_stage text not null default 'active' check (lifecycle_stage in ('active', 'deleted')),
      creation_time bigint not null,
      last_update_time bigint not null
    );
    create table experiment_tag (
      experiment_id bigint not null references experiment on delete cascade,
      key text not null, value text not null,
      primary key (experiment_id, key)
    );
    create table run (
      id text primary key check (id ~ '^[0-9a-f]{32}$'),
      experiment_id bigint not null references experiment on delete cascade,
      name text not null,
      user_id text not null,
      status text not null check (status in ('RUNNING', 'SCHEDULED', 'FINISHED', 'FAILED', 'KILLED')),
      lifecycle_stage text not null default 'active' check (lifecycle_stage in ('active', 'deleted')),
      start_time bigint not null,
      end_time bigint,
      artifact_uri text not null,
      source_type text not null default 'UNKNOWN',
      deleted_time bigint
    );
    create table run_param (
      run_id text not null references run on delete cascade,
      key text not null, value text not null,
      primary key (run_id, key)
    );
    create table run_tag (
      run_id text not null references run on delete cascade,
      key text not null, value text not null,
      primary key (run_id, key)
    );
    create table metric (
      run_id text not null references run on delete cascade,
      key text not null,
      step bigint not null,
      timestamp bigint not null,
      value double precision not null,
      model_id text, dataset_name text, dataset_digest text,
      -- An identical point is stored once; also serves metric history, in its order.
      primary key (run_id, key, timestamp, step, value)
    );
    create table latest_metric (
      run_id text not null references run on delete cascade,
      key text not null,
      step bigint not null, timestamp bigint not null, value double precision not null,
      primary key (run_id, key)
    );
    create table dataset (
      id bigint generated always as identity primary key,
      experiment_id bigint not null references experiment on delete cascade,
      name text not null, digest text not null, source_type text not null, source text not null,
      schema text, profile text,
      unique (experiment_id, name, digest)
    );
    create table run_dataset (
      run_id text not null references run on delete cascade,
      dataset_id bigint not null references dataset on delete cascade,
      tags jsonb not null default '[]',
      primary key (run_id, dataset_id)
    );
    create table logged_model (
      id text primary key,
      experiment_id bigint not null references experiment on delete cascade,
      name text not null, model_type text, source_run_id text,
      artifact_location text not null,
      status text not null,
      lifecycle_stage text not null default 'active',
      params jsonb not null default '{}', tags jsonb not null default '{}',
      creation_time bigint not null, last_update_time bigint not null
    );
    create table run_model (
      run_id text not null references run on delete cascade,
      model_id text not null,
      role text not null check (role in ('input', 'output')),
      step bigint not null default 0,
      primary key (run_id, model_id, role)
    )`.execute(db);
  for (const index of [
    // Serves searchRuns of an experiment in its default order, newest first, ties by id.
    'run_experiment_start on run (experiment_id, start_time desc, id)',
    // Serve filters of searchRuns by param, tag and latest metric.
    'run_param_key_value on run_param (key, left(value, 100), run_id)',
    'run_tag_key_value on run_tag (key, left(value, 100), run_id)',
    'latest_metric_key_value on latest_metric (key, value, run_id)',
    // Serves the metrics of a logged model.
    'metric_model on metric (model_id) where model_id is not null',
    'logged_model_experiment on logged_model (experiment_id, creation_time desc)',
    'run_model_model on run_model (model_id)'
  ]) {
    await sql.raw(`create index ${index}`).execute(db);
  }
  // MLflow's own first experiment has the id 0.
  await sql`insert into experiment (id, name, artifact_location, creation_time, last_update_time)
    overriding system value values (0, 'Default', 'mlflow-artifacts:/0', extract(epoch from now()) * 1000, extract(epoch from now()) * 1000)`.execute(db);
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`drop table run_model, logged_model, run_dataset, dataset, latest_metric, metric, run_tag, run_param, run, experiment_tag, experiment`.execute(db);
}
