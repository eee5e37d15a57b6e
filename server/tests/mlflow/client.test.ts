import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { startApp, type RunningApp } from '../running-app';

jest.setTimeout(180_000);

let app: RunningApp;
let token: string;
beforeAll(async () => {
  app = await startApp({ auth: 'token' });
  token = readFileSync(join(app.home, 'token'), 'utf8').trim();
});
afterAll(() => app.stop());

test('the real MLflow client tells its whole story: runs, search, artifacts, autolog, models, aliases', async () => {
  const python = join(__dirname, '../../../.venv/bin/python');
  const { stdout } = await promisify(execFile)(python, [join(__dirname, 'client_story.py')], {
    env: { ...process.env, MLFLOW_TRACKING_URI: app.url, MLFLOW_TRACKING_TOKEN: token, GIT_PYTHON_REFRESH: 'quiet' }
  });
  expect(stdout).toContain('story told');
});

test('the registry’s own endpoints show what the files of that model say', async () => {
  const version = await own('GET', '/models/wine/versions/@champion');
  expect(version).toMatchObject({ name: 'wine', version: '1', aliases: ['champion'], flavors: ['python_function', 'sklearn'], tags: { checked: 'yes' } });
  expect(version.signature.inputs[0]).toEqual({ name: 'alcohol', type: 'double', required: true });
  expect(version.example.columns).toHaveLength(13);
  expect((await own('GET', '/models')).items).toEqual(expect.arrayContaining([expect.objectContaining({ name: 'wine', versionCount: 1, aliases: { champion: '1' } })]));
  expect((await own('PUT', '/models/wine/aliases/champion', { version: null })).aliases).toEqual({});
  expect(await own('GET', '/models/wine/versions/@champion')).toMatchObject({ code: 'no_such_alias', status: 404 });
});

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- each test knows its reply
async function own(method: string, path: string, body?: unknown): Promise<any> {
  const headers = { authorization: `Bearer ${token}`, ...(body !== undefined && { 'content-type': 'application/json' }) };
  return (await fetch(`${app.url}/api/v1${path}`, { method, headers, ...(body !== undefined && { body: JSON.stringify(body) }) })).json();
}

async function mlflow(method: string, path: string, body?: string, headers: Record<string, string> = { 'content-type': 'application/json' }): Promise<{ status: number; text: string }> {
  const response = await fetch(`${app.url}/api/2.0/mlflow${path}`, { method, headers: { ...headers, authorization: `Bearer ${token}` }, ...(body !== undefined && { body }) });
  return { status: response.status, text: await response.text() };
}

async function newRun(): Promise<string> {
  const { text } = await mlflow('POST', '/runs/create', '{"experiment_id":"0","start_time":1}');
  return (JSON.parse(text) as { run: { info: { run_id: string } } }).run.info.run_id;
}

test('a batch is stored whole or not at all', async () => {
  const run = await newRun();
  const metrics = Array.from({ length: 1_001 }, (_, i) => ({ key: 'm', value: i, timestamp: i, step: i }));
  for (const body of [{ metrics }, { metrics: metrics.slice(0, 1), params: [{ key: 'a', value: '1' }, { key: 'a', value: '2' }] }, { metrics: metrics.slice(0, 1), tags: [{ key: '', value: 'x' }] }]) {
    const reply = await mlflow('POST', '/runs/log-batch', JSON.stringify({ run_id: run, ...body }));
    expect(reply.status).toBe(400);
    expect(JSON.parse(reply.text)).toMatchObject({ error_code: 'INVALID_PARAMETER_VALUE' });
  }
  const { text } = await mlflow('GET', `/runs/get?run_id=${run}`);
  expect((JSON.parse(text) as { run: { data: object } }).run.data).not.toHaveProperty('metrics');
});

test('steps keep 64 bits, NaN is text, the latest metric goes by step', async () => {
  const run = await newRun();
  for (const body of ['{"key":"m","value":"NaN","timestamp":5,"step":"9223372036854775807"}', '{"key":"m","value":1,"timestamp":9,"step":9223372036854775806}']) {
    expect((await mlflow('POST', '/runs/log-metric', body.replace('{', `{"run_uuid":"${run}",`))).status).toBe(200);
  }
  const { text } = await mlflow('GET', `/runs/get?run_uuid=${run}`);
  expect(text).toContain('"value":"NaN","timestamp":5,"step":9223372036854775807');
});

test.each([
  ['a filter with OR', '/runs/search', '{"experiment_ids":["0"],"filter":"metrics.a > 1 OR metrics.b > 2"}'],
  ['a filter with brackets', '/runs/search', '{"experiment_ids":["0"],"filter":"(metrics.a > 1)"}'],
  ['SQL in a filter', '/runs/search', `{"experiment_ids":["0"],"filter":"params.a = 'x'; drop table run"}`],
  ['malformed JSON', '/runs/create', '{"experiment_id":'],
  ['a name too long', '/experiments/create', JSON.stringify({ name: 'x'.repeat(501) })],
  ['a NUL in a key', '/runs/set-tag', '{"run_id":"00000000000000000000000000000000","key":"a\\u0000b","value":""}'],
  ['a missing field', '/runs/log-metric', '{"key":"a"}']
])('%s is 400 in MLflow’s shape', async (_name, path, body) => {
  const reply = await mlflow('POST', path, body);
  expect(reply).toMatchObject({ status: 400 });
  expect(JSON.parse(reply.text)).toMatchObject({ error_code: 'INVALID_PARAMETER_VALUE', message: expect.any(String) });
});

test('a wrong content type is 400; an unknown run is 404', async () => {
  expect((await mlflow('POST', '/runs/create', '{}', { 'content-type': 'text/plain' })).status).toBe(400);
  expect((await mlflow('GET', '/runs/get?run_id=ffffffffffffffffffffffffffffffff')).status).toBe(404);
});

test('artifact paths cannot climb, however encoded', async () => {
  for (const path of ['0/a/..%2f..%2fx', '0/%252e%252e%252fx', '0/a%5c..%5cx', '0/a%00b']) {
    const response = await fetch(`${app.url}/api/2.0/mlflow-artifacts/artifacts/${path}`, { method: 'PUT', body: 'x', headers: { authorization: `Bearer ${token}` } });
    expect([path, response.status]).toEqual([path, 400]);
  }
});

test('a download can be resumed in the middle', async () => {
  const url = `${app.url}/api/2.0/mlflow-artifacts/artifacts/0/part/file.bin`;
  const headers = { authorization: `Bearer ${token}` };
  await fetch(url, { method: 'PUT', body: 'abcdefghij', headers });
  const response = await fetch(url, { headers: { ...headers, range: 'bytes=4-' } });
  expect([response.status, await response.text()]).toEqual([206, 'efghij']);
});

test('a version’s source must lie inside its own run', async () => {
  await mlflow('POST', '/registered-models/create', '{"name":"m"}');
  for (const source of ['/etc', 'file:///etc', 'https://example.org/x', 'mlflow-artifacts:/0/other/artifacts']) {
    expect((await mlflow('POST', '/model-versions/create', JSON.stringify({ name: 'm', source, run_id: await newRun() }))).status).toBe(400);
  }
  expect((await mlflow('GET', '/registered-models/alias?name=m&alias=none')).status).toBe(400);
  expect((await mlflow('DELETE', '/registered-models/alias', '{"name":"m","alias":"none"}')).status).toBe(200);
});
