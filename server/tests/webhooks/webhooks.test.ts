import { execFile } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import type { WebhookDelivery } from '@slipway/schema';
import { startApp, until, type RunningApp } from '../running-app';
import { startReceiver } from './receiver';

jest.setTimeout(120_000);

let app: RunningApp;
type Receiver = Awaited<ReturnType<typeof startReceiver>>;
let receiver: Receiver;
let slow: Receiver;
beforeAll(async () => {
  [receiver, slow] = await Promise.all([startReceiver(), startReceiver()]);
  slow.answers = [null];
  process.env.SLIPWAY_WEBHOOK_ALLOWED_HOSTS = `${new URL(slow.url).host}, ${new URL(receiver.url).host}`;
  app = await startApp();
});
afterAll(async () => {
  await app.stop();
  await Promise.all([receiver.stop(), slow.stop()]);
});
afterEach(async () => {
  const { items } = (await app.call('GET', '/webhooks')).body;
  await Promise.all((items as { id: string }[]).map(({ id }) => app.call('DELETE', `/webhooks/${id}`)));
});
beforeEach(() => {
  receiver.received.length = 0;
  receiver.answers = [200];
  receiver.headers = {};
});

const hook = async (more: object = {}): Promise<string> => (await app.call('POST', '/webhooks', { name: 'h', url: receiver.url, events: ['registered_model.created'], ...more })).body.id as string;
const mlflow = (method: string, path: string, body?: unknown) =>
  fetch(`${app.url}/api/2.0/mlflow${path}`, { method, ...(body !== undefined && { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }) });
const newModel = (name: string) => mlflow('POST', '/registered-models/create', { name });
const log = async (id: string): Promise<WebhookDelivery[]> => (await app.call('GET', `/webhooks/${id}/deliveries`)).body.items as WebhookDelivery[];

test('the real MLflow client makes, lists, changes, tests and removes webhooks, and its events arrive signed', async () => {
  const python = join(__dirname, '../../../.venv/bin/python');
  const { stdout } = await promisify(execFile)(python, [join(__dirname, 'webhook_story.py'), receiver.url], { env: { ...process.env, MLFLOW_TRACKING_URI: app.url, GIT_PYTHON_REFRESH: 'quiet' } });
  expect(stdout).toContain('story told');
  const seen = await until(() => receiver.received.length >= 10 && receiver.received);
  const told = Object.fromEntries(seen.map(r => [r.headers['x-mlflow-delivery-id'], r]));
  expect(Object.keys(told)).toHaveLength(seen.length);
  for (const { headers, body } of seen) {
    const signed = `${String(headers['x-mlflow-delivery-id'])}.${String(headers['x-mlflow-timestamp'])}.${body}`;
    expect(headers['x-mlflow-signature']).toBe(`v1,${createHmac('sha256', 'a secret').update(signed).digest('base64')}`);
    expect(headers['content-type']).toBe('application/json');
  }
  const data = (event: string) => receiver.of(event).map(r => (JSON.parse(r.body) as { data: object }).data);
  const example = { name: 'example_model', version: '1', source: 'models:/123', run_id: 'abcd1234abcd5678', tags: { example_key: 'example_value' }, description: 'An example model version' };
  expect(data('registered_model.created')).toEqual([{ name: 'hooked', tags: { team: 'blue' }, description: 'told' }]);
  expect(data('model_version.created')).toEqual([example, { name: 'hooked', version: '1', source: expect.stringMatching(/^runs:/), run_id: expect.any(String), tags: { a: 'b' }, description: null }]);
  expect(data('model_version_tag.set')).toEqual([{ name: 'hooked', version: '1', key: 'checked', value: 'yes' }]);
  expect(data('model_version_tag.deleted')).toEqual([{ name: 'hooked', version: '1', key: 'checked' }]);
  expect(data('model_version_alias.created')).toEqual([{ name: 'hooked', alias: 'champion', version: '1' }]);
  expect(data('model_version_alias.deleted')).toEqual([{ name: 'hooked', alias: 'champion' }]);
  expect(data('prompt.created')).toEqual([{ name: 'greeting', tags: {}, description: expect.any(String) }]);
  expect(data('prompt_version.created')).toEqual([expect.objectContaining({ name: 'greeting', version: '1', template: 'Hello {{name}}!' })]);
  expect(data('prompt_alias.created')).toEqual([{ name: 'greeting', alias: 'best', version: '1' }]);
  expect(Date.parse((JSON.parse(seen[0]!.body) as { timestamp: string }).timestamp)).toBeGreaterThan(Date.now() - 60_000);
});

test('a secret is sealed under a key that its owner alone may read, and is never shown', async () => {
  const id = await hook({ secret: 'hunter2-hunter2' });
  expect(await app.call('GET', `/webhooks/${id}`)).toMatchObject({ body: { hasSecret: true } });
  expect(JSON.stringify((await app.call('GET', '/webhooks')).body)).not.toContain('hunter2');
  const row = await app.database.db.selectFrom('webhook').selectAll().where('id', '=', id).executeTakeFirstOrThrow();
  expect(row.sealed_secret).toMatch(/^v1\./);
  expect(JSON.stringify(row)).not.toContain('hunter2');
  const key = join(app.home, 'webhook-key');
  expect(statSync(key).mode & 0o777).toBe(0o600);
  expect(readFileSync(key, 'utf8').trim().length).toBeGreaterThan(40);
  expect((await app.call('PATCH', `/webhooks/${id}`, { secret: '' })).body.hasSecret).toBe(false);
});

