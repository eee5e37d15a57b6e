import { randomUUID } from 'node:crypto';
import type { LiveMetric } from '../../src';
import { startRuntime, type TestRuntime } from '../runtime';

jest.setTimeout(120_000);

let t: TestRuntime;
beforeAll(async () => {
  t = await startRuntime();
});
afterAll(() => t.stop());

/** Runs cells and gives what came while they ran, with when. */
async function run(cells: string[]) {
  const told: (LiveMetric & { at: number })[] = [];
  const started = Date.now();
  const result = await t.runtime.runStep(
    { id: randomUUID(), kernelName: 'python3', folder: t.folder, cells: cells.map((source, i) => ({ id: `c${i}`, source })), inputs: [], inputFiles: [], outputs: [], models: [], env: {}, gpus: [], limits: { memoryBytes: 2 ** 31, cpus: 1, timeoutMs: 60_000, logBytes: 2 ** 20 } },
    { signal: new AbortController().signal, observer: { onMetrics: points => told.push(...points.map(p => ({ ...p, at: Date.now() - started }))) } }
  );
  return { result, told };
}

test('metrics of a loop come while it runs, each once, and are in the result again', async () => {
  const { result, told } = await run(['import time\nfrom sklearn.metrics import mean_absolute_error', 'for step in range(6):\n    time.sleep(0.2)\n    loss = mean_absolute_error([0.0], [1 / (step + 1)])']);
  expect(result.error).toBeUndefined();
  expect(told.map(({ name, step, value }) => [name, step, value])).toEqual([0, 1, 2, 3, 4, 5].map(step => ['loss', step, 1 / (step + 1)]));
  expect(told[5]!.at - told[0]!.at).toBeGreaterThan(700);
  expect(result.metrics.map(m => [m.name, m.step])).toEqual([0, 1, 2, 3, 4, 5].map(step => ['loss', step]));
});

test('what code tells MLflow, in a function too, is the step’s; no database is left in the notebook’s folder', async () => {
  const fit = 'import mlflow\ndef fit():\n    for epoch in range(3):\n        mlflow.log_metric("val_loss", 1.0 - epoch / 10, step=10 * epoch)\n    mlflow.log_metrics({"auc": 0.75})\nfit()';
  const { result, told } = await run([fit]);
  expect(result.error).toBeUndefined();
  const found = result.metrics.map(({ name, value, step, isLogged }) => ({ name, value, step, isLogged }));
  expect(found).toEqual([0, 1, 2].map((epoch): object => ({ name: 'val_loss', value: 1 - epoch / 10, step: 10 * epoch, isLogged: true })).concat({ name: 'auc', value: 0.75, step: 0, isLogged: true }));
  expect(told.map(p => [p.name, p.step])).toEqual(found.map(p => [p.name, p.step]));
  expect(result.files).toEqual([]);
  expect(result.reads.filter(r => r.path.includes('mlruns'))).toEqual([]);
});

test('a metric seen where it is measured and logged as well counts once', async () => {
  const { result } = await run(['import mlflow\nfrom sklearn.metrics import accuracy_score', 'mlflow.log_metric("accuracy", accuracy_score([1], [1]))']);
  expect(result.metrics.map(m => [m.name, m.step, m.isLogged])).toEqual([['accuracy', 0, undefined]]);
});

test('messages that only look like ours are none', async () => {
  const forged = ['k = get_ipython().kernel', "k.session.send(k.iopub_socket, 'slipway_metrics', {'points': [['x', 'text', 0], ['y', 1, 0.5], 3, [None, 1, 2]]}, parent=k.get_parent())", 'x = 1'].join('\n');
  const { result, told } = await run([forged]);
  expect([result.error, told]).toEqual([undefined, []]);
});
