import { execFile } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { LineageGraph, LineageNode } from '@slipway/schema';
import { registryOf } from '../registry/registry-fixtures';
import { startApp, type RunningApp } from '../running-app';
import { hookSession, metric, read, sha, wrote } from './hook-session';

jest.setTimeout(120_000);

let app: RunningApp;
let mlflow: ReturnType<typeof registryOf>['mlflow'];
beforeAll(async () => {
  app = await startApp();
  mlflow = registryOf(app).mlflow;
});
afterAll(() => app.stop());

async function graph(uri: string, more: Record<string, string> = {}): Promise<LineageGraph> {
  const { status, body } = await app.call('GET', `/lineage?${new URLSearchParams({ uri, ...more }).toString()}`);
  expect({ status, body }).toMatchObject({ status: 200 });
  return body as LineageGraph;
}

const uris = (found: LineageGraph, kind: string): string[] => found.nodes.filter(n => n.kind === kind).map(n => n.uri);
const node = (found: LineageGraph, start: string): LineageNode => found.nodes.find(n => n.uri.startsWith(start))!;

async function createRun(name = 'r'): Promise<string> {
  return (await mlflow('POST', '/runs/create', { experiment_id: '0', run_name: name, start_time: 1 })).body.run.info.run_id as string;
}

test('a run of MLflow’s client leads from its dataset by way of its logged model to a registered version', async () => {
  const runId = await createRun('wines');
  const dataset = { name: 'wine', digest: 'a1b2c3d4', source_type: 'local', source: '{"uri": "/data/wine.csv"}' };
  await mlflow('POST', '/runs/log-inputs', { run_id: runId, datasets: [{ dataset, tags: [] }] });
  const { model } = (await mlflow('POST', '/logged-models', { experiment_id: '0', name: 'forest', model_type: 'sklearn', source_run_id: runId })).body;
  await mlflow('POST', '/runs/outputs', { run_id: runId, models: [{ model_id: model.info.model_id, step: 0 }] });
  await mlflow('POST', '/registered-models/create', { name: 'wine' });
  const made = await mlflow('POST', '/model-versions/create', { name: 'wine', source: `models:/${model.info.model_id}`, model_id: model.info.model_id });
  expect(made.status).toBe(200);

  const up = await graph('model:wine@1');
  expect(new Set(up.nodes.map(n => n.uri))).toEqual(new Set(['model:wine@1', `run:${runId}`, `logged-model:${model.info.model_id}`, 'dataset:/data/wine.csv@mlflow:a1b2c3d4']));
  expect(node(up, 'run:')).toMatchObject({ label: 'wines', detail: 'Default · running', isKnown: true, pipelineRunId: null });
  expect(node(up, 'dataset:')).toMatchObject({ label: 'wine.csv', detail: '/data/wine.csv', digest: 'mlflow:a1b2c3d4' });
  expect(node(up, 'logged-model:')).toMatchObject({ label: 'forest', detail: 'sklearn' });
  expect(uris(await graph('dataset:@mlflow:a1b2c3d4', { direction: 'down' }), 'model')).toEqual(['model:wine@1']);

  await mlflow('POST', '/registered-models/create', { name: 'copied' });
  await mlflow('POST', '/model-versions/create', { name: 'copied', source: 'models:/wine/1' });
  expect((await graph('model:copied@1', { depth: '1' })).edges.map(e => e.from)).toContain('model:wine@1');
  await mlflow('POST', '/registered-models/rename', { name: 'copied', new_name: 'renamed' });
  expect((await graph('model:renamed@1', { depth: '1' })).edges.map(e => e.from)).toContain('model:wine@1');
  expect((await app.call('GET', '/lineage?uri=model:copied@1')).status).toBe(404);
});

test('cells lead from files to trials, and to what MLflow’s client logged in them; the same bytes elsewhere lead on', async () => {
  const runId = await createRun('fluent');
  const session = hookSession(app, '/work/train.ipynb');
  await session.run(
    { id: 'load', source: '# Load the rows\nimport pandas as pd\nrows = pd.read_csv("rows.csv")', bound: ['pd', 'rows'], data: [read('/work/rows.csv', sha('a'))] },
    { id: 'fit', source: 'score = fit(rows, depth=3)', bound: ['score'], read: ['rows'], metrics: [metric('score', 0.9)], mlflowRuns: [{ runId, isExplicit: false }] }
  );
  const [trial] = await session.trials();
  await mlflow('POST', '/registered-models/create', { name: 'fluent' });
  await mlflow('POST', '/model-versions/create', { name: 'fluent', source: `runs:/${runId}/model`, run_id: runId });
  const earlier = hookSession(app, '/work/clean.ipynb');
  await earlier.run({ id: 'clean', source: 'clean().to_csv("out.csv")', data: [read('/raw/raw.csv', sha('b')), wrote('/clean/out.csv', sha('a'))] });

  const up = await graph('model:fluent@1');
  expect(uris(up, 'cell').map(uri => uri.replace(/@.*/, '')).sort()).toEqual(['cell:/work/clean.ipynb#clean', 'cell:/work/train.ipynb#fit', 'cell:/work/train.ipynb#load']);
  expect(uris(up, 'dataset').sort()).toEqual([`dataset:/clean/out.csv@sha256:${sha('a')}`, `dataset:/raw/raw.csv@sha256:${sha('b')}`, `dataset:/work/rows.csv@sha256:${sha('a')}`]);
  expect(node(up, 'cell:/work/train.ipynb#load')).toMatchObject({ label: 'Load the rows', detail: '/work/train.ipynb', isKnown: true });
  expect(up.edges.filter(e => e.kind === 'same')).toHaveLength(1);

  const down = await graph(`dataset:@sha256:${sha('b')}`, { direction: 'down' });
  expect(uris(down, 'model')).toEqual(['model:fluent@1']);
  expect(uris(down, 'run').sort()).toEqual([`run:${runId}`, `run:${trial!.id}`].sort());
  expect(uris(await graph(`run:${trial!.id}`, { depth: '1' }), 'dataset')).toEqual([]);
  expect((await graph(`run:${trial!.id}`, { direction: 'both', depth: '2' })).isTruncated).toBe(false);
});

