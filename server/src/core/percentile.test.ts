import { percentile } from './percentile';

test('the percentile is the nearest rank', () => {
  const hundred = Array.from({ length: 100 }, (_, i) => i + 1);
  expect([50, 95, 100].map(p => percentile(hundred, p))).toEqual([50, 95, 100]);
  expect(percentile([7], 95)).toBe(7);
  expect(percentile([1, 2], 50)).toBe(1);
});
