import type { JobSpec } from '../scheduler';
import { baseKey, stepKey } from './cache-key';
import type { StepInput } from './step-job';

const spec: JobSpec = {
  kernelName: 'python3',
  folder: '/notebooks',
  cells: [{ id: 'a', source: 'x = 1' }],
  inputs: [],
  inputFiles: [{ path: 'm.py', digest: 'd1', sizeBytes: 1 }],
  outputs: ['x'],
  models: [],
  env: {},
  limits: { memoryBytes: 1, cpus: 1, timeoutMs: 1, logBytes: 1 }
};
const input = (codec: StepInput['value']['codec'], digest: string): StepInput => ({ value: { name: 'v', codec, digest, sizeBytes: 1 }, from: 'before' });
const versions = { codec: 1, evidence: 1 };
const keyOf = (change: Partial<JobSpec> = {}, lock = 'lock', by = versions): string => baseKey({ ...spec, ...change }, [], new Map(), lock, by);

test('the same step has the same key, whatever its limits', () => {
  expect(keyOf({ limits: { ...spec.limits, memoryBytes: 2 } })).toBe(keyOf());
});

test.each([
  ['code', keyOf({ cells: [{ id: 'a', source: 'x = 2' }] })],
  ['module', keyOf({ inputFiles: [{ path: 'm.py', digest: 'd2', sizeBytes: 1 }] })],
  ['set of outputs', keyOf({ outputs: ['x', 'y'] })],
  ['environment', keyOf({}, 'another')],
  ['codec', keyOf({}, 'lock', { ...versions, codec: 2 })],
  ['way of naming metrics', keyOf({}, 'lock', { ...versions, evidence: 2 })]
])('another %s makes another key', (_what, key) => {
  expect(key).not.toBe(keyOf());
});

test('a pickle counts by the key of the step that made it, all else by its bytes', () => {
  const key = (codec: StepInput['value']['codec'], digest: string, madeBy: string): string => baseKey(spec, [input(codec, digest)], new Map([['before', madeBy]]), 'lock');
  expect(key('cloudpickle', 'd1', 'k')).toBe(key('cloudpickle', 'd2', 'k'));
  expect(key('cloudpickle', 'd1', 'k')).not.toBe(key('cloudpickle', 'd1', 'l'));
  expect(key('npy', 'd1', 'k')).toBe(key('npy', 'd1', 'l'));
  expect(key('npy', 'd1', 'k')).not.toBe(key('npy', 'd2', 'k'));
});

test('what the code read counts, in any order', () => {
  const reads = [{ kind: 'file', path: 'a', digest: '1' }, { kind: 'folder', path: 'b', digest: '2' }] as Parameters<typeof stepKey>[1];
  expect(stepKey('base', [...reads].reverse(), {})).toBe(stepKey('base', reads, {}));
  expect(stepKey('base', reads.slice(1), {})).not.toBe(stepKey('base', reads, {}));
  expect(stepKey('base', reads, { HOME: '/a' })).not.toBe(stepKey('base', reads, { HOME: null }));
});
