import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Analysis } from '@slipway/schema';
import { main } from '.';

const EXAMPLE = join(__dirname, '../../../examples/wine-classifier.ipynb');

test('one JSON value on stdout, in the contract’s shape', async () => {
  const { code, stdout } = await slipway('analyze', EXAMPLE, '--json');
  expect(code).toBe(0);
  const analysis = Analysis.parse(JSON.parse(stdout));
  expect(analysis.sinks).toEqual(['attempt-score', 'evaluate', 'save']);
  expect(analysis.dependencies.train).toEqual(['imports', 'settings', 'split']);
  expect(analysis.steps.length).toBeGreaterThanOrEqual(3);
});

test('sinks may be chosen', async () => {
  const { stdout } = await slipway('analyze', EXAMPLE, '--sink', 'look', '--sink', 'describe', '--json');
  expect((JSON.parse(stdout) as Analysis).needed).toEqual(['imports', 'load', 'look', 'describe']);
});

test('without --json it tells people', async () => {
  const { code, stdout } = await slipway('analyze', EXAMPLE);
  expect(code).toBe(0);
  expect(stdout).toContain('step train_model: imports, settings, train; takes X_train, y_train; gives model; after prepare');
});

test('empty and wrong cells are listed with a warning, exit 0', async () => {
  const { code, stdout } = await slipway('analyze', notebook(['', 'x = (', 'y = 1']), '--json');
  const { cells, warnings } = JSON.parse(stdout) as Analysis;
  expect(code).toBe(0);
  expect(cells.map(c => c.id)).toEqual(['#0', '#1', '#2']);
  expect(warnings).toEqual(['cell 1 is empty', 'cell 2 has a syntax error in line 1']);
});

test.each([
  ['a file that is not there', () => join(tmpdir(), 'no such.ipynb'), 'notebook_unreadable'],
  ['a file that is no JSON', () => file('not json'), 'notebook_invalid'],
  ['JSON that is no notebook', () => file('{"cells": 3}'), 'notebook_invalid'],
  ['an older nbformat', () => file('{"nbformat": 3, "worksheets": []}'), 'notebook_invalid']
])('exit 2 for %s', async (_what, path, code) => {
  const result = await slipway('analyze', path(), '--json');
  expect(result.code).toBe(2);
  expect(JSON.parse(result.stdout)).toEqual({ error: { code, message: expect.any(String) as string } });
});

test.each([
  ['bash', 'x=1\necho $x | wc -c'],
  ['R', 'x <- read.csv("rows.csv")\nprint(x)']
])('a notebook in %s is listed, with the one warning that says why nothing more is known of it', async (language, source) => {
  const path = notebook([source, ''], { language_info: { name: language } });
  const { code, stdout } = await slipway('analyze', path, '--json');
  expect(code).toBe(0);
  expect(Analysis.parse(JSON.parse(stdout))).toEqual({
    cells: ['#0', '#1'].map(id => ({ id, defines: [], uses: [], mutates: [] })),
    dependencies: { '#0': [], '#1': [] },
    sinks: [],
    needed: [],
    steps: [],
    warnings: [expect.stringContaining(`written in ${language}: only Python notebooks`)]
  });
  expect((await slipway('analyze', path)).stdout).toContain(`warning: This notebook is written in ${language}`);
});

test('a byte order mark is no fault', async () => {
  const { code } = await slipway('analyze', file(`\uFEFF{"nbformat":4,"nbformat_minor":5,"metadata":{},"cells":[]}`), '--json');
  expect(code).toBe(0);
});

test.each([
  [['productionize', EXAMPLE, '--name', 'n', '--cron', 'nonsense'], 'invalid_cron', 'fields'],
  [['productionize', EXAMPLE, '--name', 'n', '--cron', '0 6 * * *', '--tz', 'Mars'], 'unknown_time_zone', 'IANA'],
  [['productionize', EXAMPLE, '--name', 'n', '--tz', 'Europe/Berlin'], 'bad_arguments', '--cron'],
  [['productionize', EXAMPLE, '--name', ''], 'bad_arguments', 'letter'],
  [['productionize', EXAMPLE, '--name', 'n', '--param', 'x'], 'bad_argument', 'NAME=VALUE'],
  [['productionize', EXAMPLE], 'bad_arguments', '--name'],
  [['productionize', tmpdir(), '--name', 'n'], 'notebook_unreadable', 'folder'],
  [['analyze', tmpdir()], 'notebook_unreadable', 'folder'],
  [['analyze', EXAMPLE, '--nope'], 'bad_arguments', '--nope'],
  [['analyze'], 'bad_arguments', 'notebook'],
  [['runs', 'n', '--limit', '-1'], 'bad_arguments', 'whole number'],
  [['start', '--sandbox', 'foo'], 'bad_argument', 'auto'],
  [['nonsense'], 'bad_arguments', 'nonsense']
])('%j is refused in words, without a daemon', async (args, code, words) => {
  const said = jest.spyOn(process.stderr, 'write').mockReturnValue(true);
  const result = await slipway(...args, '--json');
  said.mockRestore();
  expect(result.code).toBe(2);
  expect(JSON.parse(result.stdout)).toEqual({ error: { code, message: expect.stringContaining(words) as string } });
});

test('exit 2 for a sink that is no cell', async () => {
  const { code, stdout } = await slipway('analyze', EXAMPLE, '--sink', 'nope', '--json');
  expect(code).toBe(2);
  expect(JSON.parse(stdout)).toMatchObject({ error: { code: 'unknown_cell' } });
});

async function slipway(...args: string[]): Promise<{ code: number; stdout: string }> {
  let stdout = '';
  const write = jest.spyOn(process.stdout, 'write').mockImplementation(chunk => {
    stdout += String(chunk);
    return true;
  });
  try {
    return { code: await main(args), stdout };
  } finally {
    write.mockRestore();
  }
}

function notebook(sources: string[], metadata: object = {}): string {
  const cells = sources.map(source => ({ cell_type: 'code', source: [source], metadata: {}, outputs: [], execution_count: null }));
  return file(JSON.stringify({ nbformat: 4, nbformat_minor: 4, metadata, cells }));
}

function file(text: string): string {
  const path = join(mkdtempSync(join(tmpdir(), 'slipway-analyze-')), 'x.ipynb');
  writeFileSync(path, text);
  return path;
}
