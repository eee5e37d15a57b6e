import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { CreateBucketCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { freePort } from '@slipway/kernels-bridge';
import type { SavedTrigger, Trigger, TriggerFiring } from '@slipway/schema';
import { sql } from 'kysely';
import { DAILY, savePipeline } from './proved-pipeline';
import { startApp, until, type RunningApp } from './running-app';
import { asAdmin } from './test-database';

jest.setTimeout(180_000);

const ROOT = join(__dirname, '../..');
let app: RunningApp;
let moto: ChildProcess;
beforeAll(async () => {
  await promisify(execFile)(process.execPath, ['--input-type=module', '-e', `import { ensureReady } from './scripts/setup.mjs'; await ensureReady({ parts: ['moto'] })`], { cwd: ROOT });
  const port = await freePort('127.0.0.1');
  moto = spawn(join(ROOT, '.cache/moto/bin/moto_server'), ['-H', '127.0.0.1', '-p', String(port)], { stdio: 'ignore' });
  const endpoint = `http://127.0.0.1:${port}`;
  Object.assign(process.env, { AWS_ENDPOINT_URL_S3: endpoint, AWS_REGION: 'eu-central-1', AWS_ACCESS_KEY_ID: 'testing', AWS_SECRET_ACCESS_KEY: 'testing' });
  await until(() => fetch(endpoint).then(() => true, () => false));
  app = await startApp();
  await savePipeline(app, 'down', DAILY);
});
afterAll(async () => {
  moto.kill();
  await app.stop();
  await asAdmin('drop role if exists watcher');
});

const on = (source: object) => ({ any: [{ all: [source] }] });
async function add(name: string, source: object, more: object = {}): Promise<Trigger> {
  const { status, body } = await app.call('POST', '/pipelines/down/triggers', { name, when: on(source), ...more });
  expect([status, body.detail]).toEqual([201, undefined]);
  return (body as SavedTrigger).trigger;
}
const learnt = (id: string) => until(async () => (await app.database.db.selectFrom('trigger_source').select('state').where('trigger_id', '=', id).execute()).every(s => s.state !== null));
const started = (id: string): Promise<TriggerFiring> => until(async () => ((await app.call('GET', `/triggers/${id}/firings`)).body.items as TriggerFiring[]).find(f => f.state === 'started'));
const faultOf = (id: string): Promise<string> => until(async () => ((await app.call('GET', `/triggers/${id}`)).body as Trigger).faults[0]?.message);

test('a new object beneath a prefix starts a run, with its address as a param; one elsewhere does not', async () => {
  const s3 = new S3Client({ forcePathStyle: true });
  const put = (key: string, text: string) => s3.send(new PutObjectCommand({ Bucket: 'arrivals', Key: key, Body: text }));
  await s3.send(new CreateBucketCommand({ Bucket: 'arrivals', CreateBucketConfiguration: { LocationConstraint: 'eu-central-1' } }));
  await put('in/old.csv', '1');
  const trigger = await add('objects', { kind: 'objects', url: 's3://arrivals/in/', everyMs: 5_000 }, { bindings: [{ param: 'DAY', pointer: '/data/objects/0' }] });
  await learnt(trigger.id);
  await put('elsewhere/new.csv', '1');
  await put('in/new day.csv', '1');
  const firing = await started(trigger.id);
  expect(firing.reason).toBe('New or changed: s3://arrivals/in/new day.csv.');
  expect((await app.call('GET', `/pipeline-runs/${firing.runId}`)).body.params).toMatchObject({ DAY: 's3://arrivals/in/new day.csv' });
  expect(firing.payload).toMatchObject({ data: { objects: ['s3://arrivals/in/new day.csv'] } });
  s3.destroy();
});

test('a bucket that is not there is a fault of the trigger, in words', async () => {
  const { id } = await add('nowhere', { kind: 'objects', url: 's3://no-such-bucket/x', everyMs: 5_000 });
  expect(await faultOf(id)).toMatch(/^s3:\/\/no-such-bucket\/x cannot be listed: .*bucket does not exist/);
});

test('other rows of a PostgreSQL query start a run; the query can only read, and no fault tells the password', async () => {
  const url = new URL(app.database.url);
  await asAdmin(`create role watcher login password 'hunter-two-hunter'`).catch(() => undefined); // another file's run may have made it
  url.username = 'watcher';
  url.password = 'hunter-two-hunter';
  expect((await app.call('PUT', '/secrets/orders-db', { value: url.href })).status).toBe(200);
  const { database } = app;
  await database.db.schema.createTable('orders').addColumn('id', 'integer').execute();
  await asAdminOf('grant select, insert on orders to watcher');
  const rows = await add('rows', { kind: 'query', postgres: { secret: 'orders-db' }, sql: 'select count(*), max(id) from orders where id > $1; ', args: [1], everyMs: 5_000 });
  const writes = await add('writes', { kind: 'query', postgres: { secret: 'orders-db' }, sql: 'insert into orders values (7) returning id', everyMs: 5_000 });
  const leaves = await add('leaves', { kind: 'query', postgres: { secret: 'orders-db' }, sql: 'select 1) asked; commit; insert into orders values (9); select (1', everyMs: 5_000 });
  const unknown = await add('unknown', { kind: 'query', postgres: { secret: 'nobody-set-it' }, sql: 'select 1', everyMs: 5_000 });
  await learnt(rows.id);
  await asAdminOf('insert into orders values (5)');
  expect(await started(rows.id)).toMatchObject({ reason: 'The query on PostgreSQL gives other rows.', payload: { data: { rows: [['1', '5']] } } });
  const faults = await Promise.all([writes, leaves, unknown].map(t => faultOf(t.id)));
  expect(faults).toEqual([expect.stringContaining('syntax error'), expect.stringContaining('cannot insert multiple commands'), expect.stringContaining('There is no secret nobody-set-it')]);
  expect((await sql`select * from orders`.execute(database.db)).rows).toEqual([{ id: 5 }]);

  await app.call('PUT', '/secrets/away-db', { value: 'postgresql://watcher:wrong-wrong-wrong@127.0.0.1:1/orders' });
  const away = await add('away', { kind: 'query', postgres: { secret: 'away-db' }, sql: 'select 1', everyMs: 5_000 });
  const said = await faultOf(away.id);
  expect(said).toContain('ECONNREFUSED');
  expect(said).not.toContain('wrong-wrong');

  async function asAdminOf(text: string): Promise<void> {
    await sql.raw(text).execute(database.db);
  }
});

test('a query names one database', async () => {
  for (const source of [{ kind: 'query', sql: 'select 1' }, { kind: 'query', sql: 'select 1', sqlite: '/x', postgres: { secret: 's' } }, { kind: 'objects', url: 'http://169.254.169.254/x' }]) {
    expect((await app.call('POST', '/pipelines/down/triggers', { name: 'no', when: on(source) })).status).toBe(400);
  }
});
