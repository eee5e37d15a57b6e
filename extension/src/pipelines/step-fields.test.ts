import type { StepOptions } from '@slipway/schema';
import { fieldsOf, readFields, saysMore, withFields } from './step-fields';

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

test('a list to run over needs both its names, and may be taken away', () => {
  const mapped = withFields({}, { ...fieldsOf(), mapOver: 'files', mapAs: 'file', mapParallel: '4', mapMayFail: true })!;
  expect(mapped).toEqual({ map: { over: 'files', as: 'file', maxParallel: 4, maxItems: 10_000, mayFail: true } });
  expect(withFields(mapped, fieldsOf(mapped))).toEqual(mapped);
  expect(withFields(mapped, { ...fieldsOf(mapped), mapOver: '', mapAs: '' })).toEqual({});
  expect(withFields({}, { ...fieldsOf(), mapOver: 'files' })).toBeNull();
  expect(withFields({}, { ...fieldsOf(), mapOver: 'files', mapAs: 'a b' })).toBeNull();
});

test('branches and exit handlers are said and unsaid', () => {
  const said = withFields({}, { ...fieldsOf(), branch: ' quality ', isExitHandler: true })!;
  expect(said).toEqual({ branch: 'quality', isExitHandler: true });
  expect(withFields(said, { ...fieldsOf(said), branch: '', isExitHandler: false })).toEqual({});
});

test('a training is watched by a few words, and rules of its own stay', () => {
  const watched = withFields({}, { ...fieldsOf(), watch: 'stop', ranks: '4', isPreemptible: true })!;
  expect(watched).toMatchObject({ isPreemptible: true, resources: { ranks: 4 } });
  expect(watched.rules!.filter(r => r.action === 'stop').map(r => r.kind)).toEqual(['not_finite', 'exploding']);
  const shuffled: StepOptions = { rules: watched.rules!.map(rule => Object.fromEntries(Object.entries(rule).reverse()) as typeof rule) };
  expect([fieldsOf(watched).watch, fieldsOf(shuffled).watch, fieldsOf({}).watch]).toEqual(['stop', 'stop', 'none']);
  expect(withFields(watched, { ...fieldsOf(watched), watch: 'none' })!.rules).toBeUndefined();
  const own: StepOptions = { rules: [{ kind: 'not_finite', metric: 'loss', action: 'stop' }] };
  expect([fieldsOf(own).watch, withFields(own, fieldsOf(own))]).toEqual(['own', own]);
});

test('everything the scheduler can be asked for is said in the form, and stays as it was', () => {
  const options: StepOptions = {
    resources: { cpus: 2, memoryBytes: 2 ** 30, gpus: 2, gpuTypes: ['H100', 'A100'], gpuMemoryBytes: 40 * 2 ** 30, migProfile: '1g.10gb', scratchBytes: 2 ** 30, licences: { solver: 2 }, ranks: 1 },
    engine: 'slurm',
    retry: { maxRetries: 3, backoffMs: 5_000, maxBackoffMs: 60_000, factor: 3, jitter: 0, on: ['timeout', 'out_of_memory'], onExceptions: ['ConnectionError'] },
    priority: -5,
    cache: { isEnabled: true, expiresAfterMs: 6 * 3_600_000 },
    secrets: { TOKEN: { secret: 'api' } }
  };
  const fields = fieldsOf(options);
  expect(fields).toMatchObject({ engine: 'slurm', gpuTypes: 'H100, A100', gpuMemoryGib: '40', migProfile: '1g.10gb', scratchGib: '1', licences: 'solver 2', priority: '-5', retryOn: ['timeout', 'out_of_memory'], retryExceptions: 'ConnectionError', backoffS: '5', maxBackoffS: '60', cacheHours: '6', secrets: 'TOKEN = secret:api' });
  expect(withFields(options, fields)).toEqual(options);
  expect(withFields({}, fields)).toEqual({ ...options, retry: { ...options.retry, factor: 2, jitter: 0.2 } });
  expect(withFields(options, fieldsOf())).toEqual({ resources: { ...options.resources, cpus: 1, memoryBytes: 4 * 2 ** 30, gpus: 0, gpuTypes: [], gpuMemoryBytes: 0, migProfile: null, scratchBytes: 0, licences: {} } });
});

test('more is shown by itself only where something of it is said', () => {
  expect([saysMore(fieldsOf()), saysMore(fieldsOf({ engine: 'slurm', pool: 'gpus' }))]).toEqual([false, false]);
  expect(saysMore({ ...fieldsOf(), maxRetries: '2' })).toBe(false);
  expect([saysMore(fieldsOf({ priority: 3 })), saysMore(fieldsOf({ secrets: { A: { file: 'x' } } })), saysMore({ ...fieldsOf(), retryOn: ['timeout'] })]).toEqual([true, true, true]);
});

test('what is wrong is said with where it is', () => {
  const faults = (over: Partial<ReturnType<typeof fieldsOf>>) => readFields({}, { ...fieldsOf(), ...over }).faults.map(f => f.path);
  expect(faults({ cpus: 'x', secrets: 'nonsense', licences: 'a b c' })).toEqual(['secrets', 'resources.licences', 'resources.cpus']);
  expect([faults({ migProfile: 'half' }), faults({ gpus: '1.5' }), faults({ priority: '5000' }), faults({ retryExceptions: '1x' }), faults({ mapOver: 'files' })]).toEqual([['resources.migProfile'], ['resources.gpus'], ['priority'], ['retry.onExceptions.0'], ['map.as']]);
});

test('single rules of a training are changed, added and taken away', () => {
  const one = fieldsOf({ rules: [{ kind: 'not_finite', metric: 'loss', action: 'stop' }] });
  expect(withFields({}, { ...one, rules: [{ ...one.rules[0]!, action: 'alert' }] })!.rules).toEqual([{ kind: 'not_finite', metric: 'loss', action: 'alert' }]);
  expect(withFields({}, { ...one, rules: [] })!.rules).toBeUndefined();
});
