import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { DAILY, isOver, savePipeline } from './proved-pipeline';
import { startApp, until, type RunningApp } from './running-app';

jest.setTimeout(240_000);

const DAY_MS = 86_400_000;
const ago = (days: number): Date => new Date(Date.now() - days * DAY_MS);

let app: RunningApp;
beforeAll(async () => {
  app = await startApp({ housekeepingMs: 200 });
  const steps = ['setup', 'work', 'score'];
  await savePipeline(app, 'daily', DAILY, { sinks: steps, grouping: steps.map(name => ({ name, cells: [name] })) });
});
afterAll(() => app.stop());

test('while a daemon runs, old news, and what came of triggers and schedules a month ago, is cleared away; the younger, and what still waits to start, stays', async () => {
  const { db } = app.database;
  const schedule = await app.call('POST', '/pipelines/daily/schedules', { name: 'nightly', cron: '0 3 * * *', timeZone: 'UTC', isPaused: true });
  const trigger = await app.call('POST', '/pipelines/daily/triggers', { name: 'files', when: { any: [{ all: [{ kind: 'event', type: 'never' }] }] }, isPaused: true });
  expect([schedule.status, trigger.status]).toEqual([201, 201]);
  const trigger_id = (await db.selectFrom('pipeline_trigger').select('id').executeTakeFirstOrThrow()).id;
  const firing = (days: number) => ({ id: randomUUID(), trigger_id, at: ago(days), state: 'started' as const, reason: 'a test', payload: '{}' });
  const [old, told, young] = [firing(40), firing(40), firing(20)];
  await db.transaction().execute(async tx => {
    await tx.insertInto('trigger_firing').values([old, told, young]).execute();
    for (const [key, firing_id, days] of [['old', old.id, 40], ['told', told.id, 20]] as const) {
      await sql`insert into trigger_signal (trigger_id, place, key, at, reason, payload, firing_id) values (${trigger_id}, '0', ${key}, ${ago(days)}, 'a test', '{}', ${firing_id})`.execute(tx);
    }
    for (const [days, state] of [[40, 'started'], [41, 'waiting'], [20, 'skipped']] as const) {
      await sql`insert into schedule_fire (schedule_id, fire_at, state) values (${schedule.body.id}, ${ago(days)}, ${state})`.execute(tx);
    }
    await sql`insert into event (type, subject, data, at) select 'test.old', n::text, '{}', ${ago(2)} from generate_series(1, 2500) n`.execute(tx);
    await sql`insert into event (type, subject, data, at) values ('test.young', '1', '{}', ${ago(0.5)})`.execute(tx);
  });
  const count = async (what: ReturnType<typeof sql>): Promise<unknown[]> => (await what.execute(db)).rows;
  await until(async () => (await count(sql`select from trigger_firing where id = ${old.id}`)).length === 0);
  await until(async () => (await count(sql`select from schedule_fire`)).length === 2);
  await until(async () => (await count(sql`select from event where type = 'test.old'`)).length === 0);
  expect(await count(sql`select from event where type = 'test.young'`)).toHaveLength(1);
  expect(await count(sql`select id from trigger_firing where id in (${told.id}, ${young.id})`)).toHaveLength(2);
  expect(await count(sql`select key from trigger_signal`)).toEqual([{ key: 'told' }]);
});

test('jobs that ended a month ago are forgotten, but those of a run that is under way', async () => {
  const { db } = app.database;
  const { runId } = (await app.call('POST', '/pipelines/daily/runs', { params: { WAIT: 600 }, useCache: false })).body;
  const first = await until(() => db.selectFrom('job').select('id').where('state', '=', 'succeeded').where('log_key', 'like', `${runId}/%`).executeTakeFirst());
  const [gone, young] = [randomUUID(), randomUUID()];
  const copy = (id: string, days: number) => sql`insert into job (id, kind, label, state, spec, log_key, cpus, memory_bytes, ended_at) select ${id}, kind, label, state, spec, ${`${randomUUID()}/setup`}, cpus, memory_bytes, ${ago(days)} from job where id = ${first.id}`.execute(db);
  await copy(young, 20);
  await db.updateTable('job').set({ ended_at: ago(40) }).where('id', '=', first.id).execute();
  await copy(gone, 40);
  const ids = async (): Promise<string[]> => (await db.selectFrom('job').select('id').where('id', 'in', [first.id, gone, young]).execute()).map(r => r.id).sort();
  await until(async () => (await ids()).length === 2);
  expect(await ids()).toEqual([first.id, young].sort());
  await app.call('POST', `/pipeline-runs/${runId}/cancel`);
  await until(async () => isOver((await app.call('GET', `/pipeline-runs/${runId}`)).body));
  await until(async () => (await ids()).length === 1);
  expect(await ids()).toEqual([young]);
  expect((await app.call('GET', `/pipeline-runs/${runId}`)).body.steps[0]).toMatchObject({ name: 'setup', status: 'succeeded' });
});
