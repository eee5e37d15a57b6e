import type { ModelVersion } from '@slipway/schema';
import { curlCommand, exampleRows, predictionLines, requestBody } from './prediction';

function version(overrides: Partial<ModelVersion> = {}): ModelVersion {
  const inputs = [{ name: 'mean radius', type: 'double', required: true }, { name: 'label', type: 'string', required: false }, { name: 'n', type: 'long', required: true }];
  return { name: 'tumour', version: '2', aliases: [], description: '', source: '', runId: null, status: 'READY', createdAt: '2026-01-01T00:00:00.000Z', tags: {}, stage: 'None', metrics: {}, slices: [], params: {}, signature: { inputs, outputs: [] }, example: { columns: ['n', 'mean radius', 'label'], data: [[3, 1.5, 'it']] }, flavors: [], ...overrides };
}

test('the form is filled from the example by column name', () => {
  expect(exampleRows(version())).toEqual([{ 'mean radius': '1.5', label: 'it', n: '3' }]);
  expect(exampleRows(version({ example: null }))).toEqual([{ 'mean radius': '', label: '', n: '' }]);
});

test('rows are sent as the types of the signature, and what does not fit is not sent', () => {
  expect(requestBody(version(), [{ 'mean radius': '1.5', label: '', n: '3' }])).toEqual({ dataframe_split: { columns: ['mean radius', 'label', 'n'], data: [[1.5, null, 3]] } });
  expect(requestBody(version(), [{ 'mean radius': '1.5', label: 'x', n: '3.5' }])).toBeNull();
  expect(requestBody(version(), [{ 'mean radius': '', label: 'x', n: '3' }])).toBeNull();
});

test('predictions of every shape become lines', () => {
  expect(predictionLines({ predictions: [0, 1] })).toEqual(['0', '1']);
  expect(predictionLines({ predictions: [{ a: 1 }] })).toEqual(['{"a":1}']);
  expect(predictionLines(4)).toEqual(['4']);
});

test('the command for a terminal survives quotes in the data', () => {
  expect(curlCommand('http://127.0.0.1:1/', version(), { inputs: ["it's"] })).toContain("it'\\''s");
});
