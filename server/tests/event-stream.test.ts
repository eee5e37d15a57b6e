import { sql } from 'kysely';
import type { SlipwayEvent } from '@slipway/schema';
import { startApp, type RunningApp } from './running-app';

let app: RunningApp;
beforeAll(async () => {
  app = await startApp();
}, 60_000);
afterAll(() => app.stop());

async function insertEvent(db: RunningApp['database']['db'], subject: string): Promise<string> {
  const { rows } = await sql<{ id: string }>`insert into event (type, subject, data) values ('run.changed', ${subject}, '{}') returning id`.execute(db);
  return rows[0]!.id;
}

/** What a stream that goes on after `lastId` gives, up to the event about `end`. */
async function streamed(lastId: string, end: string): Promise<string[]> {
  const response = await fetch(`${app.url}/api/v1/events`, { headers: { 'last-event-id': lastId } });
  const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
  let text = '';
  for (let next = await reader.read(); !next.done; next = await reader.read()) {
    text += next.value;
    const subjects = [...text.matchAll(/^data: (.*)\n\n/gm)].map(([, data]) => (JSON.parse(data!) as SlipwayEvent).subject);
    if (subjects.includes(end)) {
      await reader.cancel();
      return subjects;
    }
  }
  throw new Error('The stream ended.');
}

test('a stream that broke gets what was committed late, too, and ends where the newest is', async () => {
  const { db } = app.database;
  const before = await insertEvent(db, 'before');
  await sql`update event set at = now() - interval '1 minute' where id = ${before}`.execute(db);
  const known = await db.transaction().execute(async slow => {
    await insertEvent(slow, 'late');
    return insertEvent(db, 'known');
  });
  await insertEvent(db, 'after');
  expect(await streamed(known, 'after')).toEqual(['late', 'known', 'after']);
});

test('a stream that broke long ago gets all it missed', async () => {
  const { db } = app.database;
  const known = await insertEvent(db, 'start');
  await sql`insert into event (type, subject, data) select 'x', 'n' || i, '{}' from generate_series(1, 1200) i`.execute(db);
  await insertEvent(db, 'end');
  const subjects = await streamed(known, 'end');
  expect(subjects.slice(subjects.indexOf('start') + 1)).toEqual([...Array.from({ length: 1_200 }, (_, i) => `n${i + 1}`), 'end']);
});
