import { spawn } from 'node:child_process';
import { openSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** Programs of one cluster, each in the foreground and ended by its own pid, the last one first. */
export function createProcesses(folder) {
  const children = [];
  return {
    start(name, command, args, env = {}) {
      const log = openSync(join(folder, `${name}.log`), 'a');
      const child = spawn(command, args, { cwd: folder, env: { ...process.env, ...env }, stdio: ['ignore', log, log] });
      const ended = new Promise(resolve => child.once('close', resolve).once('error', resolve));
      children.push({ name, child, ended });
      return child;
    },
    /** Names of those that ended by themselves. */
    gone: () => children.filter(c => c.child.exitCode !== null || c.child.pid === undefined).map(c => c.name),
    async end() {
      for (const { child, ended } of children.reverse()) {
        child.kill('SIGTERM');
        const isOver = await Promise.race([ended.then(() => true), sleep(15_000, false)]);
        if (!isOver) {
          child.kill('SIGKILL');
          await ended;
        }
      }
    }
  };
}

/** Ports of the loopback interface that nobody listens on. */
export async function freePorts(count) {
  const servers = await Promise.all(Array.from({ length: count }, () => new Promise((resolve, reject) => {
    const server = createServer().once('error', reject).listen(0, '127.0.0.1', () => resolve(server));
  })));
  const ports = servers.map(server => server.address().port);
  await Promise.all(servers.map(server => new Promise(resolve => server.close(resolve))));
  return ports;
}

/** Tries `test` until it gives something. @throws naming what did not come about */
export async function until(what, test, ms) {
  for (const end = Date.now() + ms; Date.now() < end; await sleep(300)) {
    const found = await test();
    if (found) return found;
  }
  throw new Error(`${what} within ${ms / 1000} s.`);
}
