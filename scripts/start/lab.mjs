import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdirSync, openSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { delimiter, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { CACHE, ROOT } from '../setup/steps.mjs';

const VENV_BIN = join(ROOT, '.venv', 'bin');
// Defaults beneath the user's own settings: no questions about news on the first start.
const LAB_SETTINGS = join(ROOT, 'scripts', 'start', 'lab-settings');
const FIRST_PORT = 8888;
const START_MS = 120_000;
const STOP_MS = 10_000;

/** JupyterLab of `.venv` with `examples/` open; `url` has its token. */
export async function startLab({ port }) {
  const chosen = port === undefined ? await freePort(FIRST_PORT) : Number(port);
  const token = randomBytes(24).toString('hex');
  const log = join(CACHE, `lab-${chosen}.log`);
  const child = launch(chosen, token, log);
  let hasEnded = false;
  const ended = new Promise(resolve => child.once('exit', resolve)).then(() => (hasEnded = true));
  const base = `http://127.0.0.1:${chosen}`;
  for (const until = Date.now() + START_MS; ; await sleep(50)) {
    if (hasEnded || Date.now() > until) {
      child.kill('SIGTERM');
      throw new Error(`${tail(log)}\nJupyterLab did not start; ${log} says more.`);
    }
    if (await answers(`${base}/api/status`, token)) break;
  }
  return { url: `${base}/lab?token=${token}`, ended, stop: () => stop(child, ended) };
}

function launch(port, token, log) {
  mkdirSync(CACHE, { recursive: true });
  const fd = openSync(log, 'w', 0o600);
  const args = ['--no-browser', '--ip=127.0.0.1', `--port=${port}`, '--ServerApp.port_retries=0', `--ServerApp.root_dir=${join(ROOT, 'examples')}`, `--LabApp.app_settings_dir=${LAB_SETTINGS}`];
  if (process.getuid?.() === 0) args.push('--allow-root');
  // The token goes by the environment: other users can read command lines. A
  // group of its own, without a terminal: Ctrl-C would make Jupyter ask back.
  const env = { ...process.env, JUPYTER_TOKEN: token, PATH: `${VENV_BIN}${delimiter}${process.env.PATH}` };
  return spawn(join(VENV_BIN, 'jupyter-lab'), args, { cwd: ROOT, env, stdio: ['ignore', fd, fd], detached: true });
}

async function stop(child, ended) {
  child.kill('SIGTERM');
  await Promise.race([ended, sleep(STOP_MS).then(() => child.kill('SIGKILL'))]);
}

async function answers(url, token) {
  return fetch(url, { headers: { authorization: `token ${token}` } }).then(
    response => response.ok,
    () => false
  );
}

async function freePort(first) {
  for (let port = first; port < first + 200; port++) {
    if (await isFree(port)) return port;
  }
  throw new Error(`No free port from ${first} on; give one with --lab-port.`);
}

function isFree(port) {
  return new Promise(resolve => {
    const probe = createServer()
      .once('error', () => resolve(false))
      .listen(port, '127.0.0.1', () => probe.close(() => resolve(true)));
  });
}

function tail(file) {
  return readFileSync(file, 'utf8').trimEnd().split('\n').slice(-15).join('\n');
}
