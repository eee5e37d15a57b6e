import { sql, type Kysely } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table promotion (
      id uuid primary key default gen_random_uuid(),
      seq bigint generated always as identity unique,
      model_name text not null, version integer not null,
      alias text not null,
      status text not null default 'open' check (status in ('open', 'approved', 'rejected', 'withdrawn', 'expired')),
      instructions text not null,
      requested_by text not null,
      requested_at timestamptz(3) not null default now(),
      expires_at timestamptz(3) not null,
      decided_by text, decided_at timestamptz(3), comment text,
      evaluation_id uuid references gate_evaluation on delete set null,
      check ((status = 'open') = (decided_at is null)),
      foreign key (model_name, version) references model_version on update cascade on delete cascade
    )`.execute(db);
  // One wish at a time for a version and an alias.
  await sql`create unique index promotion_open on promotion (model_name, version, alias) where status = 'open'`.execute(db);
  // Serves expireDue.
  await sql`create index promotion_expires on promotion (expires_at) where status = 'open'`.execute(db);
  // Serves promotionsOf, newest first.
  await sql`create index promotion_model on promotion (model_name, seq desc)`.execute(db);
  // Serves the deletion of a version's evidence.
  await sql`create index promotion_evaluation on promotion (evaluation_id)`.execute(db);
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`drop table promotion`.execute(db);
}
