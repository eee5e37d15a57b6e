import { headerOf, mlflowColumns } from './columns';

const names = (text: string, separator: ',' | '\t' = ','): string[] | null => headerOf(text, separator)?.map(c => c.name) ?? null;

test('a header is read with its quotes, whatever ends the line', () => {
  expect(names('a,b c,"d,""e"""\r\n1,2,3\r\n')).toEqual(['a', 'b c', 'd,"e"']);
  expect(names('\uFEFFx\ty\n1\t2\n', '\t')).toEqual(['x', 'y']);
  expect(names('"two\nlines",b\n')).toEqual(['two\nlines', 'b']);
});

test.each(['1,2\n3,4\n', 'a,a\n', 'a,,b\n', '', 'no end of line', `${'a,'.repeat(40)}\n`])('%j has no header', text => {
  expect(names(text)).toBeNull();
});

test('columns of what MLflow’s client logged', () => {
  expect(mlflowColumns('{"mlflow_colspec": [{"type": "double", "name": "x", "required": true}]}')).toEqual([{ name: 'x', type: 'double' }]);
  expect([null, 'x', '{}', '{"mlflow_tensorspec": {}}', '{"mlflow_colspec": [{"type": "tensor"}]}'].map(mlflowColumns)).toEqual([null, null, null, null, null]);
});
