import type { PipelineRun, StepRun } from '@slipway/schema';
import { differencesOf } from './run-differences';

const run = (values: Partial<PipelineRun>) => ({ params: {}, metrics: {}, steps: [], ...values }) as unknown as PipelineRun;
const step = (name: string, durationMs: number | null, cached = false) => ({ name, durationMs, cached }) as unknown as StepRun;

test('what two runs have alike is left out; what one lacks is null', () => {
  const before = run({ params: { SEED: 1, MODE: 'full', OLD: true }, metrics: { accuracy: 0.9, loss: 'NaN' } });
  const after = run({ params: { SEED: 2, MODE: 'full' }, metrics: { accuracy: 0.95, loss: 'NaN' } });
  const { params, metrics } = differencesOf(before, after);
  expect(params).toEqual([
    { name: 'SEED', before: 1, after: 2 },
    { name: 'OLD', before: true, after: null }
  ]);
  expect(metrics).toEqual([{ name: 'accuracy', before: 0.9, after: 0.95 }]);
});

test('every step of either run is there with how long it took', () => {
  const { durations } = differencesOf(run({ steps: [step('load', 100), step('train', 900)] }), run({ steps: [step('load', 0, true), step('score', null)] }));
  expect(durations.map(d => [d.name, d.before, d.after, d.isCachedAfter])).toEqual([['load', 100, 0, true], ['train', 900, null, false], ['score', null, null, false]]);
});
