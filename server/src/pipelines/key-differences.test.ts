import { keyDifferences, type KeyFacts } from './key-differences';

const facts = (change: Partial<KeyFacts> = {}): KeyFacts => ({
  baseKey: 'base',
  cells: [{ id: 'a', title: 'train', source: 'N = 5\nfit(N)', run: 'N = 5\nfit(N)' }],
  params: { N: 5 },
  inputs: [{ name: 'df', from: 'load', identity: 'd1' }],
  files: [{ path: 'helper.py', digest: 'h1' }],
  outputs: ['model'],
  reads: [{ path: 'data.csv', digest: 'r1' }],
  variables: { TOKEN: 'secret' },
  packages: { numpy: '2.0' },
  ...change
});
const told = (change: Partial<KeyFacts>) => keyDifferences(facts(), facts(change)).map(d => `${d.part} ${d.name}`);

test('nothing that is the same is named', () => {
  expect(keyDifferences(facts(), facts())).toEqual([]);
});

test.each<[string, Partial<KeyFacts>, string[]]>([
  ['a param', { params: { N: 9 }, cells: [{ id: 'a', title: 'train', source: 'N = 5\nfit(N)', run: 'N = 9\nfit(N)' }] }, ['param N']],
  ['an edit', { cells: [{ id: 'a', title: 'train', source: 'fit()', run: 'fit()' }] }, ['source train']],
  ['a cell more', { cells: [...facts().cells, { id: 'b', title: 'more', source: 'x', run: 'x' }] }, ['source more']],
  ['an input', { inputs: [{ name: 'df', from: 'load', identity: 'd2' }] }, ['input df']],
  ['a module', { files: [] }, ['file helper.py']],
  ['data read', { reads: [{ path: 'data.csv', digest: 'r2' }] }, ['file data.csv']],
  ['a variable', { variables: { TOKEN: 'other' } }, ['variable TOKEN']],
  ['a package', { baseKey: 'other', packages: { numpy: '2.1' } }, ['environment numpy']],
  ['an environment of which nothing else is known', { baseKey: 'other' }, ['environment ']]
])('%s is named', (_what, change, expected) => {
  expect(told(change)).toEqual(expected);
});

test('values of environment variables are not told', () => {
  expect(JSON.stringify(keyDifferences(facts(), facts({ variables: { TOKEN: 'other' } })))).not.toMatch(/secret|other/);
});
