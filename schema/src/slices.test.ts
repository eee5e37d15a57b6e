import { isSliceMetric, parseSliceMetric, sortSlices } from './slices';

test.each([
  ['accuracy/slice/country:DE', { metric: 'accuracy', column: 'country', value: 'DE' }],
  ['test/f1 score/slice/age group:18-30', { metric: 'test/f1 score', column: 'age group', value: '18-30' }],
  ['acc/slice/time:12:30', { metric: 'acc', column: 'time', value: '12:30' }],
  ['acc/slice/path:a/slice/b:c', { metric: 'acc', column: 'path', value: 'a/slice/b:c' }],
  ['größe/slice/Straße:Köln', { metric: 'größe', column: 'Straße', value: 'Köln' }]
])('%s', (name, parsed) => {
  expect(parseSliceMetric(name)).toEqual(parsed);
});

test.each(['accuracy', 'slice/country:DE', 'accuracy/slice/country', 'accuracy/slice/:DE', 'accuracy/slice/country:', 'accuracy/slices/country:DE'])('%s is of all data', name => {
  expect(isSliceMetric(name)).toBe(false);
});

test('metrics are sorted into whole ones and slices with their rows', () => {
  const { whole, sliced } = sortSlices([
    ['accuracy', 0.9],
    ['accuracy/slice/country:FR', NaN],
    ['accuracy/slice/country:DE', 0.8],
    ['rows/slice/country:DE', 40],
    ['loss/slice/sex:f', 0.1]
  ]);
  expect([...whole]).toEqual([['accuracy', 0.9]]);
  expect(sliced).toEqual([
    { metric: 'accuracy', column: 'country', overall: 0.9, slices: [{ value: 'DE', metric: 0.8, rows: 40 }, { value: 'FR', metric: 'NaN', rows: null }] },
    { metric: 'loss', column: 'sex', overall: null, slices: [{ value: 'f', metric: 0.1, rows: null }] }
  ]);
});
