import { sql, type Kysely } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    -- What the owner of the cluster changed of the policy's settings; without its one row they are the defaults.
    create table policy_settings (
      is_only boolean primary key default true check (is_only),
      half_life_ms bigint not null check (half_life_ms > 0),
      min_run_ms bigint not null check (min_run_ms >= 0),
      grace_ms bigint not null check (grace_ms >= 0)
    )`.execute(db);
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`drop table policy_settings`.execute(db);
}
