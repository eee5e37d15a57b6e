// `npm run bench:scheduler`: decision rounds with 100,000 jobs queued on 1,000
// GPUs, the queue's page with 20,000 waiting at a daemon, and three traces under our policy and under FIFO with EASY backfill.
// BENCH_SEEDS=20 adds the means over so many other draws of each trace.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { longQueue } from './scheduler/long-queue.mjs';
import { toCsv, tracesOf } from './scheduler/traces.mjs';

const bin = join(dirname(fileURLToPath(import.meta.url)), '../bin/slipway.mjs');
const slipway = (...args) => JSON.parse(execFileSync(process.execPath, [bin, 'simulate', ...args, '--json'], { stdio: ['ignore', 'pipe', 'inherit'], maxBuffer: 2 ** 26 }));
const POLICIES = ['slipway', 'fifo-easy'];
const FIGURES = ['utilisation', 'meanWaitS', 'p95WaitS', 'meanBoundedSlowdown', 'fairness'];

const folder = mkdtempSync(join(tmpdir(), 'slipway-traces-'));

/** The reports of both policies on one draw of a trace. */
function replay(name, rows) {
  const file = join(folder, `${name}.csv`);
  writeFileSync(file, toCsv(rows));
  return Object.fromEntries(POLICIES.map(policy => [policy, slipway(file, '--policy', policy, '--gpus', '64')]));
}

function show(name, reports) {
  for (const policy of POLICIES) {
    const r = reports[policy];
    const cells = [`${(100 * r.utilisation).toFixed(1)} %`.padStart(11), `${Math.round(r.meanWaitS)} s`.padStart(9), `${Math.round(r.p95WaitS)} s`.padStart(9), r.meanBoundedSlowdown.toFixed(2).padStart(16), r.fairness.toFixed(3).padStart(8)];
    console.log([name.padEnd(13), policy.padEnd(10), ...cells].join('  '));
  }
}

/** Of each policy's figures over several draws. */
const meansOf = draws => Object.fromEntries(POLICIES.map(policy => [policy, Object.fromEntries(FIGURES.map(f => [f, draws.reduce((sum, d) => sum + d[policy][f], 0) / draws.length]))]));

try {
  const rounds = slipway('--time-rounds', process.env.BENCH_QUEUED ?? '100000', '--gpus', '1000');
  console.log(`a round with ${rounds.queued} jobs queued on ${rounds.gpus} GPUs: ${rounds.medianMs.toFixed(1)} ms of CPU (median), ${rounds.p95Ms.toFixed(1)} ms (95 %)\n`);
  const page = await longQueue(join(folder, 'daemon'), Number(process.env.BENCH_WAITING ?? 20000));
  console.log(`the first page of ${page.jobs} jobs that wait: ${page.anewP50Ms.toFixed(0)} ms (median) where the queue is looked at anew, ${page.againP50Ms.toFixed(0)} ms within a second of that\n`);
  console.log('trace          policy      utilisation  mean wait  95 % wait  bounded slowdown  fairness');
  const traces = {};
  for (const [name, rows] of Object.entries(tracesOf(0))) {
    show(name, (traces[name] = replay(name, rows)));
  }
  const seeds = Number(process.env.BENCH_SEEDS ?? 0);
  const draws = Array.from({ length: seeds }, (_, i) => tracesOf(i + 1));
  const means = {};
  for (const name of seeds > 0 ? Object.keys(traces) : []) {
    means[name] = meansOf(draws.map(draw => replay(name, draw[name])));
    show(`${name}*`, means[name]);
  }
  if (seeds > 0) {
    console.log(`* means over ${seeds} other draws`);
  }
  console.log(JSON.stringify({ rounds, page, traces, ...(seeds > 0 && { means }) }));
} finally {
  rmSync(folder, { recursive: true });
}
