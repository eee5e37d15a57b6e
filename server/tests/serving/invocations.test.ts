import { execFile } from 'node:child_process';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { startApp, until, type RunningApp } from '../running-app';

jest.setTimeout(180_000);

const PYTHON = join(__dirname, '../../../.venv/bin/python');
interface Local {
  iris: { columns: string[]; rows: number[][]; predictions: number[] };
  line: number[];
}

let app: RunningApp;
let local: Local;
beforeAll(async () => {
  app = await startApp({ servingLimits: { live: 2, predictMs: 8_000, memoryBytes: 800 * 2 ** 20, restMs: 200 } });
  const env = { ...process.env, MLFLOW_TRACKING_URI: app.url, GIT_PYTHON_REFRESH: 'quiet' };
  const { stdout } = await promisify(execFile)(PYTHON, [join(__dirname, 'log_models.py')], { env, maxBuffer: 1e8 });
  local = JSON.parse(stdout.slice(stdout.indexOf('{"iris"'))) as Local;
});
afterAll(() => app?.stop());

interface Answer {
  status: number;
  text: string;
  json: any; // eslint-disable-line @typescript-eslint/no-explicit-any -- each test knows its reply
  headers: Headers;
}

async function invoke(model: string, body: unknown, type: string | null = 'application/json'): Promise<Answer> {
  const text = typeof body === 'string' || body instanceof Uint8Array ? body : JSON.stringify(body);
  const response = await fetch(`${app.url}/models/${model}/invocations`, { method: 'POST', body: Buffer.from(text as string), headers: type === null ? {} : { 'content-type': type } });
  const reply = await response.text();
  const json: unknown = /NaN/.test(reply) ? undefined : JSON.parse(reply);
  return { status: response.status, text: reply, json, headers: response.headers };
}

const odd = (what: string, path = ''): Promise<Answer> => invoke('odd/1', { dataframe_records: [{ what, path }] });

/** Pids of the Python processes that serve models, as the host sees them. */
function servingPids(): number[] {
  return readdirSync('/proc')
    .filter(name => /^\d+$/.test(name))
    .filter(pid => commandOf(pid).includes(app.home) && commandOf(pid)[0]!.includes('python'))
    .map(Number);
}
function commandOf(pid: string): string[] & { includes(part: string): boolean } {
  const parts = existsSync(`/proc/${pid}/cmdline`) ? readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0') : [''];
  return Object.assign(parts, { includes: (part: string) => parts.some(p => p.includes(part)) });
}

describe('predictions over HTTP are those of the model here', () => {
  test.each<[string, (iris: Local['iris']) => [string, unknown, string?]]>([
    ['dataframe_split', iris => ['iris/1', { dataframe_split: { columns: iris.columns, data: iris.rows } }]],
    ['dataframe_records, by alias', iris => ['iris/@champion', { dataframe_records: iris.rows.map(r => Object.fromEntries(r.map((v, i) => [iris.columns[i], v]))) }]],
    ['instances', iris => ['iris/latest', { instances: iris.rows.map(r => Object.fromEntries(r.map((v, i) => [iris.columns[i], v]))) }]],
    ['inputs', iris => ['iris/1', { inputs: Object.fromEntries(iris.columns.map((c, i) => [c, iris.rows.map(r => r[i])])) }]],
    ['CSV', iris => ['iris/1', [iris.columns, ...iris.rows].map(r => r.join(',')).join('\n'), 'text/csv']]
  ])('%s', async (_form, make) => {
    const [model, body, type] = make(local.iris);
    expect(await invoke(model, body, type)).toMatchObject({ status: 200, json: { predictions: local.iris.predictions } });
  });

  test('columns the signature does not name are left out, as MLflow does', async () => {
    const row = Object.fromEntries([...local.iris.columns, 'extra'].map((c, i) => [c, i]));
    expect((await invoke('iris/1', { dataframe_records: [row] })).status).toBe(200);
  });

  test('a name with a space, and two models at once', async () => {
    const rows = local.iris.rows.map(r => ({ 'sepal length (cm)': r[0] }));
    const [line, iris] = await Promise.all([invoke('a%20line/1', { dataframe_records: rows }), invoke('iris/1', { dataframe_split: { columns: local.iris.columns, data: local.iris.rows } })]);
    expect(line.json.predictions).toEqual(local.line);
    expect(iris.json.predictions).toEqual(local.iris.predictions);
  });

  test('fifty thousand rows in one request', async () => {
    const data = Array.from({ length: 50_000 }, (_, i) => local.iris.rows[i % 150]!);
    const reply = await invoke('iris/1', { dataframe_split: { columns: local.iris.columns, data } });
    expect(reply.json.predictions).toHaveLength(50_000);
    expect(reply.json.predictions.slice(150, 300)).toEqual(local.iris.predictions);
  });

  test('answers of other shapes come as MLflow writes them; prints do not disturb', async () => {
    expect((await odd('nan')).text).toBe('{"predictions": [NaN, Infinity]}');
    expect((await odd('dates')).json).toEqual({ predictions: [{ at: '2026-01-02T03:04:05', name: 'x', raw: 'YWI=\n' }] });
    expect((await odd('dict')).json).toEqual({ predictions: { scores: [1.5, 2.5], label: 'a' } });
  });
});

