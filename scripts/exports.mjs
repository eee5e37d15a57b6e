// `npm run test:exports`: exports a pipeline to Airflow, KFP and Argo, runs the
// DAG in a real Airflow 3.3 standalone of its own, and holds the others against
// KFP's protobuf and Argo's models. Installs both from PyPI into .cache/exports;
// everything listens on loopback, on free ports, and is ended by its process group.
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, openSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ensureReady } from './setup.mjs';
import { CACHE, ROOT, once, run, say } from './setup/steps.mjs';

const UV = join(CACHE, 'uv', 'bin', 'uv');
const EXPORTED = join(ROOT, 'server/tests/pipeline-files/exported');
const WAIT_MS = 900_000;

await ensureReady({ parts: ['npm', 'daemon', 'python'] });
const checks = await environment('checks', ['kfp-pipeline-spec==2.17.3', 'googleapis-common-protos', 'hera==7.1.0', 'pyyaml']);
const airflow = await environment('airflow', ['apache-airflow==3.3.2', 'ipython', 'pandas']);
const folder = mkdtempSync(join(tmpdir(), 'slipway-exports-'));
mkdirSync(join(folder, 'dags'));
mkdirSync(join(folder, 'work'));
const files = { airflow: join(folder, 'dags', 'parts_dag.py'), kfp: join(folder, 'parts.kfp.yaml'), argo: join(folder, 'parts.argo.yaml') };
for (const [target, file] of Object.entries(files)) {
  await run(process.execPath, [join(ROOT, 'bin/slipway.mjs'), 'export-pipeline', join(EXPORTED, 'parts.pipeline.yaml'), '--to', target, '--output', file]);
}
await run(join(checks, 'bin/python'), [join(EXPORTED, 'check_exports.py'), files.kfp, files.argo]);
await withAirflow(async command => {
  await until('Airflow to know the DAG', async () => (await command('dags', 'list', '--output', 'json')).includes('"parts"'));
  await command('dags', 'unpause', 'parts');
  await command('dags', 'trigger', 'parts', '--run-id', 'by-hand', '--conf', '{"ROWS": 5}');
  const state = await until('the run to end', async () => runOf(await command('dags', 'list-runs', 'parts', '--output', 'json')));
  const report = join(folder, 'work', 'report.txt');
  const text = existsSync(report) ? readFileSync(report, 'utf8') : '(none)';
  if (state !== 'success' || text !== 'größe 30.0') {
    throw new Error(`The run in Airflow ended as ${state}; its report says ${text}. See ${folder}.`);
  }
  const [verdict, hasAlarm] = [readFileSync(join(folder, 'work', 'verdict.txt'), 'utf8'), existsSync(join(folder, 'work', 'alarm.txt'))];
  if (verdict !== 'many' || hasAlarm) {
    throw new Error(`Of the branch, ${verdict} ran, not many; the step for failures ${hasAlarm ? 'ran' : 'did not'}. See ${folder}.`);
  }
  const items = readdirSync(join(folder, 'values', 'parts', 'by-hand', 'square', 'area'));
  if (items.length !== 5) {
    throw new Error(`The fan-out ran for ${items.length} items, not 5.`);
  }
});
rmSync(folder, { recursive: true, force: true });
say('Exports: Airflow ran the DAG; KFP and Argo take theirs.');

/** A Python environment of its own beneath .cache/exports. */
async function environment(name, packages) {
  const path = join(CACHE, 'exports', name);
  await once(`exports-${name}`, { key: packages.join(' '), output: join(path, 'bin/python') }, async () => {
    say(`Installing ${packages[0]} …`);
    await run(UV, ['venv', '--quiet', '--clear', '--python', join(ROOT, '.venv/bin/python'), path]);
    await run(UV, ['pip', 'install', '--quiet', '--python', join(path, 'bin/python'), ...packages]);
  });
  return path;
}

/** Runs Airflow standalone while `work` goes on; `command` calls its command line and gives stdout. */
async function withAirflow(work) {
  const port = await freePort();
  const env = {
    ...process.env,
    PATH: `${join(airflow, 'bin')}:${process.env.PATH}`,
    AIRFLOW_HOME: join(folder, 'home'),
    AIRFLOW__CORE__LOAD_EXAMPLES: 'False',
    AIRFLOW__CORE__DAGS_FOLDER: join(folder, 'dags'),
    AIRFLOW__CORE__PARALLELISM: '2',
    AIRFLOW__CORE__EXECUTION_API_SERVER_URL: `http://127.0.0.1:${port}/execution/`,
    AIRFLOW__API__HOST: '127.0.0.1',
    AIRFLOW__API__PORT: String(port),
    AIRFLOW__API__BASE_URL: `http://127.0.0.1:${port}`,
    AIRFLOW__API__WORKERS: '1',
    AIRFLOW__LOGGING__WORKER_LOG_SERVER_PORT: String(await freePort()),
    AIRFLOW__TRIGGERER__TRIGGER_LOG_SERVER_PORT: String(await freePort()),
    SLIPWAY_EXPORT_DIR: join(folder, 'values'),
    SLIPWAY_EXPORT_FOLDER: join(folder, 'work')
  };
  const log = openSync(join(folder, 'airflow.log'), 'a');
  const server = spawn(join(airflow, 'bin/airflow'), ['standalone'], { env, detached: true, stdio: ['ignore', log, log] });
  try {
    await work((...args) => output(join(airflow, 'bin/airflow'), args, env));
  } finally {
    process.kill(-server.pid, 'SIGTERM');
    await Promise.race([new Promise(done => server.once('exit', done)), sleep(20_000)]);
    try {
      process.kill(-server.pid, 'SIGKILL');
    } catch {
      // all of the group have ended
    }
  }
}

function output(command, args, env) {
  return new Promise(done => {
    const child = spawn(command, args, { env, stdio: ['ignore', 'pipe', 'ignore'] });
    let text = '';
    child.stdout.on('data', chunk => (text += chunk));
    child.on('close', () => done(text));
  });
}

/** How the run triggered here ended; undefined while it goes on. Airflow's warnings stand on stdout too. */
function runOf(text) {
  const runs = JSON.parse(/^\[\{.*\}\]\s*$/m.exec(text)?.[0] ?? '[]');
  const state = runs.find(r => r.run_id === 'by-hand')?.state;
  return ['success', 'failed'].includes(state) ? state : undefined;
}

async function until(what, look) {
  for (const end = Date.now() + WAIT_MS; Date.now() < end; await sleep(3_000)) {
    const found = await Promise.resolve(look()).catch(() => undefined);
    if (found) return found;
  }
  throw new Error(`Waited in vain for ${what}. See ${folder}.`);
}

function freePort() {
  return new Promise(done => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => done(port));
    });
  });
}
