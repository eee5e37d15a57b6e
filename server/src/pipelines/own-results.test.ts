import { freshMetrics } from './own-results';

const cells = [{ id: 'a', source: 'n = 1' }, { id: 'b', source: 'score()' }];
const ran = (cellId: string, source: string, status: 'ok' | 'error' = 'ok') => ({
  cellId, source, status, metrics: cellId === 'b' ? [{ name: 'score', value: 0.5, step: 0, line: 1, loop: {} }] : []
});

test('what a notebook shows counts while its cells are as they ran, in the order they stand', () => {
  const newestFirst = [ran('b', 'score()'), ran('explored', 'x'), ran('a', 'n = 1'), ran('b', 'old()')];
  expect(freshMetrics(newestFirst, cells)).toEqual([{ cellId: 'b', name: 'score', value: 0.5, step: 0 }]);
});

test('a changed, failed, missing or upstream cell run later makes it stale', () => {
  expect(freshMetrics([ran('b', 'score()'), ran('a', 'n = 2')], cells)).toBeNull();
  expect(freshMetrics([ran('b', 'score()', 'error'), ran('a', 'n = 1')], cells)).toBeNull();
  expect(freshMetrics([ran('b', 'score()')], cells)).toBeNull();
  expect(freshMetrics([ran('a', 'n = 1'), ran('b', 'score()')], cells)).toBeNull();
});
