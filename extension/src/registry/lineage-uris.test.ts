import { readCellUri } from './lineage-uris';

test('a cell’s URI names its notebook and cell', () => {
  expect(readCellUri('cell:/work/a b.ipynb#f3a1@9c0d')).toEqual({ notebookPath: '/work/a b.ipynb', cellId: 'f3a1' });
  expect(readCellUri('dataset:/work/x.csv@sha256:00')).toBeNull();
});
