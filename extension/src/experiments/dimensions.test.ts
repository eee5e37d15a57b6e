import { dimensionsOf } from './dimensions';

const run = (params: Record<string, string>, acc: number | 'NaN') => ({
  params: Object.entries(params).map(([key, value]) => ({ key, value })),
  metrics: [{ key: 'acc', last: acc, lastStep: 0, min: acc, max: acc, mean: acc, count: 1 }]
});

test('numbers lie by their size, words evenly, what is missing nowhere; what is the same is no axis', () => {
  const dimensions = dimensionsOf([run({ depth: '2', kind: 'b', same: 'x' }, 0.5), run({ depth: '10', kind: 'a', same: 'x' }, 'NaN'), run({ depth: '6', same: 'x' }, 1)]);
  expect(dimensions.map(({ label, places }) => [label, places])).toEqual([
    ['depth', [0, 1, 0.5]],
    ['kind', [1, 0, null]],
    ['acc', [0, null, 1]]
  ]);
  expect(dimensions[0]!.ticks).toEqual([{ at: 0, text: '2' }, { at: 1, text: '10' }]);
  expect(dimensions[1]!.ticks.map(tick => tick.text)).toEqual(['a', 'b']);
});
