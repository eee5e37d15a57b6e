import fc from 'fast-check';
import { TrainingRule } from '@slipway/schema';
import { told } from './finding';
import { createRuleBook } from './rule-book';

const GIB = 2 ** 30;
const book = (...rules: object[]) => createRuleBook(rules.map(rule => TrainingRule.parse(rule)), { memoryBytes: GIB });
const series = (name: string, values: readonly number[]) => values.map((value, step) => ({ name, step, value }));
const kinds = (findings: { metric: string; rule: { kind: string } }[]) => findings.map(f => [f.rule.kind, f.metric]);
const finite = fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e12, max: 1e12 });

test('a value that is not finite is told once a metric, whatever its name', () => {
  const found = book({ kind: 'not_finite' }).hear([...series('loss', [1, NaN, NaN]), ...series('grad/w', [1, -Infinity]), ...series('fine', [0])]);
  expect(kinds(found)).toEqual([['not_finite', 'loss'], ['not_finite', 'grad/w']]);
  expect(found[0]).toMatchObject({ message: 'It is NaN at step 1.', evidence: [{ at: 0, value: 1 }, { at: 1, value: NaN }] });
});

test('finite values never break the rule of values that are not', () => {
  fc.assert(fc.property(fc.array(finite), values => book({ kind: 'not_finite' }).hear(series('loss', values)).length === 0));
});

test('a loss that improves by the share asked for in each window never breaks the rule; a flat one does after as many points', () => {
  fc.assert(
    fc.property(fc.integer({ min: 2, max: 12 }), fc.double({ min: 0.5, max: 50, noNaN: true }), (points, percent) => {
      const falling = Array.from({ length: 60 }, (_, i) => 100 * (1 - percent / 100) ** i * 0.999 ** i);
      const rule = { kind: 'not_decreasing', points, percent };
      expect(book(rule).hear(series('train_loss', falling))).toEqual([]);
      const flat = book(rule);
      expect(flat.hear(series('train_loss', Array<number>(points).fill(3)))).toEqual([]);
      expect(kinds(flat.hear([{ name: 'train_loss', step: points, value: 3 }]))).toEqual([['not_decreasing', 'train_loss']]);
    })
  );
});

test('what is to rise is judged the other way round', () => {
  const rule = { kind: 'not_decreasing', metric: 'acc', goal: 'increase', points: 3, percent: 1 };
  expect(book(rule).hear(series('acc', [0.1, 0.2, 0.3, 0.4, 0.5, 0.6]))).toEqual([]);
  expect(book(rule).hear(series('acc', [0.6, 0.6, 0.5, 0.4]))[0]).toMatchObject({ message: 'It did not increase by 1 % in its last 3 values: 0.6 was the best before them, 0.6 is the best of them.' });
});

test('over-fitting is told when validation drifts from training for as many steps in a row, and not before', () => {
  const losses = (validation: readonly number[]) => validation.flatMap((value, step) => [{ name: 'loss', step, value: 1 / (step + 1) }, { name: 'val_loss', step, value }]);
  const rule = { kind: 'overfitting', points: 3 };
  expect(book(rule).hear(losses([1, 0.6, 0.5, 0.4, 0.35, 0.34, 0.33]))).toEqual([]); // apart, but still getting better
  expect(book(rule).hear(losses([1, 0.6, 0.5, 0.55, 0.6]))).toEqual([]);
  const found = book(rule).hear(losses([1, 0.6, 0.5, 0.55, 0.6, 0.7]));
  expect(kinds(found)).toEqual([['overfitting', 'val_loss']]);
  expect(found[0]!.evidence.map(e => [e.series, e.at])).toEqual([['loss', 3], ['loss', 4], ['loss', 5], ['val_loss', 3], ['val_loss', 4], ['val_loss', 5]]);
});

test('validation seldom logged, and late, is matched with the training of its step', () => {
  const training = Array.from({ length: 50 }, (_, step) => ({ name: 'loss', step, value: 0.1 }));
  const validation = [10, 20, 30, 40].map((step, i) => ({ name: 'val_loss', step, value: 1 + i }));
  expect(kinds(book({ kind: 'overfitting', points: 3 }).hear([...training, ...validation]))).toEqual([['overfitting', 'val_loss']]);
});

