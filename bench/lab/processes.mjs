import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, openSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { delimiter, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

export const ROOT = join(import.meta.dirname ?? new URL('.', import.meta.url).pathname, '../..');
export const PYTHON = join(ROOT, '.venv/bin/python');
export const SLIPWAY = join(ROOT, 'bin/slipway.mjs');

export const median = values => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];

export async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}

/** A JupyterLab of `.venv` on a folder; `config` is its own JUPYTER_CONFIG_DIR. Gives its address once it answers. */
export async function startLab({ folder, config, env = {}, options = [] }) {
  [folder, config].forEach(path => mkdirSync(path, { recursive: true }));
  const port = await freePort();
  const token = 'bench';
  const log = join(config, 'lab.log');
  const fd = openSync(log, 'w');
  const args = ['--no-browser', '--ip=127.0.0.1', `--port=${port}`, '--ServerApp.port_retries=0', `--ServerApp.root_dir=${folder}`, ...(process.getuid() === 0 ? ['--allow-root'] : []), ...options];
  const path = `${join(ROOT, '.venv/bin')}${delimiter}${process.env.PATH}`;
  const child = spawn(join(ROOT, '.venv/bin/jupyter-lab'), args, { stdio: ['ignore', fd, fd], env: { ...process.env, PATH: path, JUPYTER_TOKEN: token, JUPYTER_CONFIG_DIR: config, ...env } });
  const url = `http://127.0.0.1:${port}`;
  await untilAnswers(`${url}/lab?token=${token}`, child, log);
  return { url, token, stop: () => end(child) };
}

export async function untilAnswers(url, child, log) {
  for (const until = Date.now() + 120_000; ; await sleep(10)) {
    if (await fetch(url).then(r => r.ok, () => false)) return;
    if (child.exitCode !== null || Date.now() > until) throw new Error(`${url} does not answer:\n${readFileSync(log, 'utf8').slice(-2000)}`);
  }
}

export async function end(child) {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  const hard = setTimeout(() => child.kill('SIGKILL'), 15_000);
  await ended;
  clearTimeout(hard);
}
