import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createApp, type AppDeps } from '../src/app';
import { readConfig } from '../src/core/config';
import { createLog } from '../src/core/log';
import { homePaths, prepareHome } from '../src/daemon/home';
import { HOME_PREFIX } from './leftovers';
import { createTestDatabase } from './test-database';

/** The whole product on a port, a home and a database of its own: real PostgreSQL, real kernels. */
export interface RunningApp {
  url: string;
  home: string;
  database: Awaited<ReturnType<typeof createTestDatabase>>;
  /** Calls /api/v1 and gives status and body. */
  call(method: string, path: string, body?: unknown): Promise<{ status: number; body: any }>; // eslint-disable-line @typescript-eslint/no-explicit-any -- each test knows its reply
  stop(): Promise<void>;
}

export async function startApp(options: Partial<Pick<AppDeps, 'servingLimits' | 'auth' | 'blobGraceMs' | 'housekeepingMs' | 'capacity' | 'executor' | 'log'>> & { database?: RunningApp['database']; home?: string } = {}): Promise<RunningApp> {
  const { database = await createTestDatabase(), home = newHome(), ...more } = options;
  const config = readConfig({ ...process.env, SLIPWAY_HOME: home });
  const paths = homePaths(home, config.runtimeBase);
  prepareHome(paths);
  const app = await createApp({ db: database.db, databaseUrl: database.url, log: createLog('error'), paths, config, auth: 'none', sandbox: 'auto', ...more });
  const server = createServer(app.listener);
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  await app.start(url);
  return {
    url,
    home,
    database,
    async call(method, path, body) {
      const response = await fetch(`${url}/api/v1${path}`, {
        method,
        ...(body !== undefined && { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) })
      });
      return { status: response.status, body: await response.json() };
    },
    async stop() {
      server.closeAllConnections();
      server.close();
      await app.stop();
      await database.drop();
      rmSync(home, { recursive: true, force: true });
      rmSync(paths.runtimeDir, { recursive: true, force: true });
    }
  };
}

export const newHome = (): string => mkdtempSync(join(tmpdir(), `${HOME_PREFIX}${process.pid}-`));

/** Looks until `look` gives something. @throws when it does not in time */
export async function until<T>(look: () => Promise<T | undefined | false> | T | undefined | false, ms = 60_000): Promise<T> {
  for (const end = Date.now() + ms; Date.now() < end; await sleep(20)) {
    const found = await look();
    if (found !== undefined && found !== false) {
      return found;
    }
  }
  throw new Error('It did not come about in time.');
}
