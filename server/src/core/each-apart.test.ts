import { eachApart } from './each-apart';
import { silentLog } from './log';

const away = Object.assign(new Error('terminating connection'), { code: '57P01' });

async function done(items: readonly (string | Error)[]): Promise<{ done: string[]; thrown: unknown }> {
  const seen: string[] = [];
  const work = (item: string | Error): Promise<unknown> => (item instanceof Error ? Promise.reject(item) : Promise.resolve(seen.push(item)));
  const thrown = await eachApart(items, work, { log: silentLog, what: 'a test', about: () => ({}) }).catch((err: unknown) => err);
  return { done: seen, thrown };
}

test('one that throws holds up no other', async () => {
  expect(await done(['a', new Error('bad'), 'b'])).toEqual({ done: ['a', 'b'], thrown: undefined });
});

test('a database that is away is told at once', async () => {
  expect(await done(['a', away, 'b'])).toEqual({ done: ['a'], thrown: away });
});

test('several share one list', async () => {
  const shared = ['a', 'b', 'c'].values();
  const seen: string[] = [];
  const take = (): Promise<void> => eachApart(shared, async item => void seen.push(item), { log: silentLog, what: 'a test', about: () => ({}) });
  await Promise.all([take(), take()]);
  expect(seen.sort()).toEqual(['a', 'b', 'c']);
});
