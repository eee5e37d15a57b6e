import type { Server } from 'node:http';
import { createApp, type AppDeps } from '../app';
import type { Config } from '../core/config';
import type { Log } from '../core/log';
import { migrateToLatest, openDatabase } from '../database';
import { buildId, lastPort, removeDaemonFile, version, writeDaemonFile } from './daemon-file';
import { homePaths, prepareHome, type HomePaths } from './home';
import { closeServer, listenSocket, listenTcp } from './listen';
import { lockHome } from './lock';
import { startPostgres } from './postgres';

export interface DaemonOptions extends Pick<AppDeps, 'capacity' | 'executor'> {
  config: Config;
  log: Log;
  host: string;
  /** This port or none; absent = the home's last one where it is free. */
  port?: number;
  auth: 'token' | 'none';
  sandbox: 'auto' | 'none';
}

/** How long requests under way may take once the daemon is asked to end. */
const DRAIN_MS = 3_000;

/**
 * Starts a daemon on its home; `stop` ends it in the opposite order. What was
 * started is ended again when a later part fails.
 *
 * @throws {HomeTaken} if a living daemon has the home
 * @throws {PortTaken} if the port asked for is another's
 */
export async function runDaemon(options: DaemonOptions): Promise<{ url: string; stop(): Promise<void> }> {
  const endings: (() => Promise<void> | void)[] = [];
  const stop = async (): Promise<void> => {
    for (const end of endings.reverse().splice(0)) {
      await Promise.resolve(end()).catch((err: unknown) => options.log.error({ err }, 'a part of the daemon did not end well'));
    }
  };
  try {
    const url = await startParts(options, end => endings.push(end));
    return { url, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function startParts(options: DaemonOptions, onEnd: (end: () => Promise<void> | void) => void): Promise<string> {
  const { config, log, capacity, executor } = options;
  const paths = homePaths(config.home, config.runtimeBase);
  prepareHome(paths);
  onEnd(lockHome(paths));
  const databaseUrl = await ownDatabase(options, paths, onEnd);
  const db = openDatabase(databaseUrl, 20, err => log.warn({ err }, 'a database connection broke'));
  onEnd(() => db.destroy());
  await migrateToLatest(db);
  const app = await createApp({ db, databaseUrl, log, paths, config, auth: options.auth, sandbox: options.sandbox, capacity, executor });
  onEnd(() => app.stop());
  const { server, port } = await listenTcp(app.listener, options.host, { explicit: options.port, preferred: lastPort(paths) });
  const servers: Server[] = [server];
  onEnd(async () => void (await Promise.all(servers.map(s => closeServer(s, DRAIN_MS)))));
  servers.push(await listenSocket(app.listener, paths.socket));
  const url = `http://${options.host.includes(':') ? `[${options.host}]` : options.host}:${port}`;
  await app.start(url);
  writeDaemonFile(paths, { pid: process.pid, url, socket: paths.socket, version: version(), build: buildId() });
  onEnd(() => removeDaemonFile(paths));
  app.setReady(); // whoever waited for it finds the file
  return url;
}

async function ownDatabase(options: DaemonOptions, paths: HomePaths, onEnd: (end: () => Promise<void>) => void): Promise<string> {
  if (options.config.databaseUrl !== undefined) {
    return options.config.databaseUrl;
  }
  const postgres = await startPostgres(paths, options.log);
  onEnd(() => postgres.stop());
  return postgres.url;
}
