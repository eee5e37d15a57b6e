import { sql, type Kysely } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table webhook (
      id uuid primary key,
      name text not null,
      url text not null,
      events text[] not null check (cardinality(events) > 0),
      description text not null default '',
      -- AES-256-GCM under the key file of the home; null without a secret.
      sealed_secret text,
      status text not null check (status in ('active', 'disabled')),
      created_at timestamptz(3) not null default now(),
      updated_at timestamptz(3) not null default now()
    );
    create table webhook_delivery (
      id uuid primary key default gen_random_uuid(),
      seq bigint generated always as identity unique,
      webhook_id uuid not null references webhook on delete cascade,
      event text not null,
      body text not null,
      status text not null default 'pending' check (status in ('pending', 'delivered', 'failed')),
      attempts integer not null default 0,
      last_status integer,
      last_error text,
      -- While an attempt is under way this is when its lease ends.
      next_attempt_at timestamptz(3) not null default now(),
      created_at timestamptz(3) not null default now(),
      ended_at timestamptz(3)
    )`.execute(db);
  // Serves claimDue: what is due, webhook by webhook.
  await sql`create index webhook_delivery_due on webhook_delivery (webhook_id, next_attempt_at) where status = 'pending'`.execute(db);
  // Serves deliveriesOf, newest first.
  await sql`create index webhook_delivery_log on webhook_delivery (webhook_id, seq desc)`.execute(db);
  // Serves trimDeliveries.
  await sql`create index webhook_delivery_ended on webhook_delivery (ended_at) where ended_at is not null`.execute(db);
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`drop table webhook_delivery, webhook`.execute(db);
}
