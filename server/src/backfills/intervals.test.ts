import fc from 'fast-check';
import { createFireTimes } from '../core/timing';
import { intervalsBetween } from './intervals';

const daily = createFireTimes({ cron: '0 0 * * *', timeZone: 'Europe/Berlin' }, new Date(0));
const at = (text: string): Date => new Date(text);

test('only whole intervals count, days of 23 and 25 hours among them', () => {
  const all = intervalsBetween(daily, at('2026-03-27T23:00:00Z'), at('2026-03-31T10:00:00Z'));
  expect(all.map(i => i.start)).toEqual(['2026-03-27T23:00:00.000Z', '2026-03-28T23:00:00.000Z', '2026-03-29T22:00:00.000Z']);
  expect(all.at(-1)!.end).toBe('2026-03-30T22:00:00.000Z');
});

test('a range that is empty or endless is refused by name', () => {
  expect(() => intervalsBetween(daily, at('2026-02-01T00:00:00Z'), at('2026-01-01T00:00:00Z'))).toThrow(expect.objectContaining({ code: 'empty_range' }));
  const seconds = createFireTimes({ intervalMs: 1_000, timeZone: 'UTC' }, new Date(0));
  expect(() => intervalsBetween(seconds, at('2026-01-01T00:00:00Z'), at('2027-01-01T00:00:00Z'))).toThrow(expect.objectContaining({ code: 'too_many_intervals' }));
});

test('intervals follow each other without a gap, and none leaves the range', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 500 }), fc.integer({ min: 0, max: 10_000 }), fc.integer({ min: 1, max: 5_000 }), (minutes, offset, length) => {
      const times = createFireTimes({ intervalMs: minutes * 60_000, timeZone: 'UTC' }, new Date(0));
      const from = new Date(Date.UTC(2026, 0, 1) + offset * 1_000);
      const to = new Date(from.getTime() + length * 60_000);
      const all = intervalsBetween(times, from, to);
      all.forEach((each, i) => {
        expect(new Date(each.start) >= from && new Date(each.end) <= to).toBe(true);
        expect(i === 0 || all[i - 1]!.end === each.start).toBe(true);
      });
      // Nothing that would fit is left out.
      expect(all.length).toBeGreaterThanOrEqual(Math.floor(length / minutes) - 1);
    })
  );
});