test('a delivery that fails for the moment is sent again with the same id, later each time; the log tells', async () => {
  const id = await hook();
  receiver.answers = [503, 429, 200];
  await newModel('retried');
  const [done] = await until(async () => {
    const items = await log(id);
    return items[0]?.status === 'delivered' && items;
  });
  expect(done).toMatchObject({ event: 'registered_model.created', attempts: 3, lastStatus: 200, lastError: null, nextAttemptAt: null });
  expect(new Set(receiver.received.map(r => r.headers['x-mlflow-delivery-id'])).size).toBe(1);
  expect(receiver.received.map(r => r.body)).toEqual([done!.body, done!.body, done!.body]);
});

test('what the receiver refuses is not sent again, a redirect is not followed; by hand it is', async () => {
  const id = await hook();
  receiver.answers = [302];
  receiver.headers = { location: '/elsewhere' };
  await newModel('refused');
  const [failed] = await until(async () => {
    const items = await log(id);
    return items[0]?.status === 'failed' && items;
  });
  expect(failed).toMatchObject({ attempts: 1, lastStatus: 302, lastError: 'Answered 302.' });
  expect(receiver.received.map(r => r.path)).toEqual(['/hook']);
  receiver.answers = [200];
  expect(await app.call('POST', `/webhooks/${id}/deliveries/${failed!.id}/redeliver`)).toMatchObject({ status: 202, body: { status: 'pending' } });
  await until(async () => (await log(id))[0]?.status === 'delivered');
  expect(await app.call('POST', `/webhooks/${id}/deliveries/${'0'.repeat(8)}-0000-0000-0000-000000000000/redeliver`)).toMatchObject({ status: 404, body: { code: 'no_such_delivery' } });
});

test('a change rolled back, a disabled webhook and an event not asked for are not told', async () => {
  const asleep = await hook({ status: 'disabled' });
  const other = await hook({ events: ['model_version.created'] });
  await newModel('once');
  expect((await newModel('once')).status).toBe(400);
  await sleep(300);
  expect(receiver.received).toEqual([]);
  expect([await log(asleep), await log(other)]).toEqual([[], []]);
});

test('one that hangs holds up no other', async () => {
  const hanging = await hook({ url: slow.url });
  await hook();
  for (let i = 0; i < 12; i++) {
    await newModel(`side-by-side-${i}`);
  }
  await until(() => receiver.received.length === 12, 5_000);
  expect([1, 2]).toContain(slow.received.length); // no more at once than one webhook may have
  expect((await log(hanging)).map(d => d.status)).toEqual(Array(12).fill('pending'));
});

test('an address that became private after the webhook was made gets nothing', async () => {
  const id = await hook();
  await app.database.db.updateTable('webhook').set({ url: 'http://127.0.0.1:9/' }).where('id', '=', id).execute();
  await newModel('moved');
  const [failed] = await until(async () => {
    const items = await log(id);
    return items[0]?.status === 'failed' && items;
  });
  expect(failed).toMatchObject({ attempts: 1, lastStatus: null, lastError: '127.0.0.1 is not a public address.' });
});

test.each(['http://127.0.0.1:1/', 'http://localhost/', 'https://169.254.169.254/latest', 'http://[::1]/', 'http://10.0.0.1/', 'ftp://8.8.8.8/', 'nonsense'])('the URL %s is refused, here and in MLflow’s shape', async url => {
  expect(await app.call('POST', '/webhooks', { name: 'h', url, events: ['prompt.created'] })).toMatchObject({ status: 400, body: { code: 'invalid_webhook_url' } });
  const theirs = await mlflow('POST', '/webhooks', { name: 'h', url, events: [{ entity: 'PROMPT', action: 'CREATED' }] });
  expect([theirs.status, await theirs.json()]).toMatchObject([400, { error_code: 'INVALID_PARAMETER_VALUE' }]);
});

test('webhooks are an administrator’s: a token without the permission is refused', async () => {
  const { secret } = (await app.call('POST', '/tokens', { name: 'reader', permissions: ['registry:read', 'registry:write'] })).body;
  for (const path of ['/api/v1/webhooks', '/api/2.0/mlflow/webhooks']) {
    expect((await fetch(`${app.url}${path}`, { headers: { authorization: `Bearer ${secret}` } })).status).toBe(403);
  }
});

test('the log comes in pages, newest first', async () => {
  const id = await hook();
  for (const name of ['p1', 'p2', 'p3']) {
    await newModel(name);
  }
  const first = (await app.call('GET', `/webhooks/${id}/deliveries?limit=2`)).body;
  const second = (await app.call('GET', `/webhooks/${id}/deliveries?limit=2&cursor=${first.nextCursor}`)).body;
  const names = [...first.items, ...second.items].map((d: WebhookDelivery) => (JSON.parse(d.body) as { data: { name: string } }).data.name);
  expect([names, second.nextCursor]).toEqual([['p3', 'p2', 'p1'], undefined]);
  expect(await app.call('GET', `/webhooks/${id}/deliveries?cursor=x`)).toMatchObject({ status: 400, body: { code: 'invalid_cursor' } });
});
