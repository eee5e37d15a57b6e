import fc from 'fast-check';
import { parseScript, printScript } from './percent-script';

const line = fc.oneof(
  fc.constantFrom('', ' ', 'x = 1', '# %% [a] b', '# %%', '# # %% x', '%matplotlib inline', '# %matplotlib inline', '%%time', '# %%time', '!ls', '    !ls', '# # !ls', '#%% y', 'if x:', '# a comment', '    y = "# %%"', '\t# # %% z', '{"blank": [1, 2]}'),
  fc.string({ unit: 'grapheme', maxLength: 20 }).map(text => text.replace(/[\r\n]/g, ''))
);
const source = fc.array(line, { maxLength: 8 }).map(lines => lines.join('\n'));
const cell = fc.record({ id: fc.oneof(fc.stringMatching(/^[A-Za-z0-9_-]{1,12}$/), fc.string({ unit: 'binary', minLength: 1, maxLength: 12 })), title: fc.constantFrom('', 'train', 'load the data'), source });
const cells = fc.uniqueArray(cell, { selector: c => c.id, minLength: 1, maxLength: 6 });

test('what is written is read again, to the letter', () => {
  fc.assert(
    fc.property(cells, fc.constantFrom('', '# Owned by the data team.'), (given, preamble) => {
      const read = parseScript(printScript(given, preamble));
      expect(read.faults).toEqual([]);
      expect(read.preamble).toBe(preamble);
      expect(read.cells.map(({ id, title, source: text }) => ({ id, title, source: text }))).toEqual(given);
    }),
    { numRuns: 500 }
  );
});

test('editors that add or drop blank lines between cells change nothing', () => {
  const text = printScript([{ id: 'a', title: '', source: 'x = 1' }, { id: 'b', title: 'more', source: '\ny = 2\n' }]);
  expect(text).toBe('# %% [a]\nx = 1\n\n# %% [b] more {"blank": [1, 1]}\ny = 2\n');
  const spread = text.replaceAll('\n# %%', '\n\n\n# %%').replaceAll('\n', '\r\n');
  expect(parseScript(spread).cells.map(c => c.source)).toEqual(['x = 1', '\ny = 2\n']);
});

test('magics are comments in the script, and magics again in the cell', () => {
  const text = printScript([{ id: 'a', title: '', source: '%matplotlib inline\n!pip list\nx = 1  # %% no header' }]);
  expect(text).toBe('# %% [a]\n# %matplotlib inline\n# !pip list\nx = 1  # %% no header\n');
});

test('faults name their line', () => {
  expect(parseScript('import os\n# %% [a]\nx = 1\n# %% [a]\ny\n# %% [\nz').faults.map(f => f.line)).toEqual([1, 6, 4]);
});