test('vanishing looks at the mean size of the last values, exploding at a jump against what was usual', () => {
  expect(kinds(book({ kind: 'vanishing', points: 3 }).hear(series('grad_norm', [1, 1e-8, -1e-8, 1e-9])))).toEqual([['vanishing', 'grad_norm']]);
  expect(book({ kind: 'vanishing', points: 3 }).hear(series('grad_norm', [1, 1e-8, 1, 1e-9, 1]))).toEqual([]);
  const found = book({ kind: 'exploding', points: 3 }).hear(series('grad_norm', [1, 2, 1, 99, 1, -500]));
  expect(found).toMatchObject([{ metric: 'grad_norm', message: 'It is -500 at step 5, more than 100 times the 1 usual before.' }]);
});

test('scaling a series by a positive factor changes nothing of whether it explodes or stands still', () => {
  fc.assert(
    fc.property(fc.array(fc.double({ min: 1e-3, max: 1e6, noNaN: true }), { maxLength: 60 }), fc.constantFrom(0.25, 2, 1024), (values, factor) => {
      const rules = [{ kind: 'exploding', metric: '*' }, { kind: 'not_decreasing', metric: '*' }];
      const scaled = values.map(v => v * factor); // powers of two: exact
      expect(kinds(book(...rules).hear(series('x', scaled)))).toEqual(kinds(book(...rules).hear(series('x', values))));
    })
  );
});

const usage = (gpuPercent: number | null, memoryBytes: number | null) => (at: number) => ({ at: at * 1_000, gpuPercent, memoryBytes });
const minutes = (of: (second: number) => ReturnType<ReturnType<typeof usage>>, count: number) => Array.from({ length: count * 12 }, (_, i) => of(i * 5));

test('idle GPUs are told once the time is covered, without the start; busy ones, and steps without any, are not', () => {
  const watched = book({ kind: 'gpu_idle', forMs: 120_000, afterMs: 60_000 });
  const found = minutes(usage(30, null), 4).map(u => ({ at: u.at, kinds: kinds(watched.sampled(u)) }));
  expect(found.filter(f => f.kinds.length > 0)).toEqual([{ at: 180_000, kinds: [['gpu_idle', 'gpu']] }]);
  const busy = book({ kind: 'gpu_idle', forMs: 120_000, afterMs: 0 });
  expect(minutes(second => usage(second % 30 === 0 ? 100 : 40, null)(second), 10).flatMap(u => busy.sampled(u))).toEqual([]);
  expect(minutes(usage(null, 1), 10).flatMap(u => busy.sampled(u))).toEqual([]);
});

test('memory that only grows is told; what goes up and down, or grows little, is not', () => {
  const rule = { kind: 'memory_growing', forMs: 120_000, afterMs: 0 };
  const grown = book(rule);
  expect(kinds(minutes(s => usage(null, 100e6 + s * 2e6)(s), 4).flatMap(u => grown.sampled(u)))).toEqual([['memory_growing', 'memory']]);
  const saw = book(rule);
  expect(minutes(s => usage(null, 100e6 + (s % 60) * 5e6)(s), 6).flatMap(u => saw.sampled(u))).toEqual([]);
  const little = book(rule);
  expect(minutes(s => usage(null, 100e6 + s * 1e4)(s), 6).flatMap(u => little.sampled(u))).toEqual([]);
});

test('numbers in sentences are short', () => {
  expect([0.123456, 1e-9, 100_000_000, -2.5e9, 12_345, Infinity, NaN].map(told)).toEqual(['0.1235', '1e-9', '1e8', '-2.5e9', '12350', 'Infinity', 'NaN']);
});

test('evidence is short however long the window is', () => {
  const found = [
    ...book({ kind: 'not_decreasing', points: 5_000 }).hear(series('loss', Array<number>(5_001).fill(1))),
    ...(watched => minutes(usage(1, null), 60).flatMap(u => watched.sampled(u)))(book({ kind: 'gpu_idle', forMs: 1_800_000 }))
  ];
  expect(found).toHaveLength(2);
  found.forEach(f => expect(f.evidence.length).toBeLessThanOrEqual(20));
});