test('the graph as it was then holds what had come about; before and after cut it', async () => {
  const session = hookSession(app, '/work/times.ipynb', new Date('2026-05-01T10:00:00.000Z'));
  await session.run({ id: 'first', source: 'open("x.csv")', data: [read('/t/x.csv', sha('c'))] });
  await session.run({ id: 'second', source: 'open("x.csv", "r")', data: [read('/t/x.csv', sha('c'))] });
  const uri = `dataset:/t/x.csv@sha256:${sha('c')}`;
  const cells = async (more: Record<string, string>): Promise<string[]> => uris(await graph(uri, { direction: 'down', ...more }), 'cell').map(u => /#(\w+)@/.exec(u)![1]!);
  expect((await cells({})).sort()).toEqual(['first', 'second']);
  expect(await cells({ at: '2026-05-01T10:01:30.000Z' })).toEqual(['first']);
  expect(await cells({ before: '2026-05-01T10:01:00.000Z' })).toEqual(['first']);
  expect(await cells({ after: '2026-05-01T10:01:30.000Z' })).toEqual(['second']);
  expect(await cells({ at: '2026-04-01T00:00:00.000Z' })).toEqual([]);
  expect(await app.call('GET', `/lineage?${new URLSearchParams({ uri, at: '2026-04-01T00:00:00.000Z', after: '2026-05-01T00:00:00.000Z' }).toString()}`)).toMatchObject({ status: 400, body: { code: 'invalid_input' } });
});

test('what nobody heard of is a 404 with a code; what is there and alone is a graph of one', async () => {
  const runId = await createRun('alone');
  expect(await graph(`run:${runId}`)).toMatchObject({ nodes: [{ label: 'alone' }], edges: [] });
  for (const uri of ['run:none', 'model:none@1', 'model:none', 'cell:x', `cell:/x.ipynb#a@${sha('d')}`, 'dataset:/none.csv', `dataset:@sha256:${sha('e')}`, 'pipeline:none@1', 'logged-model:m-1']) {
    expect({ uri, reply: await app.call('GET', `/lineage?uri=${encodeURIComponent(uri)}`) }).toMatchObject({ uri, reply: { status: 404, body: { code: 'unknown_uri' } } });
  }
});

test('what the real client logs, registers and copies is one graph', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'slipway-lineage-'));
  const { stdout } = await promisify(execFile)(join(__dirname, '../../../.venv/bin/python'), [join(__dirname, 'client_story.py'), folder], { env: { ...process.env, MLFLOW_TRACKING_URI: app.url } });
  const [runId, modelId] = stdout.trim().split('\n').at(-1)!.split(' ');
  const up = await graph('model:story-copy@1');
  expect(uris(up, 'model').sort()).toEqual(['model:story-copy@1', 'model:story@1']);
  expect(uris(up, 'logged-model')).toEqual([`logged-model:${modelId}`]);
  expect(uris(up, 'run')).toEqual([`run:${runId}`]);
  expect(node(up, 'dataset:')).toMatchObject({ label: 'table.csv', detail: join(folder, 'table.csv') });
});

test('models and runs of an import are linked like those made here', async () => {
  const runId = sha('9').slice(0, 32);
  const run = { runId, name: 'old', status: 'FINISHED', startTime: 1, endTime: 2, userId: 'u', params: {}, tags: {}, metrics: [], isDeleted: false, datasets: [{ name: 'iris', digest: 'ffff0000', sourceType: 'code', source: '{"tags": {}}', schema: null, profile: null, tags: {} }] };
  const imported = await app.call('POST', '/imports/runs', { experiment: { name: 'old', tags: {} }, runs: [run], loggedModels: [] });
  expect(imported).toMatchObject({ status: 200 });
  const version = { version: '3', source: `runs:/${runId}/model`, runId, modelId: null, description: '', userId: 'u', stage: 'None', createdAt: 5, tags: {} };
  const model = await app.call('POST', '/imports/models', { name: 'old', description: '', tags: {}, aliases: {}, versions: [version] });
  expect(model).toMatchObject({ status: 200 });
  expect(uris(await graph('model:old@3'), 'dataset')).toEqual(['dataset:iris@mlflow:ffff0000']);
});
