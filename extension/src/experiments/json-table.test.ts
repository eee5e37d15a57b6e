import { tableOf } from './json-table';

test('lists of flat records and columns with rows are tables, other JSON is none', () => {
  expect(tableOf([{ a: 1, b: null }, { a: 'x', c: true }], 10)).toEqual({ columns: ['a', 'b', 'c'], rows: [['1', '', ''], ['x', '', 'true']] });
  expect(tableOf({ columns: ['q', 'a'], data: [['why', ['x']], ['how', 2]] }, 1)).toEqual({ columns: ['q', 'a'], rows: [['why', '["x"]']] });
  for (const other of [[], [1, 2], [{ a: { b: 1 } }], { columns: ['a'], data: [[1, 2]] }, { loss: 1 }, null, 'text', [null]]) {
    expect(tableOf(other, 10)).toBeNull();
  }
});
