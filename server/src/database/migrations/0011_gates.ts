import { sql, type Kysely } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table model_gates (
      model_name text primary key references registered_model on update cascade on delete cascade,
      rules jsonb not null,
      updated_by text not null,
      updated_at timestamptz(3) not null default now()
    );
    create table gate_evaluation (
      id uuid primary key default gen_random_uuid(),
      seq bigint generated always as identity unique,
      model_name text not null, version integer not null,
      verdict text not null check (verdict in ('passed', 'failed')),
      trigger text not null check (trigger in ('registered', 'asked', 'alias', 'promotion')),
      results jsonb not null,
      evaluated_by text not null,
      evaluated_at timestamptz(3) not null default now(),
      -- Who let the version through all the same, and why.
      overridden_by text, override_comment text,
      check ((overridden_by is null) = (override_comment is null)),
      foreign key (model_name, version) references model_version on update cascade on delete cascade
    )`.execute(db);
  // Serves evaluationsOf and latestEvaluations.
  await sql`create index gate_evaluation_version on gate_evaluation (model_name, version, seq desc)`.execute(db);
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`drop table gate_evaluation, model_gates`.execute(db);
}
