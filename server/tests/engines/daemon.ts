import { spawn, type ChildProcess } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { HOME_PREFIX } from '../leftovers';
import { createTestDatabase } from '../test-database';

const ROOT = join(__dirname, '../../..');

/** `slipway serve` as its owner starts it, with one engine named `cluster`, on a database of the test's. */
export interface EngineDaemon {
  shared: string;
  call(method: string, path: string, body?: unknown): Promise<any>; // eslint-disable-line @typescript-eslint/no-explicit-any -- each test knows its reply
  start(): Promise<void>;
  /** Ends at once, as by a power cut. */
  kill(): Promise<void>;
  stop(): Promise<void>;
  remove(): Promise<void>;
}

export async function engineDaemon(engine: Record<string, unknown>): Promise<EngineDaemon> {
  const database = await createTestDatabase();
  const home = mkdtempSync(join(tmpdir(), `${HOME_PREFIX}${process.pid}-`));
  const shared = mkdtempSync(join(tmpdir(), 'slipway-shared-'));
  mkdirSync(home, { recursive: true });
  writeFileSync(join(home, 'engines.yaml'), stringify({ engines: [{ name: 'cluster', shared: { folder: shared }, nodes: { node: process.execPath, python: join(ROOT, '.venv/bin/python') }, ...engine }] }));
  let child: ChildProcess | undefined;
  let url = '';

  async function end(signal: NodeJS.Signals): Promise<void> {
    if (child && child.exitCode === null && child.signalCode === null) {
      child.removeAllListeners('exit');
      const ended = new Promise(resolve => child!.once('exit', resolve));
      child.kill(signal);
      await ended;
    }
  }

  return {
    shared,
    async start() {
      child = spawn(process.execPath, [join(ROOT, 'bin/slipway.mjs'), 'serve', '--home', home, '--port', '0', '--auth', 'none'], {
        env: { ...process.env, SLIPWAY_DATABASE_URL: database.url, SLIPWAY_LOG_LEVEL: 'warn' },
        stdio: ['ignore', 'pipe', 'inherit']
      });
      url = await new Promise<string>((resolve, reject) => {
        let text = '';
        child!.stdout!.on('data', chunk => {
          text += String(chunk);
          const ready = /^ready (\S+)$/m.exec(text)?.[1];
          if (ready !== undefined) resolve(ready);
        });
        child!.on('exit', code => reject(new Error(`slipway serve ended with ${code}`)));
      });
    },
    async call(method, path, body) {
      const response = await fetch(`${url}/api/v1${path}`, { method, ...(body !== undefined && { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }) });
      const reply = (await response.json()) as unknown;
      if (!response.ok) {
        throw new Error(`${method} ${path}: ${JSON.stringify(reply)}`);
      }
      return reply;
    },
    kill: () => end('SIGKILL'),
    stop: () => end('SIGTERM'),
    async remove() {
      await end('SIGTERM');
      await database.drop();
      [home, shared].forEach(folder => rmSync(folder, { recursive: true, force: true }));
    }
  };
}
