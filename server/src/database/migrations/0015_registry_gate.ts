import { sql, type Kysely } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    alter table gate_evaluation
      drop constraint gate_evaluation_verdict_check,
      drop constraint gate_evaluation_trigger_check,
      add constraint gate_evaluation_verdict_check check (verdict in ('passed', 'failed', 'pending')),
      add constraint gate_evaluation_trigger_check check (trigger in ('registered', 'asked', 'alias', 'promotion', 'stage', 'measured'));
    create table version_latency (
      id uuid primary key default gen_random_uuid(),
      seq bigint generated always as identity unique,
      model_name text not null, version integer not null,
      requests integer not null check (requests > 0),
      status text not null default 'pending' check (status in ('pending', 'measured', 'failed')),
      -- LatencyEvidence of the contract; null unless measured.
      evidence jsonb,
      failure text,
      asked_by text not null,
      asked_at timestamptz(3) not null default now(),
      -- While a daemon measures, this is when its lease ends.
      leased_until timestamptz(3),
      check ((status = 'measured') = (evidence is not null)),
      check ((status = 'failed') = (failure is not null)),
      foreign key (model_name, version) references model_version on update cascade on delete cascade
    );
    create table version_change (
      id bigint generated always as identity primary key,
      model_name text not null, version integer not null,
      kind text not null check (kind in ('registered', 'stage', 'alias_set', 'alias_removed', 'tag_set', 'tag_removed', 'described', 'card_edited')),
      name text, before text, after text,
      changed_by text not null,
      changed_at timestamptz(3) not null default now(),
      foreign key (model_name, version) references model_version on update cascade on delete cascade
    );
    create table model_card (
      model_name text not null, version integer not null,
      sections jsonb not null,
      labels jsonb not null,
      revision integer not null check (revision > 0),
      updated_by text not null,
      updated_at timestamptz(3) not null default now(),
      primary key (model_name, version),
      foreign key (model_name, version) references model_version on update cascade on delete cascade
    )`.execute(db);
  // One measurement at a time of a version; serves claimLatency too.
  await sql`create unique index version_latency_pending on version_latency (model_name, version) where status = 'pending'`.execute(db);
  // Serves latestLatency.
  await sql`create index version_latency_version on version_latency (model_name, version, seq desc)`.execute(db);
  // Serves changesOf, newest first.
  await sql`create index version_change_version on version_change (model_name, version, id desc)`.execute(db);
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`
    drop table model_card, version_change, version_latency;
    delete from gate_evaluation where verdict = 'pending' or trigger in ('stage', 'measured');
    alter table gate_evaluation
      drop constraint gate_evaluation_verdict_check,
      drop constraint gate_evaluation_trigger_check,
      add constraint gate_evaluation_verdict_check check (verdict in ('passed', 'failed')),
      add constraint gate_evaluation_trigger_check check (trigger in ('registered', 'asked', 'alias', 'promotion'))`.execute(db);
}
