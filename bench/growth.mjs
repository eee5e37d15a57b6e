// How searching and logging grow with the number of runs: 10,000 to 1,000,000.
// Prints a table and one line of JSON, and draws docs/images/tracking-growth.svg.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureReady } from '../scripts/setup.mjs';
import { UV } from '../scripts/setup/python.mjs';
import { PYTHON, ROOT, median } from './lab/processes.mjs';
import { call, measure, quantile, searchBody, timesOf } from './tracking/load.mjs';
import { fillOurs } from './tracking/runs.mjs';
import { memoryBytes, startOurs, withClient } from './tracking/servers.mjs';

const SIZES = (process.env.BENCH_SIZES ?? '10000,100000,1000000').split(',').map(Number);
const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 60);
const DRAWING = join(ROOT, '.cache', 'bench-matplotlib');

await ensureReady({ parts: ['npm', 'python', 'sandbox', 'daemon'] });
const folder = mkdtempSync(join(tmpdir(), 'slipway-growth-'));
const daemon = await startOurs(folder);
const figures = [];
try {
  for (const runs of SIZES) {
    await withClient({ ...daemon.postgres, database: 'slipway' }, client => client.query(`truncate run cascade; delete from experiment where name = 'many'`));
    figures.push(await measureAt(await fillOurs(daemon.postgres, runs)));
    console.log(line(figures.at(-1)));
  }
} finally {
  const ended = new Promise(resolve => daemon.child.once('exit', resolve));
  process.kill(daemon.pid, 'SIGTERM');
  await ended;
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
}
console.log(JSON.stringify({ bench: 'growth', figures }));
draw();

async function measureAt({ experimentId, runs }) {
  const search = await timesOf(ROUNDS, i => call(daemon.url, '/runs/search', searchBody(experimentId, i)));
  const newest = await timesOf(ROUNDS, () => call(daemon.url, '/runs/search', { experiment_ids: [experimentId], max_results: 50 }));
  const { run } = await call(daemon.url, '/runs/create', { experiment_id: experimentId, start_time: 1 });
  const log = await measure({ url: daemon.url, path: '/runs/log-metric', bodyOf: i => ({ run_id: run.info.run_id, key: 'm', value: i, timestamp: i, step: i }), clients: 1, ms: 3_000, keepAlive: false });
  return { runs, searchP50Ms: median(search), searchP95Ms: quantile(search, 0.95), newestP95Ms: quantile(newest, 0.95), logP50Ms: log.p50Ms, memoryMb: memoryBytes(daemon.pid) / 2 ** 20 };
}

function line(f) {
  return `${f.runs.toLocaleString('en')} runs: search p50 ${f.searchP50Ms.toFixed(1)} ms, p95 ${f.searchP95Ms.toFixed(1)} ms; newest p95 ${f.newestP95Ms.toFixed(1)} ms; log-metric p50 ${f.logP50Ms.toFixed(1)} ms; memory ${Math.round(f.memoryMb)} MB`;
}

function draw() {
  if (!existsSync(DRAWING)) {
    execFileSync(UV, ['pip', 'install', '--quiet', '--python', PYTHON, '--target', DRAWING, 'matplotlib'], { stdio: 'inherit' });
  }
  execFileSync(PYTHON, [join(ROOT, 'bench', 'tracking', 'growth.py'), join(ROOT, 'docs', 'images', 'tracking-growth.svg')], { input: JSON.stringify(figures), env: { ...process.env, PYTHONPATH: DRAWING } });
}
