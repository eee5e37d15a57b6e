// A map of ten thousand items, the work of each stubbed; what its page asks for stays quick meanwhile.
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { quantile, runOnce, savePipeline, seconds, startStubbed } from './daemon.mjs';

const ITEMS = Number(process.env.BENCH_ITEMS ?? 10_000);
const METRIC = 'from sklearn.metrics import mean_absolute_error';
const CELLS = {
  list: `${METRIC}\nCOUNT = 3\nitems = list(range(COUNT))\nitem = items[0]`,
  work: 'score = float(item)',
  gather: 'scores = score if isinstance(score, list) else [score]\nmae = mean_absolute_error([0.0], [float(len(scores))])\nprint("mae", mae)'
};

export async function fanOut(folder) {
  const daemon = await startStubbed(join(folder, 'fan-home'));
  try {
    await savePipeline(daemon, folder, 'fan', CELLS, { steps: { work: { map: { over: 'items', as: 'item', maxItems: ITEMS, maxParallel: 64 } } } });
    await runOnce(daemon, 'fan');
    await daemon.stub('/ list', '/ gather'); // these two in kernels: the list is made, and all of it is gathered
    await daemon.reset();
    const start = performance.now();
    let run = await daemon.call('POST', '/pipelines/fan/runs', { useCache: false, params: { COUNT: ITEMS } });
    const [graph, page] = [[], []];
    const timed = async (times, path) => {
      const from = performance.now();
      const reply = await daemon.call('GET', path);
      times.push(performance.now() - from);
      return reply;
    };
    for (; run.status === 'queued' || run.status === 'running'; await sleep(250)) {
      run = await timed(graph, `/pipeline-runs/${run.runId}`);
      if (run.steps[1].status === 'running') await timed(page, `/pipeline-runs/${run.runId}/steps/work/items?limit=100&cursor=${Math.floor(ITEMS / 2)}`);
    }
    const ms = performance.now() - start;
    if (run.status !== 'succeeded' || run.metrics.mae !== ITEMS) throw new Error(`the run ${run.status}: ${JSON.stringify(run.steps.map(s => s.error ?? s.status))}`);
    const { rssBytes, statements } = await daemon.usage();
    if (process.env.BENCH_STATEMENTS) for (const [text, count] of statements.sort((a, b) => b[1] - a[1]).slice(0, 30)) console.error(`  ${(count / ITEMS).toFixed(2).padStart(6)}  ${text}`);
    const rows = [
      [`a map of ${ITEMS} items, 64 at once`, seconds(ms), ''],
      ['items a second', (ITEMS / (ms / 1000)).toFixed(0), ''],
      ['the run for its graph, meanwhile, 95 %', `${quantile(graph, 0.95).toFixed(0)} ms`, ''],
      ['a page of its items, meanwhile, 95 %', `${quantile(page, 0.95).toFixed(0)} ms`, ''],
      ['the daemon’s highest memory', `${(rssBytes / 2 ** 20).toFixed(0)} MB`, '']
    ];
    return { title: 'Fan-out, the work of each item stubbed', rows, figures: { items: ITEMS, ms, graphP95Ms: quantile(graph, 0.95), pageP95Ms: quantile(page, 0.95), rssMb: rssBytes / 2 ** 20 } };
  } finally {
    await daemon.stop();
  }
}
