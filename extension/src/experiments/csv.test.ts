import { parseTable } from './csv';

test('quoted fields, tabs, empty fields and a last line without its end are read', () => {
  expect(parseTable('a,b\r\n"x, ""y""\nz",2\n,', 9)).toEqual([['a', 'b'], ['x, "y"\nz', '2'], ['', '']]);
  expect(parseTable('a\tb,c\n1\t2', 9)).toEqual([['a', 'b,c'], ['1', '2']]);
  expect(parseTable('a\nb\nc\n', 2)).toEqual([['a'], ['b']]);
  expect(parseTable('', 2)).toEqual([]);
});
