// `npm run bench:scheduler`: decision rounds with 100,000 jobs queued on 1,000
// GPUs, and three traces under our policy and under FIFO with EASY backfill.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { toCsv, TRACES } from './scheduler/traces.mjs';

const bin = join(dirname(fileURLToPath(import.meta.url)), '../bin/slipway.mjs');
const slipway = (...args) => JSON.parse(execFileSync(process.execPath, [bin, 'simulate', ...args, '--json'], { stdio: ['ignore', 'pipe', 'inherit'], maxBuffer: 2 ** 26 }));

const folder = mkdtempSync(join(tmpdir(), 'slipway-traces-'));
try {
  const rounds = slipway('--time-rounds', process.env.BENCH_QUEUED ?? '100000', '--gpus', '1000');
  console.log(`a round with ${rounds.queued} jobs queued on ${rounds.gpus} GPUs: ${rounds.medianMs.toFixed(1)} ms of CPU (median), ${rounds.p95Ms.toFixed(1)} ms (95 %)\n`);
  console.log('trace          policy      utilisation  mean wait  95 % wait  bounded slowdown  fairness');
  const traces = {};
  for (const [name, rows] of Object.entries(TRACES)) {
    const file = join(folder, `${name}.csv`);
    writeFileSync(file, toCsv(rows));
    for (const policy of ['slipway', 'fifo-easy']) {
      const r = slipway(file, '--policy', policy, '--gpus', '64');
      (traces[name] ??= {})[policy] = r;
      const cells = [`${(100 * r.utilisation).toFixed(1)} %`.padStart(11), `${Math.round(r.meanWaitS)} s`.padStart(9), `${Math.round(r.p95WaitS)} s`.padStart(9), r.meanBoundedSlowdown.toFixed(2).padStart(16), r.fairness.toFixed(3).padStart(8)];
      console.log([name.padEnd(13), policy.padEnd(10), ...cells].join('  '));
    }
  }
  console.log(JSON.stringify({ rounds, traces }));
} finally {
  rmSync(folder, { recursive: true });
}
