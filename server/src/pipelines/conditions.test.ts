import fc from 'fast-check';
import { faultOf, holds, type ConditionFacts } from './conditions';

const scope = { params: { N: 6, MODE: 'full', FAST: false, 'cfg.lr': 0.1 }, steps: ['load', 'train'] };
const facts: ConditionFacts = {
  params: scope.params,
  steps: [
    { name: 'load', status: 'succeeded', metrics: {} },
    { name: 'train', status: 'failed', metrics: { accuracy: 0.93, loss: 'NaN' } }
  ],
  run: { trigger: 'schedule', dataIntervalStart: '2026-11-01T00:00:00Z', dataIntervalEnd: null }
};

test.each([
  ['params.N == 6', true],
  ['params.N != 6', false],
  ['params.N > 5 && params.MODE == "full"', true],
  ['params["cfg.lr"] < 0.2', true],
  ['metrics.accuracy >= 0.9', true],
  ['metrics.loss > 0.0', false],
  ['has(metrics.f1) && metrics.f1 > 0.5', false],
  ['steps["train"].status == "failed"', true],
  ['steps.train.metrics.accuracy < 0.5', false],
  ['run.trigger in ["hand", "schedule"]', true],
  ['run.dataIntervalStart.startsWith("2026-11")', true],
  ['run.dataIntervalEnd == null', true],
  ['!params.FAST', true]
])('%s is %s', (condition, expected) => {
  expect(faultOf(condition, scope)).toBeNull();
  expect(holds(condition, facts)).toBe(expected);
});

test.each([
  ['params.NOPE > 1', /NOPE/, 7],
  ['steps["eval"].status == "failed"', /eval/, 0],
  ['params.MODE > 5', /string > int/, 0],
  ['params.N >', /EOF|end/i, 10],
  ['accuracy > 1', /accuracy/, 0],
  ['params.N', /gives double/, null]
])('%s is refused', (condition, message, at) => {
  expect(faultOf(condition, scope)).toMatchObject({ message: expect.stringMatching(message), at });
});

test('a metric that is not there is told, not taken for 0', () => {
  expect(() => holds('metrics.f1 > 0.5', facts)).toThrow(/f1/);
});

test('whatever is written, the check answers and lets nothing else happen', () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 200 }), text => {
      const fault = faultOf(text, scope);
      expect(fault === null || fault.message.length > 0).toBe(true);
    })
  );
});
