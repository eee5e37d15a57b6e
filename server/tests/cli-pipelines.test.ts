import { execFile } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { notebook } from './notebook-fixtures';
import { startApp, type RunningApp } from './running-app';

jest.setTimeout(180_000);

const BIN = join(__dirname, '../../bin/slipway.mjs');
let app: RunningApp;
beforeAll(async () => {
  app = await startApp();
});
afterAll(() => app.stop());

/** One command as its user gives it; never rejects. */
const slipway = (...args: string[]) => slipwayWith({}, ...args);

function slipwayWith(env: Record<string, string>, ...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  return new Promise(resolve => {
    execFile(process.execPath, [BIN, ...args], { env: { ...process.env, SLIPWAY_URL: app.url, SLIPWAY_HOME: app.home, ...env } }, (error, stdout, stderr) =>
      resolve({ code: error ? Number(error.code) : 0, stdout, stderr })
    );
  });
}
const json = (text: string) => JSON.parse(text);

const book = notebook({
  a: 'from sklearn.metrics import mean_absolute_error\nSHIFT = 1.5\nTAG = "7"',
  b: 'print("hello", TAG)\nvalue = 1.0 + SHIFT',
  m: 'mae = mean_absolute_error([0.0], [value])\nprint(mae)'
});

test('productionize saves, then says unchanged, and refuses what differs unless told otherwise', async () => {
  const saved = await slipway('productionize', book.path, '--name', 'cli', '--json');
  expect(saved.code).toBe(0);
  expect(json(saved.stdout)).toMatchObject({ pipeline: 'cli', version: 1, status: 'saved', result: 'same', differences: [] });
  expect(saved.stderr).toContain('fresh kernel');
  const again = await slipway('productionize', book.path, '--name', 'cli', '--cron', '0 3 * * *', '--tz', 'Europe/Berlin');
  expect(again).toMatchObject({ code: 0, stdout: expect.stringContaining('unchanged') });
  expect((await app.call('GET', '/pipelines/cli')).body.schedule).toMatchObject({ cron: '0 3 * * *', timeZone: 'Europe/Berlin', isPaused: false });
  const differs = await slipway('productionize', book.path, '--name', 'cli', '--param', 'SHIFT=3', '--json');
  expect(differs.code).toBe(1);
  expect(json(differs.stdout).error).toMatchObject({ code: 'results_differ' });
  expect((await app.call('GET', '/pipelines/cli')).body.latestVersion).toBe(1);
  const allowed = await slipway('productionize', book.path, '--name', 'cli', '--param', 'SHIFT=3', '--allow-differences', '--json');
  expect([allowed.code, json(allowed.stdout).version]).toEqual([0, 2]);
});

test('run waits for the end and prints what the contract says; params keep the type of their constant', async () => {
  const run = await slipway('run', 'cli', '--param', 'SHIFT=0.5', '--param', 'TAG=9', '--wait', '--json');
  expect(run.code).toBe(0);
  const printed = json(run.stdout);
  expect(Object.keys(printed).sort()).toEqual(['metrics', 'mlflowRunId', 'models', 'params', 'pipeline', 'runId', 'status', 'steps', 'version']);
  expect(printed).toMatchObject({ pipeline: 'cli', version: 2, status: 'succeeded', params: { SHIFT: 0.5, TAG: '9' }, metrics: { mae: 1.5 }, models: [] });
  expect(printed.steps[0]).toEqual({ name: expect.any(String), status: 'succeeded', cached: false, attempts: 1, durationMs: expect.any(Number), pid: expect.any(Number) });
  const logs = await slipway('logs', printed.runId);
  expect(logs).toMatchObject({ code: 0, stdout: expect.stringContaining('hello 9') });
  const runs = await slipway('runs', 'cli', '--json');
  expect(json(runs.stdout).map((r: { runId: string }) => r.runId)).toEqual([printed.runId]);
});

test('a failed run, a wrong name, a broken notebook and an absent daemon have exit codes of their own', async () => {
  writeFileSync(join(book.folder, 'ok.txt'), '1');
  const shaky = notebook({ m: 'from sklearn.metrics import accuracy_score\nLIMIT = 1\nassert LIMIT < 5\nscore = accuracy_score([1], [1])\nprint(score)' });
  expect((await slipway('productionize', shaky.path, '--name', 'shaky')).code).toBe(0);
  const failed = await slipway('run', 'shaky', '--param', 'LIMIT=9', '--wait', '--json');
  expect([failed.code, json(failed.stdout).status, json(failed.stdout).steps[0].error.code]).toEqual([1, 'failed', 'cell_failed']);
  expect(json((await slipway('run', 'nothing', '--wait', '--json')).stdout).error.code).toBe('pipeline_not_found');
  expect((await slipway('run', 'nothing')).code).toBe(2);
  const broken = join(mkdtempSync(join(tmpdir(), 'slipway-broken-')), 'broken.ipynb');
  writeFileSync(broken, '{"cells": [');
  expect((await slipway('productionize', broken, '--name', 'x')).code).toBe(2);
  expect((await slipway('productionize', book.path, '--name', 'bad name')).code).toBe(2);
  expect((await slipway('productionize', book.path, '--name', 'x', '--cron', '61 * * * *')).code).toBe(2);
  const nobody = await new Promise<{ code: unknown; stdout: string }>(resolve =>
    execFile(process.execPath, [BIN, 'run', 'cli', '--json'], { env: { ...process.env, SLIPWAY_URL: 'http://127.0.0.1:9' } }, (error, stdout) => resolve({ code: error?.code, stdout }))
  );
  expect([nobody.code, json(nobody.stdout).error.code]).toEqual([3, 'no_daemon']);
});

