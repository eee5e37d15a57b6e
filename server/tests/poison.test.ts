import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { silentLog } from '../src/core/log';
import { DAILY, isOver, savePipeline } from './proved-pipeline';
import { newHome, startApp, until, type RunningApp } from './running-app';
import { createTestDatabase } from './test-database';

jest.setTimeout(180_000);

/** A run under way whose content nothing can read. */
const BAD_RUN = randomUUID();
const [BAD_PROOF, PROOF] = [randomUUID(), randomUUID()];

let app: RunningApp;
beforeAll(async () => {
  const database = await createTestDatabase();
  await sql`insert into pipeline_content values ('bad', '{}')`.execute(database.db);
  await sql`
    insert into pipeline_run (id, pipeline, version, content_hash, trigger, status, use_cache, params, metrics, models, created_by)
    values (${BAD_RUN}, 'bad', 1, 'bad', 'hand', 'running', false, '{}', '{}', '[]', 'owner')`.execute(database.db);
  await addTimer(database, BAD_RUN, 3_600);
  const home = newHome();
  for (const [id, runId] of [[BAD_PROOF, BAD_RUN], [PROOF, null]]) {
    await sql`
      insert into proof (id, pipeline, content_hash, status, phase, run_id, agreed, differences, notes, worker_home)
      values (${id}, 'bad', 'bad', 'running', 'run', ${runId}, '[]', '[]', '[]', ${home})`.execute(database.db);
  }
  app = await startApp({ database, home, log: silentLog });
  await savePipeline(app, 'daily', DAILY);
});
afterAll(() => app.stop());

async function addTimer({ db }: RunningApp['database'], runId: string, agoS: number): Promise<void> {
  await sql`insert into run_timer (run_id, kind, due_at) values (${runId}, 'timeout', now() - ${agoS} * interval '1 second')`.execute(db);
}

/** The database refuses what is written of one row of a table. */
async function poison(table: string, column: string, id: string, when: 'insert or update' | 'update' = 'insert or update'): Promise<void> {
  const name = sql.ref(`poison_${id}`);
  await sql`create function ${name}() returns trigger language plpgsql as 'begin raise exception ''poisoned''; end'`.execute(app.database.db);
  await sql`create trigger ${name} before ${sql.raw(when)} on ${sql.table(table)} for each row when (new.${sql.ref(column)} = ${sql.lit(id)}::uuid) execute function ${name}()`.execute(app.database.db);
}

test('a proof whose run cannot be read keeps neither the daemon from starting nor other proofs from being ended', async () => {
  for (const id of [BAD_PROOF, PROOF]) {
    expect(await app.database.db.selectFrom('proof').select('status').where('id', '=', id!).executeTakeFirst()).toEqual({ status: 'failed' });
  }
});

test('a run that cannot be read keeps neither the daemon from starting nor the timers of others from ringing', async () => {
  const { runId } = (await app.call('POST', '/pipelines/daily/runs', { params: { WAIT: 120 } })).body;
  await addTimer(app.database, runId, 0);
  const run = await until(async () => {
    const { body } = await app.call('GET', `/pipeline-runs/${runId}`);
    return isOver(body) && body;
  });
  expect(run).toMatchObject({ status: 'failed', error: expect.stringContaining('did not end in its time') });
  const [timer] = await app.database.db.selectFrom('run_timer').selectAll().execute();
  expect(timer).toMatchObject({ run_id: BAD_RUN, kind: 'timeout' }); // kept, for later
  expect(timer!.due_at.getTime()).toBeGreaterThan(Date.now() - 60_000);
});

test('a trigger whose firing cannot be kept, and one whose run cannot start, hold up no other', async () => {
  const ids: string[] = [];
  for (const name of ['one', 'two', 'three', 'four']) {
    const { body } = await app.call('POST', '/pipelines/daily/triggers', { name, when: { any: [{ all: [{ kind: 'event', type: 'com.example.go' }] }] } });
    ids.push(body.trigger.id);
  }
  const [bad, worse, ...good] = ids.sort();
  await poison('trigger_firing', 'trigger_id', bad!);
  await poison('trigger_firing', 'trigger_id', worse!, 'update');
  await app.call('POST', '/cloud-events', { specversion: '1.0', id: '1', source: '/poison', type: 'com.example.go' });
  for (const id of good) {
    await until(async () => (await app.call('GET', `/triggers/${id}/firings`)).body.items[0]?.state === 'started');
  }
  expect((await app.call('GET', `/triggers/${worse}/firings`)).body.items).toMatchObject([{ state: 'waiting' }]);
  expect((await app.call('GET', `/triggers/${bad}`)).body.pending).toBe(1);
});

test('a backfill that cannot go on holds up no other', async () => {
  const ask = { from: '2026-02-01T00:00:00Z', to: '2026-02-02T00:00:00Z', timing: { cron: '0 0 * * *' }, bindings: [{ param: 'DAY', from: 'dataIntervalStart', format: 'yyyy-MM-dd' }] };
  const bad = await app.call('POST', '/pipelines/daily/backfills', { ...ask, maxConcurrent: 1, from: '2026-01-01T00:00:00Z', params: { WAIT: 1 } });
  await poison('backfill_item', 'backfill_id', bad.body.id);
  const good = await app.call('POST', '/pipelines/daily/backfills', ask);
  await until(async () => (await app.call('GET', `/backfills/${good.body.id}`)).body.state === 'succeeded');
  expect((await app.call('GET', `/backfills/${bad.body.id}`)).body.state).toBe('running');
});
