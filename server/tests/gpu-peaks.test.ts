import { chmodSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import type { JobAdvice, PipelineRun, TrainingFinding } from '@slipway/schema';
import { isOver, savePipeline } from './proved-pipeline';
import { startApp, until, type RunningApp } from './running-app';

// There is no GPU where our tests run: a program of the driver's name tells of one. Steps, samples and advice are real.
jest.setTimeout(240_000);

const GIB = 2 ** 30;
const folder = mkdtempSync(join(tmpdir(), 'slipway-driver-'));
const load = (percent: number, mebibytes: number): void => writeFileSync(join(folder, 'load'), `GPU-fake, ${percent}, ${mebibytes}, 81920\n`);
const path = process.env.PATH;
let app: RunningApp;

beforeAll(async () => {
  const program = `#!/bin/sh\ncase "$1" in\n-L) echo 'GPU 0: NVIDIA H100 80GB HBM3 (UUID: GPU-fake)' ;;\n*utilization*) cat '${folder}/load' ;;\n*) echo '0, GPU-fake, NVIDIA H100 80GB HBM3, 81920' ;;\nesac\n`;
  writeFileSync(join(folder, 'nvidia-smi'), program);
  chmodSync(join(folder, 'nvidia-smi'), 0o755);
  load(90, 1_000);
  process.env.PATH = `${folder}${delimiter}${path}`;
  app = await startApp();
  await savePipeline(app, 'accelerated', CELLS, { sinks: ['score'], grouping: [{ name: 'train', cells: ['setup', 'train', 'score'] }] });
});
afterAll(async () => {
  process.env.PATH = path;
  await app.stop();
});

/** Keeps 16 MiB more each second. */
const CELLS = {
  setup: 'import os, time\nfrom sklearn.metrics import mean_absolute_error\nSECONDS = 0',
  train: 'kept = []\nfor second in range(SECONDS):\n    kept.append(bytearray(os.urandom(1024)) * 16384)\n    time.sleep(1)',
  score: 'mae = mean_absolute_error([0.0], [len(os.environ.get("CUDA_VISIBLE_DEVICES", "")) + 0.0 * len(kept)])\nprint("mae", mae)'
};

async function run(options: object, params: object): Promise<PipelineRun> {
  expect(await app.call('PUT', '/pipelines/accelerated/options', { steps: { train: options } })).toMatchObject({ status: 200 });
  const { body } = await app.call('POST', '/pipelines/accelerated/runs', { params, useCache: false });
  return until(async () => {
    const now = await app.call('GET', `/pipeline-runs/${body.runId}`);
    return isOver(now.body) && (now.body as PipelineRun);
  }, 120_000);
}

test('what a step used of its GPU at most is kept with it, and after five runs becomes advice', async () => {
  const asked = { resources: { gpus: 1, memoryBytes: GIB } };
  load(20, 9_000);
  const first = await run(asked, { SECONDS: 3 });
  expect([first.status, first.metrics.mae]).toEqual(['succeeded', 'GPU-fake'.length]);
  expect(first.steps[0]).toMatchObject({ peakGpuMemoryBytes: 9_000 * 2 ** 20, gpuPercent: 20 });
  load(10, 4_000);
  for (let i = 0; i < 4; i++) {
    await run(asked, { SECONDS: 2 });
  }
  const advice = await until(async () => {
    const { items } = (await app.call('GET', '/job-advice')).body as { items: JobAdvice[] };
    return items.some(a => a.about === 'gpu_use') && items;
  });
  expect(advice.find(a => a.about === 'gpu_memory')).toMatchObject({ label: 'accelerated / train', runs: 5, peakBytes: 9_000 * 2 ** 20, askedBytes: 80 * GIB, text: expect.stringContaining('never used more than 8.79 GiB of one in 5 runs: gpus: 0.18 would do') });
  expect(advice.find(a => a.about === 'gpu_use')).toMatchObject({ percent: 20, runs: 5 });
  // A step that holds none, or a share of one, tells nothing of it.
  expect((await run({ resources: { memoryBytes: GIB } }, { SECONDS: 2 })).steps[0]).toMatchObject({ peakGpuMemoryBytes: null, gpuPercent: null });
  expect((await run({ resources: { gpus: 0.5, memoryBytes: GIB } }, { SECONDS: 2 })).steps[0]).toMatchObject({ peakGpuMemoryBytes: null });
});

test('a step whose GPU idles is stopped by its rule, and told of for the memory it never lets go', async () => {
  load(3, 500);
  const rules = [
    { kind: 'memory_growing', percent: 1, forMs: 10_000, afterMs: 0 },
    { kind: 'gpu_idle', forMs: 14_000, afterMs: 1_000, action: 'stop' }
  ];
  const stopped = await run({ resources: { gpus: 1, memoryBytes: GIB }, rules }, { SECONDS: 60 });
  expect([stopped.status, stopped.steps[0]!.error]).toMatchObject(['failed', { code: 'training_rule', message: expect.stringMatching(/^Stopped by the rule gpu_idle on gpu\. For 14 s its GPUs were at most 3 % busy/) }]);
  const { items } = (await app.call('GET', `/pipeline-runs/${stopped.runId}/findings`)).body as { items: TrainingFinding[] };
  expect(items.map(f => [f.rule.kind, f.metric, f.rule.action])).toEqual([['memory_growing', 'memory', 'alert'], ['gpu_idle', 'gpu', 'stop']]);
  expect(items[0]!.message).toMatch(/^For 10 s its memory only grew, by \d+ MiB/);
});
