import { randomBytes } from 'node:crypto';
import { Client } from 'pg';
import { openDatabase, type Db } from '../src/database';

/** Its own for each run of jest: several may go side by side on one machine. */
export const templateName = (): string => process.env.SLIPWAY_TEST_TEMPLATE ?? 'slipway_test_template';
/** Set by global-setup; or by hand, to test against a PostgreSQL of your own. */
export function adminUrl(): string {
  const url = process.env.SLIPWAY_TEST_DATABASE_URL;
  if (url === undefined) {
    throw new Error('SLIPWAY_TEST_DATABASE_URL is not set: tests run through jest, whose global set-up sets it.');
  }
  return url;
}

export function databaseUrl(name: string): string {
  const url = new URL(adminUrl());
  url.pathname = name;
  return url.href;
}

/** A fresh, migrated, empty database for this test file; `drop` removes it. */
export async function createTestDatabase(): Promise<{ db: Db; url: string; drop: () => Promise<void> }> {
  const name = `slipway_test_${randomBytes(6).toString('hex')}`;
  await asAdmin(`create database ${name} template ${templateName()}`);
  const url = databaseUrl(name);
  const db = openDatabase(url, 4);
  return {
    db,
    url,
    drop: async () => {
      await db.destroy();
      await asAdmin(`drop database ${name} with (force)`);
    }
  };
}

export async function asAdmin(sql: string): Promise<void> {
  const client = new Client({ connectionString: adminUrl() });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}
