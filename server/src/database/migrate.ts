import { Migrator, type Kysely } from 'kysely';
import { migrations } from './migrations';

/** Brings the schema up to date; safe to call from several servers at once. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- the Migrator's own type
export async function migrateToLatest(db: Kysely<any>): Promise<void> {
  const migrator = new Migrator({ db, provider: { getMigrations: async () => migrations } });
  const { error } = await migrator.migrateToLatest();
  if (error) {
    // migrateToLatest never throws; it returns what was thrown.
    throw error instanceof Error ? error : new Error('The migration failed.', { cause: error });
  }
}
