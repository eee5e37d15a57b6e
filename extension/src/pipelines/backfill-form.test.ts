import type { PipelineSchedule } from '@slipway/schema';
import { backfillOf, type BackfillAsk } from './backfill-form';
import { givenOf, withBinding, withOwn } from './given';

const OWN = [{ name: 'DAY', value: '2026-01-01' }, { name: 'SHOPS', value: 5 }];
const ASK: BackfillAsk = { from: '2026-03-29', to: '2026-03-30', schedule: '', timeZone: 'Europe/Berlin', only: 'all', order: 'oldest', maxConcurrent: 2 };
const SCHEDULE = { id: 's', timeZone: 'Europe/Berlin', params: { SHOPS: 9 }, bindings: [{ param: 'DAY', from: 'dataIntervalStart' }] } as unknown as PipelineSchedule;

test('days are those of the zone of the intervals, and the day of the data goes where it is said', () => {
  const day = { param: 'DAY', from: 'dataIntervalStart', format: 'yyyy-MM-dd' } as const;
  expect(backfillOf(ASK, withBinding(givenOf({}), day), OWN, undefined)).toMatchObject({ from: '2026-03-28T23:00:00.000Z', to: '2026-03-29T22:00:00.000Z', timing: { timeZone: 'Europe/Berlin' }, bindings: [day], maxConcurrent: 2 });
});

test('what a schedule fixes is kept, or said to be the pipeline’s own again', () => {
  expect(backfillOf(ASK, givenOf(SCHEDULE), OWN, SCHEDULE)).toMatchObject({ schedule: 's', params: { SHOPS: 9 }, bindings: SCHEDULE.bindings });
  expect(backfillOf(ASK, withOwn(givenOf(SCHEDULE), 'SHOPS'), OWN, SCHEDULE)?.params).toEqual({ SHOPS: 5 });
});

test('a day that is not chosen yet is nothing to ask for', () => {
  expect(backfillOf({ ...ASK, to: '' }, givenOf({}), OWN, undefined)).toBeNull();
});
