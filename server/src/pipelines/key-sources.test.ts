import type { PipelineContent } from './content';
import { keySources } from './key-sources';

const settings = 'SEED = 1\nTREES = 10';
function content(split: string): Pick<PipelineContent, 'cells' | 'constants'> {
  return {
    cells: [
      { id: 'settings', source: settings },
      { id: 'split', source: split }
    ],
    constants: [
      { name: 'SEED', value: 1, cellId: 'settings', from: 7, to: 8 },
      { name: 'TREES', value: 10, cellId: 'settings', from: 17, to: 19 }
    ]
  };
}
const run = new Map([['settings', 'SEED = 2\nTREES = 20'], ['split', 'x']]);
const step = { cells: ['settings', 'split'], outputs: ['a'] };
const params = { SEED: 2, TREES: 20 };

test('a param the step does not use counts with the notebook’s value', () => {
  expect(keySources({ content: content('a = split(SEED)'), step, sources: run, params })[0]).toEqual({ id: 'settings', source: 'SEED = 2\nTREES = 10' });
});

test.each([
  ['used in another cell', 'a = TREES', step],
  ['handed on', 'a = split(SEED)', { ...step, outputs: ['a', 'TREES'] }],
  ['within reach of code that looks names up', 'a = globals()[n]', step],
  ['named in a string that is run', 'a = eval("TRE" + "ES")', step]
])('a param that is %s counts with the run’s value', (_how, source, where) => {
  expect(keySources({ content: content(source), step: where, sources: run, params })[0]!.source).toContain('TREES = 20');
});
