import type { TranslationBundle } from '@jupyterlab/translation';
import { readCron, scheduleWords } from './cron';

test('a cron is said in words, with its next times in its own zone', () => {
  const reading = readCron('0 6 * * 1-5', 'Asia/Tokyo');
  expect(reading.words).toBe('At 06:00, Monday through Friday');
  expect(reading.next).toHaveLength(3);
  expect(reading.next[0]!.getUTCHours()).toBe(21);
});

test('what is no schedule says why', () => {
  expect(readCron('soon', 'UTC').error).toMatch(/five fields/);
  expect(readCron('61 * * * *', 'UTC').error).toBeTruthy();
  expect(readCron('0 0 30 2 *', 'UTC').error).toMatch(/never fires/);
  expect(readCron('0 0 * * *', 'Mars/Olympus').error).toBeTruthy();
});

test('an interval is said in the largest unit that it is a whole number of', () => {
  const trans = { _n: (one: string, many: string, n: number) => (n === 1 ? one : many.replace('%1', String(n))) } as unknown as TranslationBundle;
  const said = (intervalMs: number): string => scheduleWords(trans, { intervalMs, timeZone: 'UTC' });
  expect([1_000, 90_000, 3_600_000, 5_400_000, 172_800_000].map(said)).toEqual(['Every second', 'Every 90 seconds', 'Every hour', 'Every 90 minutes', 'Every 2 days']);
});
