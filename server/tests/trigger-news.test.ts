import { execFileSync } from 'node:child_process';
import { mkdtempSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TriggerFiring } from '@slipway/schema';
import { sql } from 'kysely';
import { createNewsReader } from '../src/events';
import { DAILY, savePipeline } from './proved-pipeline';
import { startApp, until, type RunningApp } from './running-app';
import { createTestDatabase } from './test-database';

jest.setTimeout(180_000);

let database: RunningApp['database'];
let app: RunningApp;
beforeAll(async () => {
  database = await createTestDatabase();
  app = await startApp({ database: { ...database, drop: async () => undefined } });
  await savePipeline(app, 'down', DAILY);
});
afterAll(async () => {
  await app.stop();
  await database.drop();
});

async function add(name: string, ...all: object[]): Promise<string> {
  const { status, body } = await app.call('POST', '/pipelines/down/triggers', { name, when: { any: [{ all }] } });
  expect([status, body.detail]).toEqual([201, undefined]);
  return body.trigger.id;
}
const tell = (type: string, id: string) => app.call('POST', '/cloud-events', { specversion: '1.0', id, source: '/tests', type });
const insertEvent = (db: RunningApp['database']['db'], subject: string) => sql`insert into event (type, subject, data) values ('com.example.raw', ${subject}, '{}')`.execute(db);
const firingsOf = async (id: string): Promise<TriggerFiring[]> => (await app.call('GET', `/triggers/${id}/firings`)).body.items;
const fired = (id: string, count: number): Promise<TriggerFiring[]> => until(async () => (await firingsOf(id)).length >= count && firingsOf(id));
const learnt = (id: string) => until(async () => (await database.db.selectFrom('trigger_source').select('state').where('trigger_id', '=', id).execute()).every(s => s.state !== null));
const pending = async (id: string): Promise<number> => (await app.call('GET', `/triggers/${id}`)).body.pending;

describe('reading the news', () => {
  test('each event is read once, late ones too; a page that could not be taken is given again; a new reader begins at the cursor', async () => {
    const own = await createTestDatabase();
    const reader = createNewsReader({ db: own.db, from: async () => '0' });
    const read = async (): Promise<string[]> => {
      const subjects: string[] = [];
      for await (const page of reader.pages()) {
        subjects.push(...page.map(e => e.subject));
      }
      return subjects;
    };
    await insertEvent(own.db, 'one');
    await insertEvent(own.db, 'two');
    await expect(
      (async () => {
        for await (const page of reader.pages()) {
          throw new Error(`no place for ${page.length}`);
        }
      })()
    ).rejects.toThrow('no place for 2');
    expect(await read()).toEqual(['one', 'two']);
    await own.db.transaction().execute(async slow => {
      await insertEvent(slow, 'late');
      await insertEvent(own.db, 'three');
      expect(await read()).toEqual(['three']);
    });
    expect(await read()).toEqual(['late']);
    expect(await read()).toEqual([]);
    reader.forget();
    expect(await read()).toEqual(['one', 'two', 'late', 'three']);
    await own.drop();
  });

  test('more than a page is read to its end', async () => {
    const own = await createTestDatabase();
    await sql`insert into event (type, subject, data) select 'x', i::text, '{}' from generate_series(1, 1234) i`.execute(own.db);
    const sizes: number[] = [];
    for await (const page of createNewsReader({ db: own.db, from: async () => '0' }).pages()) {
      sizes.push(page.length);
    }
    expect(sizes).toEqual([500, 500, 234]);
    await own.drop();
  });
});

test('an event committed after a later one fires its trigger all the same', async () => {
  const id = await add('late', { kind: 'event', type: 'com.example.raw', subject: 'late' });
  const after = await add('after', { kind: 'event', type: 'com.example.after' });
  await database.db.transaction().execute(async slow => {
    await insertEvent(slow, 'late');
    await tell('com.example.after', '1');
    await fired(after, 1);
    expect(await firingsOf(id)).toEqual([]);
  });
  expect(await fired(id, 1)).toHaveLength(1);
});

