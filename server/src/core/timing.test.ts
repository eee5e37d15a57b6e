import fc from 'fast-check';
import { createFireTimes, type TimingSpec } from './timing';

const HOUR = 3_600_000;
const times = (spec: Partial<TimingSpec>, from: string, count: number): (string | undefined)[] => {
  const all = createFireTimes({ timeZone: 'UTC', ...spec }, new Date('2026-01-01T00:00:00Z'));
  const found: (Date | null)[] = [];
  for (let at: Date | null = new Date(from); found.length < count && at; found.push(at)) {
    at = all.next(at);
  }
  return found.map(at => at?.toISOString().slice(0, 16));
};

describe('a daily time fires once a day, whatever is done to the clock', () => {
  test.each([
    ['Europe/Berlin, forward: 02:30 is not there', '30 2 * * *', 'Europe/Berlin', '2026-03-28T12:00:00Z', ['2026-03-29T01:30', '2026-03-30T00:30']],
    ['Europe/Berlin, back: 02:30 is there twice', '30 2 * * *', 'Europe/Berlin', '2026-10-24T12:00:00Z', ['2026-10-25T01:30', '2026-10-26T01:30']],
    ['America/New_York, forward', '30 2 * * *', 'America/New_York', '2026-03-07T12:00:00Z', ['2026-03-08T07:30', '2026-03-09T06:30']],
    ['America/New_York, back', '30 1 * * *', 'America/New_York', '2026-10-31T12:00:00Z', ['2026-11-01T05:30', '2026-11-02T06:30']],
    ['Australia/Lord_Howe, forward by half an hour', '15 2 * * *', 'Australia/Lord_Howe', '2026-10-03T00:00:00Z', ['2026-10-03T15:45', '2026-10-04T15:15']],
    ['Australia/Lord_Howe, back by half an hour', '45 1 * * *', 'Australia/Lord_Howe', '2026-04-04T00:00:00Z', ['2026-04-04T15:15', '2026-04-05T15:15']],
    ['America/Santiago, midnight is not there', '0 0 * * *', 'America/Santiago', '2026-09-05T12:00:00Z', ['2026-09-06T04:00', '2026-09-07T03:00']]
  ])('%s', (_what, cron, timeZone, from, expected) => {
    expect(times({ cron, timeZone }, from, 2)).toEqual(expected);
  });

  test.each(['Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe', 'America/Santiago', 'Africa/Cairo', 'Pacific/Chatham', 'Asia/Kolkata', 'UTC'])('every day of the year in %s', timeZone => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 23 }), fc.integer({ min: 0, max: 59 }), (hour, minute) => {
        const all = createFireTimes({ cron: `${minute} ${hour} * * *`, timeZone }, new Date(0));
        let count = 0;
        for (let at = all.next(new Date('2026-01-03T00:00:30Z'))!, last = at; at < new Date('2027-01-03T00:00:30Z'); last = at, at = all.next(at)!) {
          count += 1;
          expect(at.getTime() - last.getTime()).toBeLessThanOrEqual(25 * HOUR);
          expect(count === 1 || at.getTime() - last.getTime() >= 23 * HOUR).toBe(true);
        }
        expect(count).toBe(365);
      }),
      { numRuns: 2 }
    );
  });
});

test('what comes every hour comes in the hour that is lived twice as well', () => {
  expect(times({ cron: '*/30 * * * *', timeZone: 'Europe/Berlin' }, '2026-10-24T23:45:00Z', 6)).toEqual(['2026-10-25T00:00', '2026-10-25T00:30', '2026-10-25T01:00', '2026-10-25T01:30', '2026-10-25T02:00', '2026-10-25T02:30']);
  expect(times({ cron: '@hourly', timeZone: 'America/New_York' }, '2026-11-01T04:30:00Z', 3)).toEqual(['2026-11-01T05:00', '2026-11-01T06:00', '2026-11-01T07:00']);
});

test('an interval goes by elapsed time from its start, and knows its ends', () => {
  expect(times({ intervalMs: 90 * 60_000, startAt: '2026-03-01T10:00:00Z' }, '2026-01-01T00:00:00Z', 3)).toEqual(['2026-03-01T10:00', '2026-03-01T11:30', '2026-03-01T13:00']);
  expect(times({ intervalMs: HOUR, endAt: '2026-01-01T02:00:00Z' }, '2026-01-01T00:00:00Z', 5)).toEqual(['2026-01-01T01:00', '2026-01-01T02:00', undefined]);
});

test('the fire time before one is found again, also across a year and among seconds', () => {
  const leap = createFireTimes({ cron: '0 0 29 2 *', timeZone: 'UTC' }, new Date(0));
  expect(leap.previous(new Date('2026-05-01T00:00:00Z'))?.toISOString()).toBe('2024-02-29T00:00:00.000Z');
  const crons = ['0 3 * * *', '*/7 * * * *', '* * * * * 1', '15 2 1,15 * *', '0 * * * *'];
  fc.assert(
    fc.property(fc.constantFrom(...crons), fc.constantFrom('UTC', 'Europe/Berlin', 'Australia/Lord_Howe'), fc.integer({ min: 0, max: 365 * 24 * 60 }), (cron, timeZone, minutes) => {
      const all = createFireTimes({ cron, timeZone }, new Date(0));
      const at = all.next(new Date(Date.UTC(2026, 0, 1) + minutes * 60_000))!;
      const before = all.previous(at)!;
      expect(before < at && all.next(before)!.getTime() === at.getTime()).toBe(true);
    }),
    { numRuns: 60 }
  );
});

test('neither or both of cron and interval, or an end before its start, is refused by name', () => {
  const make = (spec: Partial<TimingSpec>) => () => createFireTimes({ timeZone: 'UTC', ...spec }, new Date());
  expect(make({})).toThrow(expect.objectContaining({ code: 'invalid_timing' }));
  expect(make({ cron: '* * * * *', intervalMs: HOUR })).toThrow(expect.objectContaining({ code: 'invalid_timing' }));
  expect(make({ intervalMs: HOUR, startAt: '2026-02-01T00:00:00Z', endAt: '2026-01-01T00:00:00Z' })).toThrow(expect.objectContaining({ code: 'invalid_timing' }));
});
