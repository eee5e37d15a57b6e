import { dayStart, dayWords } from './zoned-day';

test.each([
  ['2026-03-01', 'UTC', '2026-03-01T00:00:00.000Z'],
  ['2026-03-01', 'Europe/Berlin', '2026-02-28T23:00:00.000Z'],
  ['2026-03-29', 'Europe/Berlin', '2026-03-28T23:00:00.000Z'],
  ['2026-03-30', 'Europe/Berlin', '2026-03-29T22:00:00.000Z'],
  ['2026-11-02', 'America/New_York', '2026-11-02T05:00:00.000Z'],
  ['2026-03-01', 'Asia/Kolkata', '2026-02-28T18:30:00.000Z']
])('%s begins in %s at %s', (day, timeZone, instant) => {
  expect(dayStart(day, timeZone)).toBe(instant);
  expect(dayWords(instant, timeZone)).toBe(day);
});

test('where the clock skips midnight a day begins at the first moment there is; where it comes twice, at the first', () => {
  expect(dayStart('2018-11-04', 'America/Sao_Paulo')).toBe('2018-11-04T03:00:00.000Z');
  expect(dayStart('2021-03-28', 'Asia/Beirut')).toBe('2021-03-27T22:00:00.000Z');
  expect(dayStart('2020-11-01', 'America/Havana')).toBe('2020-11-01T04:00:00.000Z');
});

test('an instant within a day is said with its time', () => {
  expect(dayWords('2026-03-01T00:00:00Z', 'Europe/Berlin')).toBe('2026-03-01 01:00');
});
