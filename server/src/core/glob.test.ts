import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { globFiles, globPattern } from './glob';

test('a glob means what shells mean by it', () => {
  expect(['/in/a.csv', '/in/b/a.csv', '/in/a.csv.gz'].map(p => globPattern('/in/*.csv').test(p))).toEqual([true, false, false]);
  expect(['/in/a.csv', '/in/b/c/a.csv', '/out/a.csv'].map(p => globPattern('/in/**/*.csv').test(p))).toEqual([true, true, false]);
  expect(['/in/a1', '/in/a12', '/in/a+'].map(p => globPattern('/in/a?').test(p))).toEqual([true, false, true]);
});

test('only files that match are found, and a missing folder holds none', async () => {
  const root = mkdtempSync(join(tmpdir(), 'slipway-glob-'));
  mkdirSync(join(root, 'deep/er'), { recursive: true });
  ['a.csv', 'b.txt', 'deep/c.csv', 'deep/er/d.csv'].forEach(name => writeFileSync(join(root, name), name));
  const names = async (glob: string) => [...(await globFiles(join(root, glob))).keys()].map(p => p.slice(root.length + 1)).sort();
  expect(await names('*.csv')).toEqual(['a.csv']);
  expect(await names('**/*.csv')).toEqual(['a.csv', 'deep/c.csv', 'deep/er/d.csv']);
  expect(await names('a.csv')).toEqual(['a.csv']);
  expect(await names('nowhere/*.csv')).toEqual([]);
});
