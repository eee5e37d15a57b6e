import { smooth } from './smoothing';

test('smoothing starts at the first value, follows slowly, keeps gaps; none changes nothing', () => {
  expect(smooth([1, 5, null], 0)).toEqual([1, 5, null]);
  const [first, second, gap, last] = smooth([10, 20, null, 20], 0.5);
  expect(first).toBe(10);
  expect(second).toBeCloseTo(16.6667, 3);
  expect(gap).toBeNull();
  expect(last).toBeGreaterThan(second!);
});
