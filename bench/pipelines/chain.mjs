// An eight-step chain of trivial steps, each in an isolated process of its own,
// beside papermill's API and Prefect in one process.
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { chainOf, createWatcher, median, savePipeline, seconds, startDaemon } from './daemon.mjs';
import { papermill, prefect } from './peers.mjs';

export const STEPS = 8;
const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 10);
/** Until node has compiled what a run takes. */
const WARM_UPS = 3;
/** Between runs, as between those of people and schedules: the kernels that a run took are made anew by then. */
const PAUSE_MS = 1_500;
const PEER_ROUNDS = Number(process.env.BENCH_PEER_ROUNDS ?? 2);

async function timeRun(call, watcher, useCache, { isCached = useCache, pauseMs = PAUSE_MS } = {}) {
  await sleep(pauseMs);
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
    const coldMs = await timeRun(daemon.call, watcher, true, { isCached: false }); // fills the cache, warms the pool
    const timed = async (rounds, useCache, options) => {
      const times = [];
      for (let i = 0; i < rounds; i++) times.push(await timeRun(daemon.call, watcher, useCache, options));
      return median(times);
    };
    await timed(WARM_UPS, false);
    const warmMs = await timed(ROUNDS, false);
    const cachedMs = await timed(ROUNDS, true);
    const backToBackMs = await timed(ROUNDS, false, { pauseMs: 0 });
    watcher.stop();
    return { coldMs, warmMs, cachedMs, backToBackMs };
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
    [`Slipway, warm, one right after the other (median of ${ROUNDS})`, seconds(ours.backToBackMs), ''],
    ['Slipway, first run', seconds(ours.coldMs), ''],
    shown(peers.papermill, 'papermill'),
    shown(peers.prefect, 'Prefect, all in one process')
  ];
  return { title: `A chain of ${STEPS} trivial steps, each of ours in a process of its own`, rows, figures: { steps: STEPS, ...ours, peers } };
}
