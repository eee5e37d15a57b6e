import type { StepOptions } from '@slipway/schema';
import { fieldsOf, withFields } from './step-fields';

test('a step of which nothing is said has an empty form, and saving that says nothing', () => {
  expect(fieldsOf()).toMatchObject({ cpus: '', memoryGib: '', timeoutMinutes: '', maxRetries: '', when: '', runIf: 'all_succeeded', isReused: true });
  expect(withFields(undefined, fieldsOf())).toEqual({});
});

test('what the form does not show stays as it was', () => {
  const options: StepOptions = { branch: 'quality', priority: 3, retry: { maxRetries: 1, backoffMs: 5, maxBackoffMs: 9, factor: 3, jitter: 0, on: ['timeout'], onExceptions: ['ConnectionError'] } };
  expect(withFields(options, fieldsOf(options))).toEqual(options);
  expect(withFields(options, { ...fieldsOf(options), maxRetries: '4', when: ' params.MODE == "full" ' })).toEqual({ ...options, retry: { ...options.retry, maxRetries: 4 }, when: 'params.MODE == "full"' });
});

test('numbers are in the units people say: GiB and minutes', () => {
  const made = withFields({}, { ...fieldsOf(), memoryGib: '1.5', gpus: '0.5', timeoutMinutes: '10' });
  expect(made).toMatchObject({ resources: { cpus: 1, memoryBytes: 1.5 * 2 ** 30, gpus: 0.5 }, timeoutMs: 600_000 });
  expect(withFields(made!, fieldsOf(made!))).toEqual(made);
});

test.each(['x', '-1', 'Infinity'])('%p is no number of anything', text => {
  expect(withFields({}, { ...fieldsOf(), cpus: text })).toBeNull();
});

test('results may be barred from reuse, and let in again', () => {
  const barred = withFields({}, { ...fieldsOf(), isReused: false })!;
  expect(barred).toEqual({ cache: { isEnabled: false } });
  expect(withFields(barred, { ...fieldsOf(barred), isReused: true })).toEqual({});
});
