import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { homePaths, type HomePaths } from '../../src/daemon';
import { HOME_PREFIX } from '../leftovers';
import { until } from '../running-app';

const BIN = join(__dirname, '../../../bin/slipway.mjs');

/** A home of its own, 0700, and what happens on it through the real command line. */
export class Home {
  readonly folder: string;
  readonly paths: HomePaths;
  /** Added to the environment of what runs. */
  extraEnv: Record<string, string> = {};
  /** Put before the daemon's command line; it must end in an exec, for the pid is the daemon's. */
  prefix: readonly string[] = [];
  private readonly children: ChildProcess[] = [];

  /** `owner`: the pid of the test process whose end makes the home a leftover. */
  constructor(owner = process.pid) {
    this.folder = mkdtempSync(join(tmpdir(), `${HOME_PREFIX}${owner}-`));
    this.paths = homePaths(this.folder);
  }

  /** Runs a command to its end. */
  run(...args: string[]): { code: number | null; stdout: string; stderr: string } {
    const { status, stdout, stderr } = spawnSync(process.execPath, [BIN, ...args], { encoding: 'utf8', env: this.env() });
    return { code: status, stdout, stderr };
  }

  /** Starts a daemon in the foreground and waits for its `ready URL`. */
  async serve(...args: string[]): Promise<Daemon> {
    const [program, ...rest] = [...this.prefix, process.execPath, BIN, 'serve', '--auth', 'none', ...args];
    const child = spawn(program!, rest, { env: this.env(), stdio: ['ignore', 'pipe', 'pipe'] });
    this.children.push(child);
    let stderr = '';
    child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
    const url = await new Promise<string>((resolve, reject) => {
      let stdout = '';
      child.stdout.on('data', (chunk: Buffer) => {
        stdout += chunk.toString();
        const ready = /^ready (\S+)$/m.exec(stdout)?.[1];
        if (ready) resolve(ready);
      });
      child.once('exit', code => reject(new Error(`serve ended with ${code}: ${stderr}`)));
    });
    // A daemon that dies in the middle of a test says why.
    child.once('exit', (code, signal) => {
      if (code !== 0 && signal !== 'SIGKILL') console.error(`serve ended with ${code ?? signal}: ${stderr}`);
    });
    return { url, pid: child.pid!, kill: signal => kill(child, signal), isOver: () => child.exitCode !== null || child.signalCode !== null };
  }

  /** null while PostgreSQL is just starting or ending: the file is missing, or still empty. */
  postmasterPid(): number | null {
    try {
      return Number(readFileSync(join(this.paths.postgres, 'data', 'postmaster.pid'), 'utf8').split('\n')[0]) || null;
    } catch {
      return null;
    }
  }

  /** Kills PostgreSQL's first process with -9, and gives its pid. */
  killPostgres(): Promise<number> {
    return this.endPostgres('SIGKILL');
  }

  /** Sends PostgreSQL's first process the signal, and gives its pid. */
  endPostgres(signal: 'SIGKILL' | 'SIGINT'): Promise<number> {
    return until(() => {
      const pid = this.postmasterPid();
      return pid !== null && process.kill(pid, signal) && pid;
    });
  }

  /** Ends what still runs and removes everything. */
  async remove(): Promise<void> {
    for (const child of this.children) {
      await kill(child, 'SIGTERM');
    }
    this.run('stop');
    rmSync(this.folder, { recursive: true, force: true });
    rmSync(this.paths.runtimeDir, { recursive: true, force: true });
  }

  private env(): NodeJS.ProcessEnv {
    const { SLIPWAY_URL: _url, SLIPWAY_TOKEN: _token, SLIPWAY_DATABASE_URL: _database, ...env } = process.env;
    return { ...env, SLIPWAY_HOME: this.folder, SLIPWAY_LOG_LEVEL: 'warn', ...this.extraEnv };
  }
}

export interface Daemon {
  url: string;
  pid: number;
  /** Sends the signal and gives the exit code, null where the signal itself ended it. */
  kill(signal: NodeJS.Signals): Promise<number | null>;
  isOver(): boolean;
}

async function kill(child: ChildProcess, signal: NodeJS.Signals): Promise<number | null> {
  if (child.exitCode === null && child.signalCode === null) {
    child.kill(signal);
    await once(child, 'exit');
  }
  return child.exitCode;
}
