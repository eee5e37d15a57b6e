import { sql, type Kysely } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  // The version that had the alias until the promotion was approved; null where none had it, or none was approved.
  await sql`alter table promotion add column replaced_version integer`.execute(db);
  // Serves lastAliasMove.
  await sql`create index version_change_alias on version_change (model_name, name, id desc) where kind in ('alias_set', 'alias_removed')`.execute(db);
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`drop index version_change_alias`.execute(db);
  await sql`alter table promotion drop column replaced_version`.execute(db);
}
