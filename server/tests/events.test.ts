import { setTimeout as sleep } from 'node:timers/promises';
import type { SlipwayEvent } from '@slipway/schema';
import { silentLog } from '../src/core/log';
import { createEvents } from '../src/events';
import { until } from './running-app';
import { createTestDatabase } from './test-database';

test('a listener hears an event after the commit, and never of a transaction rolled back', async () => {
  const { db, url, drop } = await createTestDatabase();
  const events = createEvents({ db, databaseUrl: url, log: silentLog });
  await events.start();
  const heard: SlipwayEvent[] = [];
  events.subscribe(event => heard.push(event));
  await db.transaction().execute(tx => events.append(tx, [{ type: 'run.changed', subject: 'kept', data: { a: 1 } }]));
  await db
    .transaction()
    .execute(async tx => {
      await events.append(tx, [{ type: 'run.changed', subject: 'lost' }]);
      throw new Error('rolled back');
    })
    .catch(() => undefined);
  await sleep(300);
  await events.stop();
  expect(heard.map(e => [e.subject, e.data])).toEqual([['kept', { a: 1 }]]);
  await drop();
});

test('an event whose transaction commits after a later one is heard all the same, once', async () => {
  const { db, url, drop } = await createTestDatabase();
  const events = createEvents({ db, databaseUrl: url, log: silentLog });
  await events.start();
  const heard: string[] = [];
  events.subscribe(event => heard.push(event.subject));
  await db.transaction().execute(async slow => {
    await events.append(slow, [{ type: 'run.changed', subject: 'first' }]);
    await db.transaction().execute(quick => events.append(quick, [{ type: 'run.changed', subject: 'second' }]));
    await until(() => heard.length === 1);
  });
  await until(() => heard.length === 2);
  await sleep(1_200); // past the next poll
  await events.stop();
  expect(heard).toEqual(['second', 'first']);
  await drop();
});
