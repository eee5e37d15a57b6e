import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { PipelineRun, Proof } from '@slipway/schema';
import { notebook } from '../notebook-fixtures';
import { isOver } from '../proved-pipeline';
import { startApp, until, type RunningApp } from '../running-app';

jest.setTimeout(600_000);

/** `npm run test:distributed` made it: Slipway's environment, and PyTorch. */
const PYTHON = join(__dirname, '../../../.cache/distributed/bin/python');
const EXAMPLE = join(__dirname, '../../../examples/distributed-training.ipynb');
const RESOURCES = { cpus: 1, memoryBytes: 2 ** 30, ranks: 2 };

let app: RunningApp;
beforeAll(async () => {
  process.env.SLIPWAY_PYTHON = PYTHON;
  app = await startApp();
});
afterAll(() => app.stop());

async function save(name: string, cells: Record<string, string>, sink: string): Promise<void> {
  const book = notebook(cells);
  const grouping = [{ name: 'train', cells: Object.keys(cells) }];
  const started = await app.call('POST', '/proofs', { name, notebookPath: book.path, notebook: book.json, sinks: [sink], grouping });
  expect([started.status, started.status === 202 ? '' : started.body]).toEqual([202, '']);
  const proof = await until(async () => {
    const { body } = await app.call('GET', `/proofs/${started.body.id}`);
    return body.status !== 'running' && (body as Proof);
  }, 300_000);
  const saved = await app.call('POST', '/pipelines', { proofId: proof.id });
  expect([saved.status, saved.status === 201 ? '' : [proof, saved.body]]).toEqual([201, '']);
}

async function run(name: string, options: object): Promise<{ run: PipelineRun; log: string }> {
  expect(await app.call('PUT', `/pipelines/${name}/options`, { steps: { train: options } })).toMatchObject({ status: 200 });
  const { body } = await app.call('POST', `/pipelines/${name}/runs`, { useCache: false });
  const over = await until(async () => {
    const now = await app.call('GET', `/pipeline-runs/${body.runId}`);
    return isOver(now.body) && (now.body as PipelineRun);
  }, 300_000);
  return { run: over, log: (await app.call('GET', `/pipeline-runs/${body.runId}/steps/train/log`)).body.text };
}

test('the example trains in two ranks over gloo, and learns the same model as alone', async () => {
  const { cells } = JSON.parse(readFileSync(EXAMPLE, 'utf8')) as { cells: { id: string; cell_type: string; source: string[] }[] };
  await save('distributed', Object.fromEntries(cells.filter(c => c.cell_type === 'code').map(c => [c.id, c.source.join('')])), 'evaluate');
  const alone = await run('distributed', {});
  expect([alone.run.status, alone.run.error, alone.log.includes('rank 0 of 1')]).toEqual(['succeeded', null, true]);
  const gang = await run('distributed', { resources: RESOURCES });
  expect([gang.run.status, gang.run.steps[0]!.error, gang.log.includes('[rank 1] rank 1 of 2')]).toEqual(['succeeded', undefined, true]);
  // Halves of one table: the mean of both gradients is the gradient of all of it.
  expect(gang.run.metrics.loss).toBeCloseTo(Number(alone.run.metrics.loss), 5);
});

test('torchrun starts ranks of its own from a cell', async () => {
  const script = 'import torch, torch.distributed as dist\\ndist.init_process_group(\\"gloo\\")\\nt = torch.ones(1) * (dist.get_rank() + 1)\\ndist.all_reduce(t)\\nprint(\\"sum\\", t.item(), flush=True)\\ndist.destroy_process_group()\\n';
  await save('torchrun', { setup: 'from sklearn.metrics import mean_absolute_error', train: `open("ranks.py", "w").write("${script}")\nout = !torchrun --standalone --nproc-per-node=2 ranks.py\nprint(out)`, score: 'total = sum(float(line.split()[1]) for line in out if line.startswith("sum"))\nmae = mean_absolute_error([0.0], [total])\nprint("mae", mae)' }, 'score');
  const { run: over } = await run('torchrun', { resources: { cpus: 2, memoryBytes: 2 ** 31 } });
  expect([over.status, over.metrics]).toEqual(['succeeded', { mae: 6 }]);
});
