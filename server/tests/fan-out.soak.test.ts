import { performance } from 'node:perf_hooks';
import type { PipelineRun } from '@slipway/schema';
import type { Executor, JobOutcome } from '../src/scheduler';
import { isOver, savePipeline } from './proved-pipeline';
import { startApp, until, type RunningApp } from './running-app';

/** `npm run test:soak` has ten thousand. */
const ITEMS = process.env.SLIPWAY_SOAK_SECONDS === undefined ? 600 : 10_000;
/** A busy machine is slow; a list that is gone through for each item is slower by far. */
const GRAPH_MS = 1_500;
jest.setTimeout(1_800_000);

/** Items are given what the first few gave in a real kernel: what is measured is what Slipway does for each. */
const starts = new Map<string, number>();
let known: JobOutcome | undefined;
const executor = (local: Executor): Executor => ({
  async run(job, observer) {
    if (!/\[\d+\]$/.test(job.label)) {
      return local.run(job, observer);
    }
    starts.set(job.label, (starts.get(job.label) ?? 0) + 1);
    return (known ??= await local.run(job, observer));
  }
});

let app: RunningApp;
beforeAll(async () => {
  app = await startApp({ executor, capacity: { cpus: 32, memoryBytes: 2 ** 50, scratchBytes: 2 ** 40, gpus: [] } });
});
afterAll(() => app.stop());

const CELLS = {
  list: 'from sklearn.metrics import mean_absolute_error\nCOUNT = 1\nitems = list(range(COUNT))\nitem = items[0]',
  work: 'part = 1.0',
  gather: 'parts = part if isinstance(part, list) else [part]\nmae = mean_absolute_error([0.0], [sum(parts)])\nprint("mae", mae)'
};

test(`a map of ${ITEMS} items completes, each begun once; its run and pages of its items are told quickly meanwhile`, async () => {
  const ids = Object.keys(CELLS);
  await savePipeline(app, 'fan', CELLS, { sinks: ids, grouping: ids.map(id => ({ name: id, cells: [id] })) });
  await app.call('PUT', '/pipelines/fan/options', { steps: { work: { map: { over: 'items', as: 'item', maxParallel: 32, maxItems: ITEMS } } } });
  const { runId } = (await app.call('POST', '/pipelines/fan/runs', { useCache: false, params: { COUNT: ITEMS } })).body as PipelineRun;
  const times: number[] = [];
  const timed = async (path: string) => {
    const from = performance.now();
    const { body } = await app.call('GET', path);
    times.push(performance.now() - from);
    return body;
  };
  const run = await until(async () => {
    const found = (await timed(`/pipeline-runs/${runId}`)) as PipelineRun;
    await timed(`/pipeline-runs/${runId}/steps/work/items?limit=100&cursor=${Math.floor(ITEMS / 2)}`);
    return isOver(found) && found;
  }, 1_700_000);
  expect({ status: run.status, metrics: run.metrics, items: run.steps[1]!.items }).toEqual({ status: 'succeeded', metrics: { mae: ITEMS }, items: { total: ITEMS, succeeded: ITEMS, failed: 0, open: 0 } });
  expect([starts.size, new Set(starts.values())]).toEqual([ITEMS, new Set([1])]);
  expect(times.sort((a, b) => a - b)[Math.floor(times.length * 0.95)]).toBeLessThan(GRAPH_MS);
});
