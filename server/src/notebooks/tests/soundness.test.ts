import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { analyze } from '..';
import { idAt, notebookOf } from './notebook-of';
import { programs } from './programs';

const VENV_PYTHON = join(__dirname, '../../../../.venv/bin/python');
const PYTHON = process.env.SLIPWAY_TEST_PYTHON ?? (existsSync(VENV_PYTHON) ? VENV_PYTHON : 'python3');
const COUNT = Number(process.env.SLIPWAY_TEST_PROGRAMS ?? 400);

test('needed cells alone, and steps in names of their own, give what the whole program gives', () => {
  const sampled = fc.sample(programs, { numRuns: COUNT, seed: 20 });
  const jobs = sampled.map(sources => {
    const { needed, steps } = analyze(notebookOf(...sources), { sinks: [idAt(sources.length - 1)] });
    return { cells: Object.fromEntries(sources.map((s, i) => [idAt(i), s])), whole: sources.map((_, i) => idAt(i)), needed, steps };
  });
  const { stdout, stderr } = spawnSync(PYTHON, [join(__dirname, 'run_programs.py')], { input: JSON.stringify(jobs), encoding: 'utf8', maxBuffer: 1 << 26 });
  expect(stderr).toBe('');
  const results = JSON.parse(stdout) as [unknown, unknown, unknown][];
  const wrong = results.flatMap(([whole, needed, steps], i) => (typeof whole === 'string' || JSON.stringify(whole) === JSON.stringify(needed) && JSON.stringify(whole) === JSON.stringify(steps) ? [] : [{ whole, needed, steps, program: sampled[i]!.map((s, c) => `${idAt(c)}: ${s}`).join('\n'), job: [jobs[i]!.needed.join(''), ...jobs[i]!.steps.map(s => JSON.stringify(s))] }]));
  expect(wrong.slice(0, 2)).toEqual([]);
  // The slices are slices: a good part of the cells falls away.
  expect(jobs.reduce((sum, j) => sum + j.needed.length, 0)).toBeLessThan(0.75 * sampled.reduce((sum, s) => sum + s.length, 0));
  // A name that a function reads may have become something else: such programs fail as a whole, but most run.
  expect(results.filter(([whole]) => typeof whole !== 'string').length).toBeGreaterThan(0.6 * COUNT);
});
