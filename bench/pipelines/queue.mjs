// A thousand runs of eight steps queued at once, the work of each step stubbed.
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { chainOf, createWatcher, quantile, runOnce, savePipeline, seconds, startStubbed } from './daemon.mjs';
import { STEPS } from './chain.mjs';

const RUNS = Number(process.env.BENCH_RUNS ?? 1000);
const AT_ONCE = 16;
const SINGLES = 100;

export async function queue(folder) {
  const daemon = await startStubbed(join(folder, 'queue-home'));
  try {
    await savePipeline(daemon, folder, 'queue', chainOf(STEPS));
    await runOnce(daemon, 'queue'); // what the stub gives from now on
    await daemon.stub();
    const watcher = await createWatcher(daemon.url);
    await daemon.reset();
    const before = await daemon.usage();
    const start = performance.now();
    const runIds = [];
    const post = async () => {
      while (runIds.length < RUNS) {
        const place = runIds.push(null) - 1;
        runIds[place] = (await daemon.call('POST', '/pipelines/queue/runs', { useCache: false })).runId;
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, post));
    const queuedMs = performance.now() - start;
    const states = await Promise.all(runIds.map(watcher.ended));
    const allMs = performance.now() - start;
    if (states.some(s => s !== 'succeeded')) throw new Error(`${states.filter(s => s !== 'succeeded').length} runs did not succeed`);
    watcher.stop();
    const after = await daemon.usage();
    const stepsPerSecond = (RUNS * STEPS) / (allMs / 1000);
    const rssMb = after.rssBytes / 2 ** 20;
    const starts = await startTimes(daemon);
    if (process.env.BENCH_STATEMENTS) tellStatements(after.statements, RUNS * STEPS);
    const rows = [
      [`${RUNS} runs of ${STEPS} steps, queued in ${seconds(queuedMs)}, all over after`, seconds(allMs), ''],
      ['steps a second', stepsPerSecond.toFixed(0), '≥ 200'],
      ['the daemon’s highest memory', `${rssMb.toFixed(0)} MB`, '≤ 500 MB'],
      ['the daemon’s CPU time a step', `${((after.cpuMs - before.cpuMs) / (RUNS * STEPS)).toFixed(2)} ms`, ''],
      [`idle: from the run’s queueing to its first step’s start, median of ${SINGLES}`, `${quantile(starts, 0.5)} ms`, ''],
      ['the same, 99 %', `${quantile(starts, 0.99)} ms`, '≤ 50 ms']
    ];
    return { title: 'Runs queued at once, the work of each step stubbed', rows, figures: { runs: RUNS, queuedMs, allMs, stepsPerSecond, rssMb, startP50Ms: quantile(starts, 0.5), startP99Ms: quantile(starts, 0.99) } };
  } finally {
    await daemon.stop();
  }
}

/** By the daemon's own times, with nothing else under way. */
async function startTimes(daemon) {
  const times = [];
  for (let i = 0; i < SINGLES; i++) {
    const run = await runOnce(daemon, 'queue');
    times.push(Date.parse(run.steps[0].startedAt) - Date.parse(run.createdAt));
  }
  return times;
}

function tellStatements(statements, steps) {
  const total = statements.reduce((sum, [, count]) => sum + count, 0);
  console.error(`${(total / steps).toFixed(1)} statements a step:`);
  for (const [text, count] of statements.sort((a, b) => b[1] - a[1]).slice(0, 45)) console.error(`  ${(count / steps).toFixed(2).padStart(6)}  ${text}`);
}
