import { wordsOf } from './run-filter';

test('words are cut at spaces, phrases in quotes stay whole', () => {
  expect(wordsOf(`forest "max depth" 'a b'  x`)).toEqual(['forest', 'max depth', 'a b', 'x']);
  expect(wordsOf('  ')).toEqual([]);
});
