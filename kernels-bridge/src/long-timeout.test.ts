import { startTimeout } from './long-timeout';

const DAY_MS = 24 * 3_600_000;

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

test.each([1, 24, 31, 80])('a wait of %d days ends after these days and not before, once', days => {
  const fn = jest.fn();
  startTimeout(fn, days * DAY_MS);
  jest.advanceTimersByTime(days * DAY_MS - 1);
  expect(fn).not.toHaveBeenCalled();
  jest.advanceTimersByTime(1);
  expect(fn).toHaveBeenCalledTimes(1);
  expect(jest.getTimerCount()).toBe(0);
});

test('called off in its second part, it does not end', () => {
  const fn = jest.fn();
  const callOff = startTimeout(fn, 31 * DAY_MS);
  jest.advanceTimersByTime(26 * DAY_MS);
  callOff();
  expect([jest.getTimerCount(), fn.mock.calls]).toEqual([0, []]);
});
