import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { silentLog } from '../src/core/log';
import { homePaths, prepareHome } from '../src/daemon/home';
import { startPostgres } from '../src/daemon/postgres';
import { isAlive } from './leftovers';

const PREFIX = 'slipway-test-postgres-';
/** The tests' data may die with the machine: a good deal faster. */
const SETTINGS = ['fsync=off', 'synchronous_commit=off', 'full_page_writes=off', 'max_connections=200'];

/** A PostgreSQL of this test run's own: real, embedded, gone afterwards. */
export async function startTestPostgres(): Promise<{ url: string; stop(): Promise<void> }> {
  await removeLeftovers();
  return startIn(mkdtempSync(join(tmpdir(), `${PREFIX}${process.pid}-`)));
}

async function startIn(folder: string): Promise<{ url: string; stop(): Promise<void> }> {
  const paths = homePaths(folder);
  prepareHome(paths);
  const postgres = await startPostgres(paths, silentLog, SETTINGS);
  return {
    url: postgres.url,
    async stop() {
      await postgres.stop();
      rmSync(folder, { recursive: true, force: true });
      rmSync(paths.runtimeDir, { recursive: true, force: true });
    }
  };
}

/** What a test run that was killed left running: attached to, and stopped in order. */
async function removeLeftovers(): Promise<void> {
  for (const name of readdirSync(tmpdir()).filter(n => n.startsWith(PREFIX))) {
    if (!isAlive(Number(name.slice(PREFIX.length).split('-')[0]))) {
      const leftover = await startIn(join(tmpdir(), name)).catch(() => null);
      await leftover?.stop();
      rmSync(join(tmpdir(), name), { recursive: true, force: true, maxRetries: 10 }); // another test run may be clearing it too
    }
  }
}