test('a notebook in another language is refused with 2 and told why, whatever cells are asked for', async () => {
  const shell = notebook({ a: 'x=1\necho $x' });
  writeFileSync(shell.path, JSON.stringify({ ...shell.json, metadata: { kernelspec: { name: 'bash', display_name: 'Bash', language: 'bash' }, language_info: { name: 'bash' } } }));
  for (const args of [[], ['--sink', 'a']]) {
    const { code, stdout } = await slipway('productionize', shell.path, '--name', 'shell', '--json', ...args);
    expect(code).toBe(2);
    expect(json(stdout)).toEqual({ error: { code: 'notebook_not_python', message: expect.stringContaining('written in bash: only Python notebooks') } });
  }
});

test.each([
  ['a required option left out', ['productionize', book.path, '--json'], {}],
  ['an unknown command', ['nonsense', '--json'], {}],
  ['a time zone without a schedule', ['productionize', book.path, '--name', 'zoned', '--tz', 'Europe/Berlin', '--json'], {}],
  ['an environment that is wrong', ['runs', 'cli', '--json'], { SLIPWAY_URL: 'nonsense' }]
])('%s ends with 2 and one JSON value', async (_what, args, env) => {
  const { code, stdout } = await slipwayWith(env, ...args);
  expect(code).toBe(2);
  expect(json(stdout)).toMatchObject({ error: { code: expect.stringMatching(/^bad_/), message: expect.any(String) } });
});

test('a secret comes by stdin, never by the command line, and is never shown', async () => {
  const set = (value: string, ...args: string[]) =>
    new Promise<{ code: number; stdout: string; stderr: string }>(resolve => {
      const child = execFile(process.execPath, [BIN, 'secrets', 'set', ...args], { env: { ...process.env, SLIPWAY_URL: app.url, SLIPWAY_HOME: app.home } }, (error, stdout, stderr) => resolve({ code: error ? Number(error.code) : 0, stdout, stderr }));
      child.stdin!.end(value);
    });
  expect(await set('hunter22\n', 'warehouse', '--json')).toMatchObject({ code: 0, stdout: expect.stringContaining('"name":"warehouse"') });
  const listed = await slipway('secrets', 'list', '--json');
  expect(json(listed.stdout)).toMatchObject([{ name: 'warehouse' }]);
  expect(listed.stdout).not.toContain('hunter22');
  expect((await set('', 'warehouse')).code).toBe(2);
  expect((await set('', 'warehouse', 'hunter22')).code).toBe(2);
  expect(await slipway('secrets', 'delete', 'warehouse', '--json')).toMatchObject({ code: 0, stdout: '{"deleted":"warehouse"}\n' });
  expect(json((await slipway('secrets', 'list', '--json')).stdout)).toEqual([]);
});

test('a token of another name is made, listed without its secret, and revoked', async () => {
  const made = json((await slipway('tokens', 'add', 'bob', '--days', '7', '--json')).stdout) as { name: string; secret: string; permissions: string[] };
  expect(made).toMatchObject({ name: 'bob', secret: expect.any(String), permissions: expect.arrayContaining(['pipelines:approve', 'registry:approve']) });
  expect(made.permissions).not.toContain('pipelines:write');
  const listed = await slipway('tokens', 'list', '--json');
  expect(json(listed.stdout)).toMatchObject([{ name: 'bob', permissions: made.permissions }]);
  expect(listed.stdout).not.toContain(made.secret);
  expect(json((await slipway('tokens', 'add', 'dashboard', '--may', 'predictions:create', 'runs:read', '--json')).stdout)).toMatchObject({ permissions: ['predictions:create', 'runs:read'], expiresAt: null });
  expect((await slipway('tokens', 'add', 'wrong', '--may', 'everything', '--json')).code).toBe(2);
  expect(await slipway('tokens', 'revoke', 'bob', '--json')).toMatchObject({ code: 0 });
  expect(await slipway('tokens', 'revoke', 'bob', '--json')).toMatchObject({ code: 2, stdout: expect.stringContaining('no_such_token') });
  expect((json((await slipway('tokens', 'list', '--json')).stdout) as { name: string }[]).map(t => t.name)).toEqual(['dashboard']);
});
