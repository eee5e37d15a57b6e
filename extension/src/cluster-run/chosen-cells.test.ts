import type { Notebook } from '@slipway/schema';
import { chosenCells, withoutOutputs } from './chosen-cells';

const book = {
  nbformat: 4,
  nbformat_minor: 4,
  metadata: {},
  cells: [
    { id: 'a', cell_type: 'code', source: 'x = 1', outputs: [{ output_type: 'stream' }], execution_count: 3 },
    { id: 'b', cell_type: 'markdown', source: '# Words' },
    { cell_type: 'code', source: 'y = x', outputs: [], execution_count: null }
  ]
} as Notebook;

test('of the selection the code cells count, one without an id by its position', () => {
  const widgets = book.cells.map((_, index) => ({ index }));
  const widget = { widgets, isSelectedOrActive: (cell: { index: number }) => cell.index > 0 } as never;
  expect(chosenCells(book, widget)).toEqual(['#2']);
  expect(chosenCells(book, { widgets, isSelectedOrActive: () => true } as never)).toEqual(['a', '#2']);
});

test('what cells showed does not travel', () => {
  expect(withoutOutputs(book).cells[0]).toEqual({ id: 'a', cell_type: 'code', source: 'x = 1', outputs: [], execution_count: null });
  expect(book.cells[0]?.execution_count).toBe(3);
});
