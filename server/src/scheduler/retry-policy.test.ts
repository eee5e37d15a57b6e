import fc from 'fast-check';
import { RetryPolicy } from '@slipway/schema';
import { waitBeforeRetry } from './retry-policy';

const error = (code: string, message = 'x', isRetryable = false) => ({ code, message, cellId: null, traceback: null, isRetryable });
const policy = (over: object) => RetryPolicy.parse(over);

test('a policy answers to classes and to names of exceptions, and to nothing else', () => {
  const p = policy({ on: ['timeout'], onExceptions: ['requests.exceptions.ConnectionError'] });
  expect(waitBeforeRetry(error('step_timeout'), 0, 2, p, 0)).not.toBeNull();
  expect(waitBeforeRetry(error('cell_failed', 'ConnectionError: refused'), 0, 2, p, 0)).not.toBeNull();
  expect(waitBeforeRetry(error('cell_failed', 'ValueError: ConnectionError'), 0, 2, p, 0)).toBeNull();
  expect(waitBeforeRetry(error('out_of_memory'), 0, 2, p, 0)).toBeNull();
  expect(waitBeforeRetry(error('kernel_died', 'x', true), 0, 2, p, 0)).toBeNull();
  expect(waitBeforeRetry(error('storage_full', 'x', true), 0, 2, p, 0)).not.toBeNull();
  expect(waitBeforeRetry(error('step_timeout'), 2, 2, p, 0)).toBeNull();
});

test('the wait grows to its cap and lies within its jitter', () => {
  const numbers = fc.record({ backoffMs: fc.integer({ min: 1, max: 1e6 }), maxBackoffMs: fc.integer({ min: 1, max: 1e6 }), factor: fc.double({ min: 1, max: 10, noNaN: true }), jitter: fc.double({ min: 0, max: 1, noNaN: true }) });
  fc.assert(
    fc.property(numbers, fc.nat(20), fc.double({ min: 0, max: 0.999, noNaN: true }), (over, retries, random) => {
      const p = policy({ ...over, on: ['any'] });
      const wait = waitBeforeRetry(error('cell_failed'), retries, 100, p, random)!;
      const whole = Math.min(p.maxBackoffMs, p.backoffMs * p.factor ** retries);
      expect(wait).toBeLessThanOrEqual(Math.round(whole));
      expect(wait).toBeGreaterThanOrEqual(Math.floor(whole * (1 - p.jitter)));
    })
  );
});

test('without a policy what may pass is tried again, later each time', () => {
  expect([0, 1].map(n => waitBeforeRetry(error('kernel_died', 'x', true), n, 2, null, 0.5))).toEqual([1_000, 2_000]);
  expect(waitBeforeRetry(error('cell_failed'), 0, 2, null, 0.5)).toBeNull();
});
