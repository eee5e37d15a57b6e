import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

export const ROOT = join(__dirname, '..', '..');

/** A child that writes to a log and can be ended and waited for. */
export class Process {
  constructor(
    command: string,
    args: string[],
    options: { cwd: string; env: NodeJS.ProcessEnv; log: string }
  ) {
    this.log = options.log;
    const fd = openSync(options.log, 'a', 0o600);
    this.child = spawn(command, args, { cwd: options.cwd, env: options.env, stdio: ['ignore', fd, fd] });
    closeSync(fd);
    this.ended = new Promise(resolve => {
      this.child.once('exit', () => resolve());
      this.child.once('error', () => resolve()); // it could not even start
    });
  }

  /** @throws {Error} with the log's end where the process ends or takes too long */
  async until(isReady: () => boolean | Promise<boolean>, timeoutMs: number): Promise<void> {
    const end = Date.now() + timeoutMs;
    while (!(await isReady())) {
      if (this.child.exitCode !== null || this.child.pid === undefined || Date.now() > end) {
        throw new Error(`A process of the stage did not come up:\n${readFileSync(this.log, 'utf8').slice(-3000)}`);
      }
      await sleep(100);
    }
  }

  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
    this.child.kill(signal);
    await Promise.race([this.ended, sleep(15_000, undefined, { ref: false }).then(() => this.child.kill('SIGKILL'))]);
    await this.ended;
  }

  private readonly log: string;
  private readonly child: ChildProcess;
  private readonly ended: Promise<void>;
}

/** A port nobody listens on. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
}
