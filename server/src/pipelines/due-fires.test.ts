import { createFireTimes } from '../core/timing';
import { dueFires, type DueFires } from './due-fires';

const at = (text: string): Date => new Date(`2026-05-0${text}:00.000Z`);
const hourly = createFireTimes({ cron: '0 * * * *', timeZone: 'UTC' }, new Date(0));
const due = (catchUp: 'none' | 'latest' | 'all', now: Date, maxCatchUp = 100): DueFires => dueFires({ catchUp, maxCatchUp }, hourly, at('1T03:00'), now);
const firedAt = (result: DueFires): string[] => result.fires.map(f => f.fireAt.toISOString().slice(9, 16));

test('on time there is one fire and nothing to tell, whatever is said of catching up', () => {
  for (const catchUp of ['none', 'latest', 'all'] as const) {
    expect(due(catchUp, new Date(at('1T03:00').getTime() + 400))).toEqual({ fires: [{ fireAt: at('1T03:00'), isCatchUp: false }], nextFireAt: at('1T04:00'), note: null });
  }
});

test('`latest` runs once for all that was missed, and says so', () => {
  const result = due('latest', at('1T07:30'));
  expect(firedAt(result)).toEqual(['1T07:00']);
  expect(result.note).toBe('Slipway missed 5 runs from 2026-05-01T03:00:00.000Z to 2026-05-01T07:00:00.000Z; it ran once at 2026-05-01T07:30:00.000Z for all of them.');
  expect(due('latest', at('1T03:30')).note).toMatch(/^Slipway was not running at .*; it ran at .* instead\.$/);
});

test('`none` lets pass what is too late, and still fires what is not', () => {
  expect(due('none', at('1T07:30'))).toMatchObject({ fires: [], nextFireAt: at('1T08:00'), note: expect.stringContaining('makes up for nothing') });
  expect(firedAt(due('none', new Date(at('1T07:00').getTime() + 200)))).toEqual(['1T07:00']);
});

test('`all` makes up for each, oldest first, up to its cap; the rest is told', () => {
  expect(firedAt(due('all', at('1T06:10')))).toEqual(['1T03:00', '1T04:00', '1T05:00', '1T06:00']);
  const capped = due('all', at('2T06:10'), 3);
  expect(firedAt(capped)).toEqual(['2T04:00', '2T05:00', '2T06:00']);
  expect(capped.note).toContain('the newest 3 are made up for and 25 are not');
  expect(capped.fires.every(f => f.isCatchUp)).toBe(true);
});

test('a week of seconds missed is told without counting them all', () => {
  const secondly = createFireTimes({ cron: '* * * * * *', timeZone: 'UTC' }, new Date(0));
  const result = dueFires({ catchUp: 'latest', maxCatchUp: 100 }, secondly, at('1T00:00'), at('8T00:00'));
  expect(result.fires).toHaveLength(1);
  expect(result.note).toContain('missed more than 1000 runs');
});

test('a schedule that ended while nobody was there makes up for what was before its end, and no more', () => {
  const ended = createFireTimes({ cron: '0 * * * *', timeZone: 'UTC', endAt: at('1T05:30').toISOString() }, new Date(0));
  const after = (catchUp: 'latest' | 'all'): DueFires => dueFires({ catchUp, maxCatchUp: 100 }, ended, at('1T03:00'), at('1T09:10'));
  expect(firedAt(after('all'))).toEqual(['1T03:00', '1T04:00', '1T05:00']);
  expect([firedAt(after('latest')), after('latest').nextFireAt]).toEqual([['1T05:00'], null]);
});
