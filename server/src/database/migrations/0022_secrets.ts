import { sql, type Kysely } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    -- Sealed by the key of the home; the value is never shown.
    create table secret (
      name text primary key,
      sealed text not null,
      updated_by text not null,
      updated_at timestamptz(3) not null default now()
    )`.execute(db);
  await sql`
    create table notification (
      id uuid primary key,
      run_id uuid not null references pipeline_run on delete cascade,
      target jsonb not null,
      event jsonb not null,
      status text not null default 'pending' check (status in ('pending', 'delivered', 'failed')),
      attempts integer not null default 0,
      next_attempt_at timestamptz(3) not null default now(),
      last_error text,
      created_at timestamptz(3) not null default now()
    )`.execute(db);
  // Serves claimDue.
  await sql`create index notification_due on notification (next_attempt_at) where status = 'pending'`.execute(db);
  // Serves notificationsOf: what was told of a run.
  await sql`create index notification_run on notification (run_id)`.execute(db);
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`drop table notification, secret`.execute(db);
}
