import type { SweepTrial } from '@slipway/schema';
import { sortTrials } from './sort-trials';

const trial = (number: number, value: number | null, params: SweepTrial['params']): SweepTrial => ({ number, value, params, state: 'succeeded', lastReport: null, runId: null, mlflowRunId: null, error: null, createdAt: '2026-01-01T00:00:00.000Z', durationMs: null });
const trials = [trial(0, 10, { kind: 'b' }), trial(1, null, { kind: 'a' }), trial(2, 9, { kind: 'a' })];

test('numbers by size, words by the alphabet, and what has no value last both ways', () => {
  const by = (column: string, isDescending = false): number[] => sortTrials(trials, { by: column, isDescending }).map(t => t.number);
  expect(by('value')).toEqual([2, 0, 1]);
  expect(by('value', true)).toEqual([0, 2, 1]);
  expect(by('param kind')).toEqual([1, 2, 0]);
  expect(by('number', true)).toEqual([2, 1, 0]);
});