test('while another daemon has the cursor it stays where it is, and the news are heard', async () => {
  const id = await add('beside', { kind: 'event', type: 'com.example.beside' });
  const { rows } = await sql<{ id: string }>`insert into event (type, subject, data, at) values ('x', 'x', '{}', now() - interval '1 minute') returning id`.execute(database.db);
  const cursor = async () => (await database.db.selectFrom('trigger_cursor').select('event_id').executeTakeFirstOrThrow()).event_id;
  let kept = '';
  await database.db.transaction().execute(async other => {
    kept = (await other.selectFrom('trigger_cursor').select('event_id').forUpdate().executeTakeFirstOrThrow()).event_id;
    await insertOld();
    for (const n of ['1', '2', '3']) {
      await tell('com.example.beside', n);
      await fired(id, Number(n));
    }
    expect(await cursor()).toBe(kept);
  });
  expect(Number(await until(async () => (await cursor()) !== kept && cursor()))).toBeGreaterThanOrEqual(Number(rows[0]!.id));

  async function insertOld(): Promise<void> {
    await sql`insert into event (type, subject, data, at) values ('x', 'y', '{}', now() - interval '50 seconds')`.execute(database.db);
  }
});

test('a CloudEvent that is sent again counts once; its id from another source is another', async () => {
  const id = await add('again', { kind: 'event', type: 'com.example.again' }, { kind: 'event', type: 'com.example.never' });
  await tell('com.example.again', 'same');
  await until(async () => (await pending(id)) === 1);
  await tell('com.example.again', 'same');
  await app.call('POST', '/cloud-events', { specversion: '1.0', id: 'same', source: '/elsewhere', type: 'com.example.again' });
  await until(async () => (await pending(id)) === 2);
  expect((await database.db.selectFrom('event').select('id').where('type', '=', 'com.example.again').execute()).length).toBe(3);
});

test('what waits for another that never comes does not pile up, nor stop the triggers', async () => {
  const id = await add('both', { kind: 'event', type: 'com.example.many' }, { kind: 'event', type: 'com.example.rare' });
  await sql`insert into trigger_signal (trigger_id, place, key, reason, payload) select ${id}, 'any.0.all.0', i::text, 'Many.', jsonb_build_object('i', i) from generate_series(1, 70000) i`.execute(database.db);
  await tell('com.example.rare', '1');
  const [firing] = await fired(id, 1);
  const told = firing!.payload.signals as { place: string; data: { i: number } }[];
  const many = told.filter(s => s.place === 'any.0.all.0').map(s => s.data.i);
  expect([many.length, many[0], many[1], many.at(-1)]).toEqual([1_000, 1, 69_002, 70_000]);
});

test('a branch, a file and a dataset that come back to what they were fire again', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'slipway-trigger-'));
  const git = (...args: string[]) => execFileSync('git', ['-C', folder, '-c', 'user.name=t', '-c', 'user.email=t@example.com', ...args], { encoding: 'utf8' }).trim();
  const file = join(folder, 'data.csv');
  const put = (text: string, at: number): void => (writeFileSync(file, text), utimesSync(file, at, at));
  let seen = 0;
  const see = (digest: string) => sql`insert into lineage_edge (from_uri, to_uri) values (${`dataset:/data/set@sha256:${digest.repeat(64)}`}, ${`run:${seen++}`})`.execute(database.db);
  git('init', '-q', '-b', 'main');
  git('commit', '-q', '--allow-empty', '-m', 'one');
  const one = git('rev-parse', 'main');
  put('a', 1_000);
  await see('a');
  const ids = [
    await add('branch', { kind: 'git', repository: folder, branch: 'main' }),
    await add('file', { kind: 'files', glob: file, settleMs: 0 }),
    await add('dataset', { kind: 'dataset', path: '/data/set' })
  ];
  await Promise.all(ids.map(learnt));
  const changes = [
    async (): Promise<void> => {
      git('commit', '-q', '--allow-empty', '-m', 'two');
      put('bb', 2_000);
      await see('b');
    },
    async (): Promise<void> => {
      git('update-ref', 'refs/heads/main', one);
      put('a', 1_000);
      await see('a');
    }
  ];
  for (const [i, change] of [...changes, ...changes].entries()) {
    await change();
    for (const id of ids) {
      await fired(id, i + 1);
    }
  }
  for (const id of ids) {
    expect(await firingsOf(id)).toHaveLength(4);
  }
});

test('a daemon that starts hears what came while none was there, and nothing twice', async () => {
  const id = await add('restart', { kind: 'event', type: 'com.example.raw', subject: 'restart' });
  await insertEvent(database.db, 'restart');
  await app.call('POST', '/cloud-events', { specversion: '1.0', id: 'x', source: '/tests', type: 'com.example.x' });
  await fired(id, 1);
  await app.stop();
  await insertEvent(database.db, 'restart');
  app = await startApp({ database: { ...database, drop: async () => undefined } });
  await fired(id, 2);
  await insertEvent(database.db, 'restart');
  expect(await fired(id, 3)).toHaveLength(3);
});
