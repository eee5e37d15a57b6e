import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { UV } from '../setup/python.mjs';
import { CACHE, VENV_PYTHON, digestOf, once, run, say } from '../setup/steps.mjs';
import { createProcesses, freePorts, until } from './processes.mjs';

const LOCK = 'scripts/python/ray.txt';
const FOLDER = join(CACHE, 'ray');
const RAY = join(FOLDER, 'bin', 'ray');

/** Ray in an environment of its own. */
export async function installRay() {
  await once('ray', { key: digestOf([LOCK]), output: RAY }, async () => {
    say('Installing Ray …');
    const env = { UV_PYTHON_DOWNLOADS: 'never' };
    rmSync(FOLDER, { recursive: true, force: true });
    await run(UV, ['venv', '--python', VENV_PYTHON, FOLDER], { env });
    await run(UV, ['pip', 'sync', '--python', join(FOLDER, 'bin', 'python'), '--require-hashes', LOCK], { env });
  });
}

/** Two nodes with a GPU each, by name only, on this machine; gives how to reach it, and its end. */
export async function startRay() {
  const folder = mkdtempSync(join(tmpdir(), 'slwray-')); // Ray's sockets want a short path
  const [gcs, dashboard, client, ...agents] = await freePorts(7);
  const env = { RAY_USAGE_STATS_ENABLED: '0', RAY_DISABLE_IMPORT_WARNING: '1', RAY_memory_monitor_refresh_ms: '0', RAY_raylet_start_wait_time_s: '300' };
  const processes = createProcesses(folder);
  const node = agents => [`--dashboard-agent-listen-port=${agents[0]}`, `--metrics-export-port=${agents[1]}`, '--num-cpus=2', '--num-gpus=1', `--memory=${4 * 2 ** 30}`, '--object-store-memory=80000000', '--disable-usage-stats', '--block'];
  const end = async () => {
    await processes.end();
    rmSync(folder, { recursive: true, force: true });
  };
  mkdirSync(join(folder, 't'));
  try {
    processes.start('head', RAY, ['start', '--head', '--node-ip-address=127.0.0.2', `--port=${gcs}`, '--dashboard-host=127.0.0.1', `--dashboard-port=${dashboard}`, `--ray-client-server-port=${client}`, `--temp-dir=${folder}/t`, ...node(agents.slice(0, 2))], env);
    const url = `http://127.0.0.1:${dashboard}`;
    const answers = path => fetch(url + path).then(response => response.ok, () => false);
    await until('Ray’s head did not answer', () => answers('/api/version'), 180_000);
    processes.start('node', RAY, ['start', `--address=127.0.0.2:${gcs}`, '--node-ip-address=127.0.0.3', ...node(agents.slice(2))], env);
    await until('Ray’s job API did not answer', () => answers('/api/jobs/'), 120_000);
    await until('Ray’s second node did not join', async () => {
      const reply = await fetch(`${url}/api/v0/nodes`).then(response => response.json(), () => null);
      return reply?.data?.result?.result?.filter(found => found.state === 'ALIVE').length === 2;
    }, 180_000);
    return { url, end };
  } catch (error) {
    console.error(['head', 'node'].map(name => readLog(join(folder, `${name}.log`))).join('\n'));
    await end();
    throw error;
  }
}

function readLog(path) {
  try {
    return readFileSync(path, 'utf8').slice(-3000);
  } catch {
    return '';
  }
}
