import type { PipelineRun, Proof, RunDetail } from '@slipway/schema';
import { notebook } from './notebook-fixtures';
import { startApp, until, type RunningApp } from './running-app';

jest.setTimeout(400_000);

let app: RunningApp;
beforeAll(async () => {
  app = await startApp();
});
afterAll(() => app.stop());

const CELLS = {
  load: 'import json\nfrom sklearn.metrics import accuracy_score\nwith open("rows.json") as f:\n    rows = json.load(f)',
  // Long enough for a second look at the machine, however fast it is.
  train: 'total = sum(i * i for i in range(20_000_000)) + rows[0]',
  score: 'score = accuracy_score([1, 0, 1], [1, 0, total % 2])'
};

test('a pipeline’s run tells what the machine did while its steps ran, where the step ran; a step from the cache did nothing', async () => {
  const book = notebook(CELLS, { 'rows.json': '[1]' });
  const { id } = (await app.call('POST', '/proofs', { name: 'machine', notebookPath: book.path, notebook: book.json })).body as Proof;
  const proof = await until(async () => {
    const { body } = await app.call('GET', `/proofs/${id}`);
    return body.status !== 'running' && (body as Proof);
  }, 200_000);
  expect(proof).toMatchObject({ status: 'same', differences: [] });
  expect((await app.call('POST', '/pipelines', { proofId: id })).status).toBe(201);
  const run = async (): Promise<{ run: PipelineRun; detail: RunDetail }> => {
    const { runId } = (await app.call('POST', '/pipelines/machine/runs', {})).body as { runId: string };
    const ended = await until(async () => {
      const { body } = await app.call('GET', `/pipeline-runs/${runId}`);
      return body.status !== 'queued' && body.status !== 'running' && (body as PipelineRun);
    }, 100_000);
    expect(ended.status).toBe('succeeded');
    return { run: ended, detail: (await app.call('GET', `/runs/${ended.mlflowRunId}`)).body as RunDetail };
  };
  const first = await run();
  const machine = new Map(first.detail.metrics.filter(m => m.key.startsWith('system/')).map(m => [m.key, m]));
  expect([...machine.keys()]).toEqual(expect.arrayContaining(['system/cpu_utilization_percentage', 'system/system_memory_usage_megabytes', 'system/disk_usage_percentage']));
  expect(machine.get('system/system_memory_usage_megabytes')!.count).toBeGreaterThan(1);
  expect(Number(machine.get('system/cpu_utilization_percentage')!.max)).toBeGreaterThan(0);
  // Not what the run is about: neither among its results, nor what the run's table shows first.
  expect(Object.keys(first.run.metrics)).toEqual(['score']);
  const again = await run();
  expect(again.run.steps.every(step => step.cached)).toBe(true);
  expect(again.detail.metrics.map(m => m.key)).toEqual(['score']);
});
