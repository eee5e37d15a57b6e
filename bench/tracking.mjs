// Tracking under load: Slipway beside MLflow's own server, on databases of the
// same PostgreSQL, with the same load generator. Prints a table, then one line
// of JSON. MLflow's server stalls kept-alive connections; both ways are shown.
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { promisify } from 'node:util';
import { ensureReady } from '../scripts/setup.mjs';
import { PYTHON, median } from './lab/processes.mjs';
import { call, measure, quantile, searchBody, timesOf } from './tracking/load.mjs';
import { fillOurs, fillTheirs } from './tracking/runs.mjs';
import { memoryBytes, startServers } from './tracking/servers.mjs';

const MS = Number(process.env.BENCH_MS ?? 4_000);
/** Before anything is timed: a server that compiles as it goes is as fast then as after an hour. */
const WARM_MS = 3_000;
const RUNS = Number(process.env.BENCH_RUNS ?? 100_000);
const PEER_RUNS = Number(process.env.BENCH_PEER_RUNS ?? 10_000);
const POINTS = 100_000;

await ensureReady({ parts: ['npm', 'python', 'sandbox', 'daemon'] });
const folder = mkdtempSync(join(tmpdir(), 'slipway-bench-'));
const { ours, theirs, stop } = await startServers(folder);
try {
  const figures = {};
  for (const server of [ours, theirs]) {
    figures[server.name] = await measureServer(server);
  }
  figures.Slipway.search = await measureSearch(ours, await fillOurs(ours.postgres, RUNS));
  figures.MLflow.search = await measureSearch(theirs, await fillTheirs(theirs.postgres, PEER_RUNS));
  figures.Slipway.memoryMb = memoryBytes(ours.pid) / 2 ** 20;
  figures.MLflow.memoryMb = memoryBytes(theirs.pid) / 2 ** 20;
  print(figures);
} finally {
  await stop();
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
}

async function measureServer({ url }) {
  const { experiment_id } = await call(url, '/experiments/create', { name: 'bench' });
  const newRun = async () => (await call(url, '/runs/create', { experiment_id, start_time: 1 })).run.info.run_id;
  const run = await newRun();
  const logMetric = { url, path: '/runs/log-metric', bodyOf: i => ({ run_id: run, key: `m${i % 5}`, value: i, timestamp: 1_000 + i, step: i }) };
  await measure({ ...logMetric, clients: 16, ms: WARM_MS, keepAlive: false });
  const one = await measure({ ...logMetric, clients: 1, ms: MS, keepAlive: false });
  const oneKept = await measure({ ...logMetric, clients: 1, ms: MS, keepAlive: true });
  const many = await measure({ ...logMetric, clients: 16, ms: MS, keepAlive: false });
  const manyKept = await measure({ ...logMetric, clients: 16, ms: MS, keepAlive: true });
  const batches = await newRun();
  const logBatch = { url, path: '/runs/log-batch', bodyOf: i => ({ run_id: batches, metrics: Array.from({ length: 1_000 }, (_, k) => ({ key: `b${k % 10}`, value: k, timestamp: 1, step: i * 1_000 + k })) }) };
  const batch = await measure({ ...logBatch, clients: 1, ms: MS, keepAlive: false });
  const long = await newRun();
  for (let at = 0; at < POINTS; at += 1_000) {
    await call(url, '/runs/log-batch', { run_id: long, metrics: Array.from({ length: 1_000 }, (_, k) => ({ key: 'loss', value: k, timestamp: at + k, step: at + k })) });
  }
  const history = await timed(() => call(url, `/metrics/get-history?run_id=${long}&metric_key=loss`));
  const client = await timeClient(url);
  return { one, oneKept, many, manyKept, pointsPerSecond: batch.perSecond * 1_000, historyMs: history, clientMs: client };
}

/** 100 calls of `mlflow.log_metric` in one run, by the real client. */
async function timeClient(url) {
  const code = 'import mlflow, time\nwith mlflow.start_run():\n    mlflow.log_metric("warm", 1)\n    t = time.perf_counter()\n    for i in range(100): mlflow.log_metric("m", i, step=i)\n    print((time.perf_counter() - t) * 1000)';
  const { stdout } = await promisify(execFile)(PYTHON, ['-c', code], { env: { ...process.env, MLFLOW_TRACKING_URI: url, GIT_PYTHON_REFRESH: 'quiet' } });
  return Number(stdout.trim().split('\n').find(line => /^[\d.]+$/.test(line)));
}

async function measureSearch({ url }, { experimentId, runs }) {
  const times = await timesOf(runs > 50_000 ? 60 : 20, i => call(url, '/runs/search', searchBody(experimentId, i)));
  return { runs, p50Ms: median(times), p95Ms: quantile(times, 0.95) };
}

async function timed(work) {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

function print({ Slipway: s, MLflow: m }) {
  const n = value => (value < 10 ? value.toFixed(2) : Math.round(value).toLocaleString('en'));
  const times = (a, b) => `${n(a / b)}×`;
  const rows = [
    ['', 'Slipway', 'MLflow', '', 'aim'],
    ['log-metric, 1 client, new connections', `${n(s.one.perSecond)}/s, p50 ${n(s.one.p50Ms)} ms`, `${n(m.one.perSecond)}/s, p50 ${n(m.one.p50Ms)} ms`, times(s.one.perSecond, m.one.perSecond), '≥ 10×'],
    ['… kept alive', `${n(s.oneKept.perSecond)}/s`, `${n(m.oneKept.perSecond)}/s`, times(s.oneKept.perSecond, m.oneKept.perSecond), ''],
    ['log-metric, 16 clients, new connections', `${n(s.many.perSecond)}/s, p50 ${n(s.many.p50Ms)} ms`, `${n(m.many.perSecond)}/s, p50 ${n(m.many.p50Ms)} ms`, times(s.many.perSecond, m.many.perSecond), '≥ 25×'],
    ['… kept alive', `${n(s.manyKept.perSecond)}/s`, `${n(m.manyKept.perSecond)}/s`, times(s.manyKept.perSecond, m.manyKept.perSecond), ''],
    ['log-batch of 1,000', `${n(s.pointsPerSecond)} points/s`, `${n(m.pointsPerSecond)} points/s`, times(s.pointsPerSecond, m.pointsPerSecond), '≥ 25×'],
    ['history of 100,000 points', `${n(s.historyMs)} ms`, `${n(m.historyMs)} ms`, times(m.historyMs, s.historyMs), '≥ 20×'],
    ['100 mlflow.log_metric by the client', `${n(s.clientMs)} ms`, `${n(m.clientMs)} ms`, times(m.clientMs, s.clientMs), '≤ 1 s'],
    [`runs/search, p95 (${n(s.search.runs)} / ${n(m.search.runs)} runs)`, `${n(s.search.p95Ms)} ms`, `${n(m.search.p95Ms)} ms`, times(m.search.p95Ms, s.search.p95Ms), '≤ 20 ms at 100k, ≤ 60 ms at 1M'],
    ['memory', `${n(s.memoryMb)} MB`, `${n(m.memoryMb)} MB`, times(m.memoryMb, s.memoryMb), '≤ 400 MB']
  ];
  const widths = rows[0].map((_, i) => Math.max(...rows.map(r => r[i].length)));
  rows.forEach(r => console.log(r.map((cell, i) => cell.padEnd(widths[i])).join('  ').trimEnd()));
  console.log(JSON.stringify({ bench: 'tracking', Slipway: s, MLflow: m }));
}
