// An eight-step chain of trivial steps, each in an isolated process of its own,
// beside papermill's API and Prefect in one process.
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { chainOf, createWatcher, median, savePipeline, seconds, startDaemon } from './daemon.mjs';
import { papermill, prefect } from './peers.mjs';

export const STEPS = 8;
const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 10);
const PEER_ROUNDS = Number(process.env.BENCH_PEER_ROUNDS ?? 2);

async function timeRun(call, watcher, useCache, isCached = useCache) {
  const start = performance.now();
  const started = await call('POST', '/pipelines/chain/runs', { useCache });
  const status = ['succeeded', 'failed'].includes(started.status) ? started.status : await watcher.ended(started.runId);
  const ms = performance.now() - start;
  const shown = await call('GET', `/pipeline-runs/${started.runId}`);
  if (status !== 'succeeded') throw new Error(`the run ${status}: ${JSON.stringify(shown.steps.find(s => s.error))}`);
  const pids = new Set(shown.steps.map(s => s.pid));
  if (isCached ? shown.steps.some(s => !s.cached) : pids.size !== STEPS) throw new Error('the run was not what is measured');
  return ms;
}

async function slipway(folder) {
  const daemon = await startDaemon(join(folder, 'home'));
  try {
    await savePipeline(daemon, folder, 'chain', chainOf(STEPS));
    const watcher = await createWatcher(daemon.url);
    const coldMs = await timeRun(daemon.call, watcher, true, false); // fills the cache, warms the pool
    const [warm, cached] = [[], []];
    for (let i = 0; i < ROUNDS; i++) warm.push(await timeRun(daemon.call, watcher, false));
    for (let i = 0; i < ROUNDS; i++) cached.push(await timeRun(daemon.call, watcher, true));
    watcher.stop();
    return { coldMs, warmMs: median(warm), cachedMs: median(cached) };
  } finally {
    await daemon.stop();
  }
}

export async function chain(folder) {
  const ours = await slipway(folder);
  const shown = (peer, name) => [`${name} ${peer.version ?? ''} (median of ${PEER_ROUNDS})`, peer.ms ? seconds(peer.ms) : `not measured: ${peer.error}`, ''];
  const peers = {};
  for (const [name, measure] of Object.entries({ papermill, prefect })) {
    peers[name] = await measure(folder, STEPS, PEER_ROUNDS).catch(error => ({ error: String(error.message).split('\n')[0] }));
  }
  const rows = [
    [`Slipway, warm (median of ${ROUNDS})`, seconds(ours.warmMs), '≤ 0.6 s'],
    [`Slipway, cached (median of ${ROUNDS})`, seconds(ours.cachedMs), '≤ 0.3 s'],
    ['Slipway, first run', seconds(ours.coldMs), ''],
    shown(peers.papermill, 'papermill'),
    shown(peers.prefect, 'Prefect, all in one process')
  ];
  return { title: `A chain of ${STEPS} trivial steps, each of ours in a process of its own`, rows, figures: { steps: STEPS, ...ours, peers } };
}
