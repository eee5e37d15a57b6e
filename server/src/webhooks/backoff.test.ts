import { PATIENCE, mayRetry, waitAfter } from './backoff';

test('waits double up to the longest, spread by half, and end with the last attempt', () => {
  expect([1, 2, 3, 4].map(n => waitAfter(n, PATIENCE, null, 0.5))).toEqual([1_000, 2_000, 4_000, 8_000]);
  expect([waitAfter(3, PATIENCE, null, 0), waitAfter(3, PATIENCE, null, 1)]).toEqual([2_000, 6_000]);
  expect(waitAfter(11, PATIENCE, null, 0.5)).toBe(15 * 60_000);
  expect(waitAfter(12, PATIENCE)).toBeNull();
});

test('the receiver’s Retry-After is kept, within bounds', () => {
  expect(waitAfter(1, PATIENCE, 30_000, 0.5)).toBe(30_000);
  expect(waitAfter(1, PATIENCE, 86_400_000, 0.5)).toBe(15 * 60_000);
});

test('only what may pass is tried again', () => {
  expect([null, 200, 301, 400, 404, 410, 429, 500, 503].filter(mayRetry)).toEqual([null, 429, 500, 503]);
});
