import type { Trial } from '@slipway/schema';
import { trialTable, trialTables } from './trial-table';

let ordinal = 0;
function trial(params: Trial['params'], metrics: Record<string, number>, overrides: Partial<Trial> = {}): Trial {
  ordinal += 1;
  return {
    id: `t${ordinal}`,
    sessionId: '00000000-0000-4000-8000-000000000000',
    ordinal,
    groupKey: JSON.stringify(params),
    params,
    metrics: Object.entries(metrics).map(([name, value]) => ({ name, value, executionId: 'e', history: [{ step: 0, value, loop: {} }], isMarked: false })),
    slice: [],
    changedParams: [],
    startedAt: '2026-01-01T00:00:00.000Z',
    mlflowRunIds: [],
    ...overrides
  };
}

test('the newest trial is first, and only params that differ are columns', () => {
  const table = trialTable([trial({ trees: 10, SEED: 1 }, { accuracy: 0.9 }), trial({ trees: 200, SEED: 1 }, { accuracy: 0.95 })]);
  expect(table.rows.map(row => row.params.trees)).toEqual([200, 10]);
  expect(table.varying).toEqual(['trees']);
  expect(table.rows.map(row => [...row.changed])).toEqual([['trees'], []]);
  expect(table.constant).toEqual([['SEED', 1]]);
});

test('repeats are one row with the mean and the sample deviation', () => {
  const table = trialTable([trial({ a: 1 }, { accuracy: 0.9 }), trial({ a: 1 }, { accuracy: 0.94 })]);
  expect(table.rows).toHaveLength(1);
  expect(table.rows[0]!.repeats).toBe(2);
  expect(table.rows[0]!.metrics.accuracy!.mean).toBeCloseTo(0.92);
  expect(table.rows[0]!.metrics.accuracy!.spread).toBeCloseTo(0.0283, 4);
});

test('the best of a loss is the smallest, of a score the largest, and one alone is none', () => {
  const table = trialTable([trial({ a: 1 }, { val_loss: 2, score: 5 }), trial({ a: 2 }, { val_loss: 1, score: 4 })]);
  const best = table.rows.map(row => [row.params.a, row.metrics.val_loss!.isBest, row.metrics.score!.isBest]);
  expect(best).toEqual([[2, true, false], [1, false, true]]);
  expect(trialTable([trial({ a: 1 }, { score: 5 })]).rows[0]!.metrics.score!.isBest).toBe(false);
});

test('trials that share no metric stand in tables of their own, the newest first', () => {
  const tables = trialTables([trial({ C: 1 }, { baseline: 0.8 }), trial({ trees: 10 }, { accuracy: 0.9 }), trial({ C: 2 }, { baseline: 0.7 }), trial({ trees: 20 }, { accuracy: 0.95, f1: 0.9 })]);
  expect(tables.map(table => [table.metricNames, table.varying, table.rows.map(row => [...row.changed])])).toEqual([
    [['accuracy', 'f1'], ['trees'], [['trees'], []]],
    [['baseline'], ['C'], [['C'], []]]
  ]);
});
