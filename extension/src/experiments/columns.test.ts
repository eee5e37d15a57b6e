import { defaultColumns, seedsAmong } from './columns';

test('params that vary come first, metrics of the system never by themselves', () => {
  const metrics = [{ key: 'acc', hasHistory: false }, { key: 'system/cpu', hasHistory: true }];
  expect(defaultColumns({ params: [{ key: 'a', isVarying: false }, { key: 'b', isVarying: true }], metrics, tags: [] })).toEqual({ params: ['b'], metrics: [{ key: 'acc', aggregate: 'last' }] });
  expect(defaultColumns({ params: [{ key: 'a', isVarying: false }], metrics: [], tags: [] }).params).toEqual(['a']);
});

test('seeds are known by their names', () => {
  expect(seedsAmong(['SEED', 'RandomForestClassifier.random_state', 'seed_everything', 'depth', 'reseed'])).toEqual(['SEED', 'RandomForestClassifier.random_state']);
});
