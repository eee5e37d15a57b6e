import { exampleInput, signatureInput } from './rows';

const inputs = (columns: object[]) => ({ signature: { inputs: JSON.stringify(columns) } });
const bodyOf = (columns: object[]): unknown => JSON.parse(signatureInput(inputs(columns))?.body ?? 'null');

test('a row of each column’s type', () => {
  expect(bodyOf([{ type: 'double', name: 'x' }, { type: 'string', name: 's' }, { type: 'boolean', name: 'b' }, { type: 'long' }])).toEqual({ dataframe_split: { columns: ['x', 's', 'b', '3'], data: [[1.5, 'a', true, 1]] } });
});

test('tensors of their shape, one row of them', () => {
  expect(bodyOf([{ type: 'tensor', 'tensor-spec': { dtype: 'float64', shape: [-1, 2, 2] } }])).toEqual({ inputs: [[[0.5, 0.5], [0.5, 0.5]]] });
  expect(bodyOf([{ type: 'tensor', name: 'ids', 'tensor-spec': { dtype: 'int64', shape: [-1, 3] } }, { type: 'tensor', name: 'mask', 'tensor-spec': { dtype: 'bool', shape: [-1, 1] } }])).toEqual({ inputs: { ids: [[1, 1, 1]], mask: [[true]] } });
});

test.each([[[]], [[{ type: 'array', name: 'x' }]], [[{ type: 'tensor', 'tensor-spec': { dtype: 'complex128', shape: [-1] } }]], [[{ type: 'tensor', 'tensor-spec': { dtype: 'float32', shape: [-1, 10_000, 10_000] } }]]])('nothing is made of %j', columns => {
  expect(signatureInput(inputs(columns))).toBeNull();
});

test('the example as it is served comes first, then the rows', async () => {
  const files: Record<string, string> = { 'serving.json': '{"inputs": [1]}', 'rows.json': '{"columns": ["x"], "data": [[1]]}' };
  const read = (path: string) => Promise.resolve(files[path] ?? null);
  expect(await exampleInput({ saved_input_example_info: { artifact_path: 'rows.json', type: 'dataframe', serving_input_path: 'serving.json' } }, read)).toEqual({ kind: 'example', body: '{"inputs": [1]}' });
  expect(await exampleInput({ saved_input_example_info: { artifact_path: 'rows.json', type: 'dataframe' } }, read)).toEqual({ kind: 'example', body: '{"dataframe_split": {"columns": ["x"], "data": [[1]]}}' });
  expect(await exampleInput({ saved_input_example_info: { artifact_path: 'gone.json', type: 'dataframe', serving_input_path: 'gone' } }, read)).toBeNull();
  expect(await exampleInput({}, read)).toBeNull();
});
