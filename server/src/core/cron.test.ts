import { missedSince, parseCron } from './cron';

test('an expression that never comes, or is none, is refused by name', () => {
  expect(() => parseCron('0 0 30 2 *', 'UTC')).toThrow(expect.objectContaining({ code: 'invalid_cron' }));
  expect(() => parseCron('every day', 'UTC')).toThrow(expect.objectContaining({ code: 'invalid_cron' }));
  expect(() => parseCron('* * *', 'UTC')).toThrow(expect.objectContaining({ code: 'invalid_cron' }));
  expect(() => parseCron('', 'UTC')).toThrow(expect.objectContaining({ code: 'invalid_cron' }));
  expect(() => parseCron('0 3 * * *', 'Europe/Atlantis')).toThrow(expect.objectContaining({ code: 'unknown_time_zone' }));
});

test('fires by the clock of its zone, across the change to summer time', () => {
  const cron = parseCron('30 2 * * *', 'Europe/Berlin');
  expect(cron.nextRun(new Date('2026-01-10T00:00:00Z'))?.toISOString()).toBe('2026-01-10T01:30:00.000Z');
  expect(cron.nextRun(new Date('2026-07-10T00:00:00Z'))?.toISOString()).toBe('2026-07-10T00:30:00.000Z');
});

test('counts what was missed besides the due one, up to a thousand', () => {
  const hourly = parseCron('0 * * * *', 'UTC');
  expect(missedSince(hourly, new Date('2026-01-01T00:00:00Z'), new Date('2026-01-01T03:10:00Z'))).toMatchObject({ count: 3, isMore: false, last: new Date('2026-01-01T03:00:00Z') });
  expect(missedSince(parseCron('* * * * * *', 'UTC'), new Date(0), new Date(86_400_000))).toMatchObject({ count: 1_000, isMore: true });
});