describe('what is wrong is told with a code', () => {
  const [a, b] = ['sepal length (cm)', 'petal length (cm)'];
  test.each<[string, string, unknown, number, string, (string | null)?]>([
    ['a missing column', 'iris/1', { dataframe_records: [{ [a]: 1 }] }, 400, 'schema_mismatch'],
    ['text for a number', 'iris/1', { dataframe_split: { columns: [a, 'sepal width (cm)', b, 'petal width (cm)'], data: [['x', 1, 1, 1]] } }, 400, 'schema_mismatch'],
    ['a list', 'iris/1', [1, 2], 400, 'unknown_form'],
    ['an unknown form', 'iris/1', { rows: [] }, 400, 'unknown_form'],
    ['two forms at once', 'iris/1', { inputs: [], instances: [] }, 400, 'unknown_form'],
    ['bad JSON', 'iris/1', '{"inputs":', 400, 'invalid_json'],
    ['nothing', 'iris/1', '', 400, 'invalid_json'],
    ['bytes that are no text', 'iris/1', Buffer.from([0xff, 0xfe, 0x00]), 400, 'invalid_json'],
    ['rows of unequal length', 'iris/1', { dataframe_split: { columns: [a], data: [[1, 2]] } }, 400, 'invalid_input'],
    ['a form', 'iris/1', 'a=1', 415, 'unsupported_content_type', 'application/x-www-form-urlencoded'],
    ['no content type', 'iris/1', '{}', 415, 'unsupported_content_type', null],
    ['another charset', 'iris/1', '{}', 415, 'unsupported_content_type', 'application/json; charset=latin1'],
    ['too many bytes', 'iris/1', Buffer.alloc(65 * 2 ** 20, 32), 413, 'entity_too_large'],
    ['an unknown model', 'nope/1', {}, 404, 'no_such_model'],
    ['an unknown version', 'iris/9', {}, 404, 'no_such_version'],
    ['no version at all', 'iris/one', {}, 404, 'no_such_version'],
    ['an unknown alias', 'iris/@nope', {}, 404, 'no_such_alias'],
    ['files that are no model', 'broken/1', {}, 503, 'worker_start_failed']
  ])('%s', async (_what, model, body, status, code, type = 'application/json') => {
    const reply = await invoke(model, body, type);
    expect(reply).toMatchObject({ status, json: { status, code, detail: expect.any(String) } });
    expect(reply.headers.has('retry-after')).toBe(status === 503);
  });

  test('an exception in the model names itself, and the process goes on', async () => {
    expect((await odd('raise')).json).toMatchObject({ status: 400, code: 'prediction_failed', detail: 'The model raised ValueError: no such thing' });
    const pids = servingPids();
    expect((await odd('fine')).json).toEqual({ predictions: ['fine'] });
    expect(servingPids()).toEqual(pids);
  });
});

describe('the process behind a model', () => {
  test('one killed from outside is replaced for the next request', async () => {
    await odd('fine');
    servingPids().forEach(pid => process.kill(pid, 'SIGKILL'));
    expect((await odd('fine')).json).toEqual({ predictions: ['fine'] });
  });

  test.each([
    ['exit', 'worker_died'],
    ['sleep', 'prediction_timeout'],
    ['hoard', 'worker_out_of_memory']
  ])('a request that makes it %s fails alone: those behind it are answered', async (what, code) => {
    await odd('fine');
    const replies = await Promise.all([odd(what), odd('behind'), odd('last')]);
    expect(replies[0]).toMatchObject({ status: 503, json: { code } });
    expect(replies.slice(1).map(r => r.json)).toEqual([{ predictions: ['behind'] }, { predictions: ['last'] }]);
  });

  test('it sees neither Slipway’s home nor the network, and writes to no file of ours', async () => {
    const port = new URL(app.url).port;
    const [home] = JSON.parse((await odd('look', app.home)).json.predictions[0]) as [string[]];
    expect(home).toEqual(['work']); // the way to its own files, and nothing else
    expect((await odd('network', port)).json).toMatchObject({ code: 'prediction_failed' });
  });

  test('at most two live at once; the one asked longest ago makes room, and no files stay', async () => {
    for (const model of ['iris/1', 'odd/1', 'a%20line/1']) {
      await invoke(model, {});
    }
    expect(servingPids()).toHaveLength(2);
    await until(() => readdirSync(join(app.home, 'work/serving')).length === 2);
  });
});

test('a token without the permission is refused', async () => {
  const { body } = await app.call('POST', '/tokens', { name: 'reader', permissions: ['registry:read'] });
  const response = await fetch(`${app.url}/models/iris/1/invocations`, { method: 'POST', body: '{}', headers: { 'content-type': 'application/json', authorization: `Bearer ${body.secret}` } });
  expect(response.status).toBe(403);
});
