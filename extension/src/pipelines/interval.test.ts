import { intervalOf, partsOf } from './interval';

test('an interval is told in the largest unit that it is a whole number of', () => {
  expect([30_000, 90_000, 7_200_000, 172_800_000].map(partsOf)).toEqual([
    { count: 30, unit: 'seconds' },
    { count: 90, unit: 'seconds' },
    { count: 2, unit: 'hours' },
    { count: 2, unit: 'days' }
  ]);
});

test('what is no number above zero is no interval', () => {
  expect(['1.5', '', 'x', '0', '-1'].map(text => intervalOf(text, 'hours'))).toEqual([5_400_000, null, null, null, null]);
  expect(intervalOf('0.5', 'seconds')).toBeNull();
});
