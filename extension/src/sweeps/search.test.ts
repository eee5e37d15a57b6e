import type { Sweep } from '@slipway/schema';
import { askOf, firstFields, firstSearch } from './search';

const PARAMS = [{ name: 'X', value: 1 }, { name: 'KIND', value: 'plain' }, { name: 'LIMIT', value: null }, { name: 'EPOCHS', value: 5 }];
const FROM = {
  id: 'before',
  space: { X: { type: 'float', low: 0, high: 4, log: false, step: 0.5 } },
  params: { KIND: 'tilted', LIMIT: 7 },
  objective: { metric: 'loss', direction: 'minimize' },
  sampler: { kind: 'tpe', seed: 3, startupTrials: 2, multivariate: true },
  pruner: { kind: 'median', startupTrials: 1, warmupSteps: 4, intervalSteps: 2 },
  maxTrials: 12,
  maxParallel: 3,
  maxFailures: 9,
  patience: 6,
  timeLimitMs: 90_000,
  warmStart: ['known', 'gone'],
  useCache: false
} as unknown as Sweep;
const CHOICES = { metrics: ['loss'], from: FROM, earlier: [{ id: 'known' } as Sweep] };
const again = (change: Partial<ReturnType<typeof firstSearch>> = {}) => askOf('bowl', 2, PARAMS, firstFields(PARAMS, FROM), { ...firstSearch(CHOICES), ...change }, FROM);

test('a sweep like an earlier one is as that was, what the form does not show included', () => {
  const { space, params, objective, sampler, pruner, maxTrials, maxParallel, maxFailures, patience, timeLimitMs, useCache } = FROM;
  expect(again()).toEqual({ pipeline: 'bowl', version: 2, space, params, objective, sampler, pruner, maxTrials, maxParallel, maxFailures, patience, timeLimitMs, useCache, warmStart: ['known'] });
});

test('another sampler or pruner begins with its own, and a seed can be taken away', () => {
  expect(again({ sampler: 'random', seed: '' })?.sampler).toEqual({ kind: 'random' });
  expect(again({ seed: '0' })?.sampler).toEqual({ kind: 'tpe', seed: 0, startupTrials: 2, multivariate: true });
  expect(again({ pruner: 'asha' })?.pruner).toEqual({ kind: 'asha', minResource: 1, reductionFactor: 4 });
  expect(again({ pruner: 'none' })?.pruner).toEqual({ kind: 'none' });
});

test('a param that is searched is not fixed; one that is always some value is of its own type', () => {
  const fields = firstFields(PARAMS, FROM);
  const other = { ...fields, KIND: { ...fields.KIND!, kind: 'choice' as const, choices: 'a, b' }, EPOCHS: { ...fields.EPOCHS!, kind: 'always' as const, value: '8' } };
  const ask = askOf('bowl', 2, PARAMS, other, firstSearch(CHOICES), FROM);
  expect([Object.keys(ask!.space), ask!.params]).toEqual([['X', 'KIND'], { LIMIT: 7, EPOCHS: 8 }]);
  expect(askOf('bowl', 2, PARAMS, { ...other, EPOCHS: { ...other.EPOCHS, value: 'few' } }, firstSearch(CHOICES), FROM)).toBeNull();
});

test('without a param to search over, a metric, or a seed that is a number there is nothing to start', () => {
  expect(askOf('bowl', 2, PARAMS, firstFields(PARAMS, null), firstSearch({ ...CHOICES, from: null }), null)).toBeNull();
  expect([again({ metric: '' }), again({ seed: 'x' })]).toEqual([null, null]);
});
