import { execFileSync } from 'node:child_process';
import { createHash, createHmac } from 'node:crypto';
import { appendFileSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { SavedTrigger, TriggerFiring } from '@slipway/schema';
import { notebook } from './notebook-fixtures';
import { DAILY, isOver, runsOf, savePipeline } from './proved-pipeline';
import { startApp, until, type RunningApp } from './running-app';

jest.setTimeout(180_000);

let app: RunningApp;
beforeAll(async () => {
  app = await startApp();
  await savePipeline(app, 'down', DAILY);
  await savePipeline(app, 'up', DAILY);
});
afterAll(() => app.stop());

const on = (...all: object[]) => ({ any: [{ all }] });
async function add(name: string, when: object, more: object = {}, pipeline = 'down'): Promise<SavedTrigger> {
  const { status, body } = await app.call('POST', `/pipelines/${pipeline}/triggers`, { name, when, ...more });
  expect([status, body.detail]).toEqual([201, undefined]);
  return body;
}
const firingsOf = async (id: string): Promise<TriggerFiring[]> => (await app.call('GET', `/triggers/${id}/firings`)).body.items;
const started = (id: string, count = 1): Promise<TriggerFiring[]> =>
  until(async () => {
    const all = (await firingsOf(id)).filter(f => f.state === 'started');
    return all.length >= count && all;
  });
const learnt = (id: string) => until(async () => (await app.database.db.selectFrom('trigger_source').select('state').where('trigger_id', '=', id).execute()).every(s => s.state !== null));
const folder = (): string => mkdtempSync(join(tmpdir(), 'slipway-trigger-'));
const runOf = async (firing: TriggerFiring) => (await app.call('GET', `/pipeline-runs/${firing.runId}`)).body;

test('a new file that has settled starts one run, with its path as a param', async () => {
  const root = folder();
  writeFileSync(join(root, 'old.csv'), '1');
  const { trigger } = await add('files', on({ kind: 'files', glob: `${root}/*.csv`, settleMs: 1_000 }), { bindings: [{ param: 'DAY', pointer: '/data/files/0' }] });
  await learnt(trigger.id);
  writeFileSync(join(root, 'new.csv'), '1');
  await sleep(700);
  appendFileSync(join(root, 'new.csv'), '2');
  const [firing] = await started(trigger.id);
  expect(firing!.reason).toBe(`New or changed: ${root}/new.csv.`);
  expect(await runOf(firing!)).toMatchObject({ trigger: 'trigger', params: { DAY: `${root}/new.csv` }, origin: { reason: firing!.reason, firing: { triggerId: trigger.id, trigger: 'files' } } });
  await sleep(1_500);
  expect(await firingsOf(trigger.id)).toHaveLength(1);
});

test('an upstream pipeline and an event: both are waited for, and each counts once', async () => {
  const { trigger } = await add('both', on({ kind: 'pipeline', pipeline: 'up' }, { kind: 'event', type: 'com.example.*', subject: 'fraud' }));
  const event = { specversion: '1.0', id: '1', source: '/monitors/3', type: 'com.example.drift', subject: 'fraud', data: { score: 0.4 } };
  expect((await app.call('POST', '/cloud-events', { ...event, subject: 'other' })).status).toBe(202);
  expect((await app.call('POST', '/cloud-events', event)).status).toBe(202);
  await until(async () => (await app.call('GET', `/triggers/${trigger.id}`)).body.pending === 1);
  expect(await firingsOf(trigger.id)).toEqual([]);
  const up = (await app.call('POST', '/pipelines/up/runs', {})).body;
  const [firing] = await started(trigger.id);
  expect(firing!.reason).toContain('com.example.drift of fraud.');
  expect(firing!.reason).toContain('The pipeline up succeeded.');
  expect(JSON.stringify(firing!.payload)).toContain(up.runId);
  await sleep(1_500);
  expect(await firingsOf(trigger.id)).toHaveLength(1);
});

test('many signals within the debounce are one firing', async () => {
  const { trigger } = await add('calm', on({ kind: 'event', type: 'burst' }), { debounceMs: 1_500 });
  for (let i = 0; i < 5; i++) {
    await app.call('POST', '/cloud-events', { specversion: '1.0', id: String(i), source: 's', type: 'burst' });
    await sleep(100);
  }
  const [firing] = await started(trigger.id);
  expect((firing!.payload.signals as unknown[]).length).toBe(5);
  expect(await firingsOf(trigger.id)).toHaveLength(1);
});

test('webhooks prove themselves as GitHub, GitLab and bearers do, and one sent twice counts once', async () => {
  const post = (id: string, body: string, headers: Record<string, string>) => fetch(`${app.url}/hooks/${id}`, { method: 'POST', body, headers: { 'content-type': 'application/json', ...headers } });
  const push = JSON.stringify({ ref: 'refs/heads/main', after: 'abc' });
  const github = await add('github', on({ kind: 'webhook', verify: 'github', branch: 'main' }), { bindings: [{ param: 'DAY', pointer: '/data/after' }] });
  const signed = (body: string) => ({ 'x-hub-signature-256': `sha256=${createHmac('sha256', github.secret!).update(body).digest('hex')}`, 'x-github-event': 'push', 'x-github-delivery': 'd-1' });
  expect((await post(github.trigger.id, push, {})).status).toBe(401);
  expect((await post(github.trigger.id, `${push} `, signed(push))).status).toBe(401);
  const other = JSON.stringify({ ref: 'refs/heads/other' });
  expect(await (await post(github.trigger.id, other, signed(other))).json()).toEqual({ isTaken: false });
  expect(await (await post(github.trigger.id, push, signed(push))).json()).toEqual({ isTaken: true });
  expect(await (await post(github.trigger.id, push, signed(push))).json()).toEqual({ isTaken: false });
  expect(await runOf((await started(github.trigger.id))[0]!)).toMatchObject({ params: { DAY: 'abc' } });
  expect(await firingsOf(github.trigger.id)).toHaveLength(1);

  const gitlab = await add('gitlab', on({ kind: 'webhook', verify: 'gitlab' }));
  expect((await post(gitlab.trigger.id, '{}', { 'x-gitlab-token': 'wrong' })).status).toBe(401);
  expect((await post(gitlab.trigger.id, '{}', { 'x-gitlab-token': gitlab.secret! })).status).toBe(202);
  const bearer = await add('bearer', on({ kind: 'webhook', verify: 'token' }));
  expect((await post(bearer.trigger.id, '{}', { authorization: `Bearer ${gitlab.secret}` })).status).toBe(401);
  expect((await post(bearer.trigger.id, '', { authorization: `Bearer ${bearer.secret}` })).status).toBe(202);
  expect((await app.call('GET', `/triggers/${bearer.trigger.id}`)).body).not.toHaveProperty('secret');
  expect((await post('11111111-1111-4111-8111-111111111111', '{}', {})).status).toBe(404);
});

test('a webhook’s secret is renewed: calls signed with the one before are refused, and what has no webhook has none', async () => {
  const { trigger, secret } = await add('renewed', on({ kind: 'webhook', verify: 'token' }));
  const post = async (bearer: string) => (await fetch(`${app.url}/hooks/${trigger.id}`, { method: 'POST', headers: { authorization: `Bearer ${bearer}` } })).status;
  expect(await post(secret!)).toBe(202);
  const { status, body } = await app.call('POST', `/triggers/${trigger.id}/secret`);
  expect([status, body.trigger.hookPath]).toEqual([200, trigger.hookPath]);
  expect(body.secret).not.toBe(secret);
  expect([await post(secret!), await post(body.secret)]).toEqual([401, 202]);
  const none = await add('no-webhook', on({ kind: 'event', type: 'never' }));
  expect(await app.call('POST', `/triggers/${none.trigger.id}/secret`)).toMatchObject({ status: 409, body: { code: 'no_webhook' } });
  const { body: reader } = await app.call('POST', '/tokens', { name: 'reader', permissions: ['pipelines:read'] });
  const refused = await fetch(`${app.url}/api/v1/triggers/${trigger.id}/secret`, { method: 'POST', headers: { authorization: `Bearer ${reader.secret}` } });
  expect(refused.status).toBe(403);
});

test('a commit to a branch, and other rows of a query, are noticed; what cannot be looked at says why', async () => {
  const repository = folder();
  const git = (...args: string[]) => execFileSync('git', ['-C', repository, '-c', 'user.name=t', '-c', 'user.email=t@example.com', ...args], { encoding: 'utf8' }).trim();
  git('init', '-q', '-b', 'main');
  git('commit', '-q', '--allow-empty', '-m', 'one');
  const sqlite = join(repository, 'data.db');
  const sql = (text: string) => execFileSync(join(__dirname, '../../.venv/bin/python'), ['-c', 'import sqlite3, sys; db = sqlite3.connect(sys.argv[1]); db.execute(sys.argv[2]); db.commit()', sqlite, text]);
  sql('create table t (n)');
  const pushes = await add('git', on({ kind: 'git', repository, branch: 'main' }), { bindings: [{ param: 'DAY', pointer: '/data/commit' }] });
  const rows = await add('rows', on({ kind: 'query', sqlite, sql: 'select count(*) from t where n > ?', args: [1], everyMs: 5_000 }));
  const broken = await add('broken', on({ kind: 'query', sqlite, sql: 'delete from t', everyMs: 5_000 }));
  await Promise.all([learnt(pushes.trigger.id), learnt(rows.trigger.id)]);
  git('commit', '-q', '--allow-empty', '-m', 'two');
  sql('insert into t values (5)');
  expect(await runOf((await started(pushes.trigger.id))[0]!)).toMatchObject({ params: { DAY: git('rev-parse', 'main') } });
  await started(rows.trigger.id);
  expect((await app.call('GET', `/triggers/${broken.trigger.id}`)).body.faults).toMatchObject([{ place: 'any.0.all.0', message: expect.stringMatching(/readonly|read-only/) }]);
});

test('new bytes of a dataset, as lineage sees them read, start one run; the same bytes none', async () => {
  const cells = { a: 'import json\nfrom sklearn.metrics import mean_absolute_error\nrows = json.load(open("rows.json"))', b: 'mae = mean_absolute_error([0.0], rows)\nprint("mae", mae)' };
  const book = notebook(cells, { 'rows.json': '[1.0]' });
  const path = join(book.folder, 'rows.json');
  await savePipeline(app, 'reader', cells, { notebookPath: book.path, notebook: book.json });
  const read = async (): Promise<void> => {
    const { runId } = (await app.call('POST', '/pipelines/reader/runs', { useCache: false })).body;
    await until(async () => (await app.call('GET', `/pipeline-runs/${runId}`)).body.status === 'succeeded');
  };
  await read();
  const { trigger } = await add('dataset', on({ kind: 'dataset', path }), { bindings: [{ param: 'DAY', pointer: '/data/digest' }] });
  await learnt(trigger.id);
  await read();
  writeFileSync(path, '[2.0]');
  await read();
  const [firing] = await started(trigger.id);
  expect(firing!.reason).toMatch(`${path} has a new version`);
  expect((await runOf(firing!)).params.DAY).toBe(`sha256:${createHash('sha256').update('[2.0]').digest('hex')}`);
  await read();
  await sleep(3_000); // longer than from one look to the next
  expect(await firingsOf(trigger.id)).toHaveLength(1);
});

test('what fires without end is stopped, and a firing whose params do not fit says so', async () => {
  const { trigger } = await add('often', on({ kind: 'event', type: 'often' }), { maxPerHour: 2 });
  for (let i = 0; i < 3; i++) {
    await app.call('POST', `/triggers/${trigger.id}/fire`, {});
    await until(async () => (await firingsOf(trigger.id)).length === i + 1);
  }
  expect((await firingsOf(trigger.id))[0]).toMatchObject({ state: 'refused', error: expect.stringContaining('is there a loop?') });
  const unfit = await add('unfit', on({ kind: 'event', type: 'unfit' }), { bindings: [{ param: 'YEAR', pointer: '/data/year' }] });
  await app.call('POST', `/triggers/${unfit.trigger.id}/fire`, { data: {} });
  await until(async () => (await firingsOf(unfit.trigger.id))[0]?.error?.includes('nothing'));
  await app.call('POST', `/triggers/${unfit.trigger.id}/fire`, { data: { year: '2030' } });
  expect(await runOf((await started(unfit.trigger.id))[0]!)).toMatchObject({ params: { YEAR: 2030 } });
});

test('a loop, an unknown pipeline or param, a bad path: refused at save with the place', async () => {
  await add('chained', on({ kind: 'pipeline', pipeline: 'up', on: 'failed' }));
  const refuse = (pipeline: string, when: object, more: object = {}) => app.call('POST', `/pipelines/${pipeline}/triggers`, { name: 'bad', when, ...more });
  expect(await refuse('up', on({ kind: 'pipeline', pipeline: 'down' }))).toMatchObject({ status: 400, body: { code: 'trigger_loop', detail: expect.stringContaining('up → down → up'), errors: [{ path: 'when.any.0.all.0.pipeline' }] } });
  expect(await refuse('up', on({ kind: 'pipeline', pipeline: 'up' }))).toMatchObject({ status: 400, body: { code: 'trigger_loop' } });
  expect(await refuse('up', on({ kind: 'pipeline', pipeline: 'nobody' }))).toMatchObject({ status: 400, body: { code: 'unknown_pipeline' } });
  expect(await refuse('up', on({ kind: 'event', type: 'x' }), { bindings: [{ param: 'NOPE', pointer: '/data' }] })).toMatchObject({ status: 400, body: { code: 'unknown_param', errors: [{ path: 'bindings.0.param' }] } });
  expect(await refuse('up', on({ kind: 'files', glob: 'relative/*.csv' }))).toMatchObject({ status: 400, body: { code: 'invalid_input' } });
  expect((await runsOf(app, 'up')).every(isOver)).toBe(true);
});

test('the list of pipelines says what starts each besides the clock', async () => {
  await savePipeline(app, 'listening', DAILY);
  const when = on({ kind: 'event', type: 'never.comes' });
  await add('arrivals', when, { isPaused: true }, 'listening');
  const { items } = (await app.call('GET', '/pipelines')).body as { items: { name: string; triggers: object[] }[] };
  expect(items.find(p => p.name === 'listening')!.triggers).toEqual([{ name: 'arrivals', when, isPaused: true }]);
  expect(items.find(p => p.name === 'up')!.triggers).toEqual([]);
});
