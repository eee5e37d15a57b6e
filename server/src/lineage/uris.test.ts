import { cellUri, datasetUri, mlflowDatasetUri, modelUri, parseCellUri, parseDatasetUri, parseVersionUri } from './uris';

const HASH = 'ab'.repeat(32);

test('a cell’s URI is taken apart as it was put together', () => {
  expect(parseCellUri(cellUri('/a/b #1@x.ipynb', 'c-1', HASH))).toEqual({ notebookKey: '/a/b #1@x.ipynb', cellId: 'c-1', sourceHash: HASH });
  expect(parseCellUri(cellUri('/a.ipynb', null, HASH))).toEqual({ notebookKey: '/a.ipynb', cellId: '', sourceHash: HASH });
  expect(parseCellUri('run:1')).toBeNull();
});

test('a dataset is its place and its bytes, or either alone', () => {
  expect(parseDatasetUri(datasetUri({ path: '/a@b.csv', digest: HASH }))).toEqual({ path: '/a@b.csv', digest: `sha256:${HASH}` });
  expect(parseDatasetUri(datasetUri({ path: '/big.bin', digest: null }))).toEqual({ path: '/big.bin', digest: null });
  expect(parseDatasetUri(`dataset:@sha256:${HASH}`)).toEqual({ path: '', digest: `sha256:${HASH}` });
  expect(parseDatasetUri('model:a@1')).toBeNull();
});

test('a dataset of MLflow’s is named by its source, else by its name', () => {
  const of = (source: string): string => mlflowDatasetUri({ name: 'wine', digest: 'ab12', source });
  expect([of('{"uri": "file:///d/wine.csv"}'), of('{"url": "https://x/wine.csv"}'), of('{"tags": {}}'), of('null'), of('not json')]).toEqual([
    'dataset:/d/wine.csv@mlflow:ab12',
    'dataset:https://x/wine.csv@mlflow:ab12',
    'dataset:wine@mlflow:ab12',
    'dataset:wine@mlflow:ab12',
    'dataset:wine@mlflow:ab12'
  ]);
});

test('versions of models and pipelines', () => {
  expect(parseVersionUri('model', modelUri('a@b', '7'))).toEqual({ name: 'a@b', version: 7 });
  expect(parseVersionUri('pipeline', 'model:a@7')).toBeNull();
  expect(parseVersionUri('model', 'model:a')).toBeNull();
});
