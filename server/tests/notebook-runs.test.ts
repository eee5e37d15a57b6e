import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { PipelineRun } from '@slipway/schema';
import { notebook } from './notebook-fixtures';
import { isOver, savePipeline } from './proved-pipeline';
import { startApp, until, type RunningApp } from './running-app';

jest.setTimeout(180_000);

let app: RunningApp;
beforeAll(async () => {
  app = await startApp();
});
afterAll(() => app.stop());

const CELLS = {
  setup: 'from sklearn.metrics import mean_absolute_error\nRATE = 2.0',
  blank: '  \n',
  load: 'rows = [1, 2, 3]',
  aside: 'print("an aside")',
  work: 'total = sum(rows) * RATE',
  score: 'mae = mean_absolute_error([0.0], [total])\nprint("mae", mae)'
};

async function ended(runId: string): Promise<PipelineRun> {
  return until(async () => {
    const { body } = await app.call('GET', `/pipeline-runs/${runId}`);
    return isOver(body) && (body as PipelineRun);
  });
}

async function cellsRun(run: PipelineRun): Promise<string[]> {
  const { body } = await app.call('GET', `/pipeline-runs/${run.runId}/steps/${encodeURIComponent(run.steps[0]!.name)}/notebook`);
  return body.cells.map((cell: { id: string }) => cell.id);
}

test('a notebook runs whole, as the editor holds it, with other params; nothing but the run is kept', async () => {
  const book = notebook(CELLS);
  const started = await app.call('POST', '/notebook-runs', { notebookPath: book.path, notebook: book.json, params: { RATE: 4.5 } });
  expect(started).toMatchObject({ status: 201, body: { version: 0, pipeline: 'notebook', origin: { notebook: { path: book.path, cells: null } } } });
  const run = await ended(started.body.runId);
  expect(run).toMatchObject({ status: 'succeeded', metrics: { mae: 27 }, params: { RATE: 4.5 }, models: [], steps: [{ name: 'notebook', status: 'succeeded', hasNotebook: true }] });
  expect(await cellsRun(run)).toEqual(['setup', 'load', 'aside', 'work', 'score']);
  expect(run.mlflowRunId).not.toBeNull();
  expect(await app.call('GET', '/pipelines')).toMatchObject({ body: { items: [] } });
});

test('it counts as its project’s, and says who started it in words', async () => {
  const book = notebook(CELLS);
  const { body: token } = await app.call('POST', '/tokens', { name: 'nightly', permissions: ['pipelines:write'] });
  const response = await fetch(`${app.url}/api/v1/notebook-runs`, { method: 'POST', headers: { 'content-type': 'application/json', authorization: `Bearer ${token.secret}` }, body: JSON.stringify({ notebookPath: book.path, notebook: book.json, cells: ['load'], project: 'vision' }) });
  const started = (await response.json()) as PipelineRun;
  expect(response.status).toBe(201);
  expect(started.origin.reason).toMatch(/^nightly \(API token\) ran /);
  await ended(started.runId);
  const { body: jobs } = await app.call('GET', '/jobs?state=ended&project=vision');
  expect(jobs.items).toMatchObject([{ owner: started.runId, project: 'vision', createdBy: 'token:nightly' }]);
});

test('of chosen cells only those run that they rest on', async () => {
  const book = notebook(CELLS);
  const started = await app.call('POST', '/notebook-runs', { notebookPath: book.path, cells: ['work'] });
  const run = await ended(started.body.runId);
  expect(run).toMatchObject({ status: 'succeeded', metrics: {}, steps: [{ name: 'selection' }] });
  expect(await cellsRun(run)).toEqual(['setup', 'load', 'work']);
});

test('a notebook’s runs are listed newest first in pages, and are not those of a pipeline of its name', async () => {
  const book = notebook(CELLS);
  const ids: string[] = [];
  for (const cells of [['load'], ['aside'], ['setup']]) {
    const { body } = await app.call('POST', '/notebook-runs', { notebookPath: book.path, cells });
    ids.unshift((await ended(body.runId)).runId);
  }
  const ask = (rest: string) => app.call('GET', `/notebook-runs?notebookPath=${encodeURIComponent(book.path)}${rest}`);
  const first = (await ask('&limit=2')).body;
  expect(first.items.map((run: PipelineRun) => run.runId)).toEqual(ids.slice(0, 2));
  expect((await ask(`&limit=2&cursor=${first.nextCursor}`)).body.items.map((run: PipelineRun) => run.runId)).toEqual(ids.slice(2));
  expect(await ask('&cursor=nonsense')).toMatchObject({ status: 400, body: { code: 'invalid_cursor' } });
  await savePipeline(app, 'notebook', CELLS);
  expect((await app.call('GET', '/pipelines/notebook/runs')).body.items).toEqual([]);
  expect((await app.call('GET', '/pipelines')).body.items).toMatchObject([{ name: 'notebook', recentRuns: [] }]);
});

test('what fails names its cell, and a retry goes on with the same run', async () => {
  const book = notebook({ setup: 'from pathlib import Path', work: 'text = Path("late.txt").read_text()\nprint(text)' });
  const { body } = await app.call('POST', '/notebook-runs', { notebookPath: book.path, cells: ['work'] });
  const run = await ended(body.runId);
  expect(run).toMatchObject({ status: 'failed', steps: [{ error: { code: 'cell_failed', cellId: 'work' } }] });
  writeFileSync(join(book.folder, 'late.txt'), 'here');
  const again = await app.call('POST', `/pipeline-runs/${run.runId}/retry`, {});
  expect(again).toMatchObject({ status: 200, body: { runId: run.runId } });
  expect(await ended(run.runId)).toMatchObject({ status: 'succeeded', steps: [{ status: 'succeeded' }] });
});

test('what could never run is refused with its place', async () => {
  const book = notebook(CELLS);
  const ask = (body: object) => app.call('POST', '/notebook-runs', { notebookPath: book.path, ...body });
  expect(await ask({ cells: ['nowhere'] })).toMatchObject({ status: 400, body: { code: 'unknown_cell' } });
  expect(await ask({ cells: [] })).toMatchObject({ status: 400, body: { code: 'invalid_input' } });
  expect(await ask({ cells: ['blank'] })).toMatchObject({ status: 400, body: { code: 'nothing_to_run' } });
  expect(await ask({ params: { NOPE: 1 } })).toMatchObject({ status: 400, body: { code: 'unknown_param' } });
  expect(await ask({ params: { RATE: 'fast' } })).toMatchObject({ status: 400, body: { code: 'param_type' } });
  expect(await ask({ step: { resources: { gpus: 512 } } })).toMatchObject({ status: 400, body: { code: 'not_feasible', errors: [{ path: 'step.resources.gpus' }] } });
  expect(await ask({ step: { engine: 'nowhere' } })).toMatchObject({ status: 400 });
  expect(await ask({ step: { when: 'true' } })).toMatchObject({ status: 400, body: { code: 'invalid_input' } });
  expect(await ask({ notebookPath: 'not/absolute.ipynb' })).toMatchObject({ status: 400, body: { code: 'path_not_absolute' } });
  expect(await ask({ notebookPath: `${book.folder}/gone.ipynb` })).toMatchObject({ status: 400, body: { code: 'notebook_not_found' } });
  const r = { nbformat: 4, nbformat_minor: 5, metadata: { kernelspec: { name: 'ir', language: 'R' }, language_info: { name: 'R' } }, cells: [{ id: 'a', cell_type: 'code', source: 'x <- 1' }] };
  expect(await ask({ notebook: r })).toMatchObject({ status: 400, body: { code: 'notebook_not_python' } });
});
