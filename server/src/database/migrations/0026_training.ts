import { sql, type Kysely } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    -- A rule that held for an attempt of a step, and what it held on.
    create table training_finding (
      id uuid primary key,
      run_id uuid not null references pipeline_run on delete cascade,
      step text not null,
      item integer,
      attempt integer not null,
      rule jsonb not null,
      metric text not null,
      message text not null,
      evidence jsonb not null,
      found_at timestamptz(3) not null default now()
    )`.execute(db);
  // Serves findingsOf: those of a run, in their order.
  await sql`create index training_finding_run on training_finding (run_id, found_at)`.execute(db);
  // Who asked for it; null for jobs of before.
  await sql`alter table job add column created_by text`.execute(db);
  // Serves listJobs for one person.
  await sql`create index job_created_by on job (created_by, created_at desc, id desc)`.execute(db);
  // The most memory used of one GPU, and the 95th percentile of their use, where it held GPUs for itself.
  await sql`alter table step_run add column peak_gpu_memory_bytes bigint, add column gpu_percent real`.execute(db);
  await sql`
    alter table job_history
      add column gpu_peaks_bytes bigint[] not null default '{}',
      add column gpu_percents real[] not null default '{}',
      -- The memory of the smallest GPU it held, and how many it asked for; null and 0 where it held none.
      add column gpu_memory_bytes bigint,
      add column asked_gpus real not null default 0,
      -- The cell that needed most memory in the last run.
      add column peak_cell text`.execute(db);
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`alter table job_history drop column gpu_peaks_bytes, drop column gpu_percents, drop column gpu_memory_bytes, drop column asked_gpus, drop column peak_cell`.execute(db);
  await sql`alter table step_run drop column peak_gpu_memory_bytes, drop column gpu_percent`.execute(db);
  await sql`drop index job_created_by`.execute(db);
  await sql`alter table job drop column created_by`.execute(db);
  await sql`drop table training_finding`.execute(db);
}
