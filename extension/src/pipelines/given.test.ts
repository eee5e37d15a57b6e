import type { IntervalBinding } from '@slipway/schema';
import { givenOf, namesOf, readGiven, withBinding, withFixed, withOwn, withText } from './given';

const OWN = [{ name: 'DAY', value: '2026-01-01' }, { name: 'YEAR', value: 2026 }, { name: 'FAST', value: false }, { name: 'LIMIT', value: null }];
const BINDINGS: IntervalBinding[] = [{ param: 'DAY', from: 'dataIntervalStart', format: 'yyyy-MM-dd' }, { param: 'YEAR', from: 'dataIntervalEnd' }];
const GIVEN = givenOf({ params: { FAST: true, LIMIT: 5 }, bindings: BINDINGS });

test('what is not touched is sent as it was, values of a type that no field can tell included', () => {
  expect(readGiven(GIVEN, OWN)).toEqual({ params: { FAST: true, LIMIT: 5 }, bindings: BINDINGS });
  expect(readGiven(givenOf({}), OWN)).toEqual({ params: {}, bindings: [] });
});

test('binding one param leaves the bindings and the values of the others', () => {
  const day: IntervalBinding = { param: 'FAST', from: 'dataIntervalEnd', format: 'yyyy' };
  expect(readGiven(withBinding(GIVEN, day), OWN)).toEqual({ params: { LIMIT: 5 }, bindings: [...BINDINGS, day] });
  const other: IntervalBinding = { param: 'DAY', from: 'dataIntervalEnd' };
  expect(withBinding(GIVEN, other).bindings).toEqual([other, BINDINGS[1]]);
});

test('a param has one source: its own value, a fixed one, or what is bound', () => {
  expect(readGiven(withFixed(GIVEN, 'YEAR', 2030), OWN)).toEqual({ params: { FAST: true, LIMIT: 5, YEAR: 2030 }, bindings: [BINDINGS[0]] });
  expect(readGiven(withOwn(withOwn(GIVEN, 'YEAR'), 'FAST'), OWN)).toEqual({ params: { LIMIT: 5 }, bindings: [BINDINGS[0]] });
});

test('a value that is typed is of the type its param has, and one that is none is refused', () => {
  const typed = withText(withFixed(GIVEN, 'YEAR', 2026), 'YEAR', '2031');
  expect(readGiven(typed, OWN)?.params.YEAR).toBe(2031);
  expect(readGiven(withText(typed, 'YEAR', 'next'), OWN)).toBeNull();
  expect(readGiven(withOwn(withText(typed, 'YEAR', 'next'), 'YEAR'), OWN)?.params).toEqual({ FAST: true, LIMIT: 5 });
});

test('params that the pipeline has no more are listed, so that they can be taken away', () => {
  expect(namesOf(OWN, givenOf({ params: { OLD: 1 }, bindings: [{ param: 'OLDER' }, { param: 'DAY' }] }))).toEqual(['DAY', 'YEAR', 'FAST', 'LIMIT', 'OLD', 'OLDER']);
});
