import type { RunCell } from '@slipway/schema';
import { diffLines, pairCells } from './source-diff';

const cell = (cellId: string | null, source: string): RunCell => ({ executionId: `e-${cellId}-${source}`, cellId, executionCount: 1, source, durationMs: 1 });

test('a changed line is removed and added, what stands around it is the same', () => {
  expect(diffLines('a\nb\nc', 'a\nx\nc').map(line => `${line.kind[0]}${line.text}`)).toEqual(['sa', 'rb', 'ax', 'sc']);
  expect(diffLines('', 'a')).toEqual([{ kind: 'added', text: 'a' }]);
  expect(diffLines('a', 'a')).toEqual([{ kind: 'same', text: 'a' }]);
});

test('cells are paired by id, nameless ones by text; new and gone ones stand alone', () => {
  const pairs = pairCells([cell('1', 'a'), cell('2', 'b'), cell(null, 'c')], [cell('2', 'B'), cell(null, 'c'), cell('3', 'd')]);
  expect(pairs.map(pair => [pair.before?.source, pair.after?.source, pair.isSame])).toEqual([
    ['b', 'B', false],
    ['c', 'c', true],
    [undefined, 'd', false],
    ['a', undefined, false]
  ]);
});
