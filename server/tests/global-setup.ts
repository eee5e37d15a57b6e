import { migrateToLatest, openDatabase } from '../src/database';
import { removeLeftHomes } from './leftovers';
import { asAdmin, databaseUrl, templateName } from './test-database';
import { startTestPostgres } from './test-postgres';

/** Clears what killed runs left. Starts PostgreSQL unless one is given, and migrates one template database; each test file clones it in ~50 ms. */
export default async function globalSetup(): Promise<void> {
  await removeLeftHomes();
  if (process.env.SLIPWAY_TEST_DATABASE_URL === undefined) {
    const postgres = await startTestPostgres();
    process.env.SLIPWAY_TEST_DATABASE_URL = postgres.url;
    globalThis.stopTestPostgres = () => postgres.stop();
  }
  process.env.SLIPWAY_TEST_TEMPLATE = `slipway_test_template_${process.pid}`;
  await asAdmin(`create database ${templateName()}`);
  const db = openDatabase(databaseUrl(templateName()), 1);
  await migrateToLatest(db);
  await db.destroy();
}

declare global {
  /** How global-teardown ends what global-setup started: jest gives them no other way to meet. */
  var stopTestPostgres: (() => Promise<void>) | undefined;
}
