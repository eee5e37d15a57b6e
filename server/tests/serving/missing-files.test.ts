import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { startApp, type RunningApp } from '../running-app';

jest.setTimeout(60_000);

const MLMODEL = 'flavors:\n  python_function:\n    loader_module: mlflow.sklearn\n';
let app: RunningApp;
let runId: string;
beforeAll(async () => {
  app = await startApp();
  const created = await mlflow('POST', 'runs/create', { experiment_id: '0', start_time: 1 });
  runId = created.body.run.info.run_id as string;
  await upload('model/MLmodel', MLMODEL);
});
afterAll(() => app.stop());

test('a version in an object store cannot be served, which is told with its place', async () => {
  await register('elsewhere', 's3://bucket/model');
  expect(await invoke('elsewhere/1')).toMatchObject({ status: 409, body: { code: 'model_stored_elsewhere', detail: expect.stringContaining('s3://bucket/model') } });
  expect(await app.call('GET', '/models/elsewhere/versions/1')).toMatchObject({ status: 200, body: { signature: null, flavors: [] } });
});

test('a version whose artifacts were removed is not found', async () => {
  await register('none', `runs:/${runId}/nothing`);
  expect(await invoke('none/1')).toMatchObject({ status: 404, body: { code: 'model_has_no_files' } });
});

test('files that are gone from the disk are named; nothing is a fault of the server, no path leaks, and their return is enough', async () => {
  await register('lost', `runs:/${runId}/model`);
  const artifact = `/api/2.0/mlflow-artifacts/artifacts/0/${runId}/artifacts/model/MLmodel`;
  expect((await fetch(app.url + artifact)).status).toBe(200);
  rmSync(join(app.home, 'artifacts/sha256'), { recursive: true });

  expect(await invoke('lost/1')).toMatchObject({ status: 409, body: { code: 'model_files_missing', detail: expect.stringContaining('model/MLmodel') } });
  expect(existsSync(join(app.home, 'work/serving')) ? readdirSync(join(app.home, 'work/serving')) : []).toEqual([]);
  const gone = await fetch(app.url + artifact);
  expect(gone.status).toBe(404);
  const text = await gone.text();
  expect(JSON.parse(text)).toMatchObject({ error_code: 'RESOURCE_DOES_NOT_EXIST', message: expect.stringContaining('disk') });
  expect(text).not.toContain(app.home);
  expect(await app.call('GET', '/models/lost/versions/1')).toMatchObject({ status: 200, body: { signature: null, flavors: [] } });

  await upload('model/MLmodel', MLMODEL);
  expect(await app.call('GET', '/models/lost/versions/1')).toMatchObject({ status: 200, body: { flavors: ['python_function'] } });
  expect((await invoke('lost/1')).body.code).toBe('worker_start_failed'); // it is looked at again: this one is no whole model
});

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- each test knows its reply
async function invoke(model: string): Promise<{ status: number; body: any }> {
  const response = await fetch(`${app.url}/models/${model}/invocations`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{"inputs":[[1]]}' });
  return { status: response.status, body: await response.json() };
}

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- each test knows its reply
async function mlflow(method: string, path: string, body: unknown): Promise<{ status: number; body: any }> {
  const response = await fetch(`${app.url}/api/2.0/mlflow/${path}`, { method, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
  return { status: response.status, body: await response.json() };
}

async function register(name: string, source: string): Promise<void> {
  expect((await mlflow('POST', 'registered-models/create', { name })).status).toBe(200);
  expect(await mlflow('POST', 'model-versions/create', { name, source, run_id: runId })).toMatchObject({ status: 200 });
}

async function upload(path: string, text: string): Promise<void> {
  expect((await fetch(`${app.url}/api/2.0/mlflow-artifacts/artifacts/0/${runId}/artifacts/${path}`, { method: 'PUT', body: text })).status).toBe(200);
}
