import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { analyze, draft, normalizedSource, parseNotebook } from '..';
import { idAt, notebookOf } from './notebook-of';
import { programs } from './programs';

test('needed cells are closed, steps hold exactly them, and order is without cycles', () => {
  fc.assert(
    fc.property(programs, sources => {
      const { needed, dependencies, steps, cells } = analyze(notebookOf(...sources), { sinks: [idAt(sources.length - 1)] });
      const isNeeded = new Set(needed);
      expect(needed.every(id => dependencies[id]!.every(d => isNeeded.has(d)))).toBe(true);
      expect([...new Set(steps.flatMap(s => s.cells))].sort()).toEqual([...needed].sort());
      const order = cells.map(c => c.id);
      expect(Object.entries(dependencies).every(([id, on]) => on.every(d => order.indexOf(d) < order.indexOf(id)))).toBe(true);
      steps.forEach((step, i) => {
        expect(step.after.every(name => steps.findIndex(s => s.name === name) < i)).toBe(true);
        expect(step.inputs.every(name => steps.some(s => step.after.includes(s.name) && s.outputs.includes(name)))).toBe(true);
      });
    }),
    { numRuns: 150, seed: 7 }
  );
});

test('what is used rests on the last cell that bound or changed it', () => {
  fc.assert(
    fc.property(programs, sources => {
      const { cells, dependencies } = analyze(notebookOf(...sources));
      cells.forEach((cell, i) => {
        for (const name of cell.uses) {
          const last = cells.slice(0, i).findLast(c => c.defines.includes(name) || c.mutates.includes(name));
          expect(last ? dependencies[cell.id] : [undefined]).toContain(last?.id);
        }
      });
    }),
    { numRuns: 150, seed: 8 }
  );
});

test('comments and blank lines change nothing', () => {
  const noise = fc.constantFrom('', '# a comment = 1', '   ', '#');
  fc.assert(
    fc.property(programs, fc.array(noise, { minLength: 3, maxLength: 3 }), (sources, [before, between, after]) => {
      const noisy = sources.map(s => `${before!}\n${s.split('\n').join(`\n${between!.trim()}\n`)}  ${after!.trim()}\n`);
      expect(analyze(notebookOf(...noisy))).toEqual(analyze(notebookOf(...sources)));
      noisy.forEach((s, i) => expect(normalizedSource(s)).toBe(normalizedSource(sources[i]!)));
    }),
    { numRuns: 100, seed: 9 }
  );
});

test('any text is read without a fault', () => {
  const pieces = fc.constantFrom('def f(', '):', '\n', '    ', 'x', ' = ', '"""', "'", '[', ']', '%time ', '!ls', '?', '\\', 'class A', ': ', 'for ', ' in ', 'lambda', '{', '}', 'f"{', '1.', '@', '*', 'é', '\t', ';', 'match x:\n case ', 'with (', ' as ', 'try:\n', 'except', 'del ', '%%bash\n', 'import ', 'from . import *', 'global x', 'print x', 'await ', ':=', '\r');
  fc.assert(
    fc.property(fc.array(fc.array(pieces, { maxLength: 14 }).map(p => p.join('')), { maxLength: 5 }), sources => {
      const { cells } = draft(notebookOf(...sources));
      expect(cells).toHaveLength(sources.length);
      sources.forEach(normalizedSource);
    }),
    { numRuns: 1500, seed: 10 }
  );
});

test('eight times the cells take nothing like sixty-four times the time', () => {
  const sources = ['wine-classifier', 'diabetes-regression'].flatMap(name => {
    const notebook = parseNotebook(JSON.parse(readFileSync(join(__dirname, `../../../../examples/${name}.ipynb`), 'utf8')));
    return notebook.cells.filter(c => c.cell_type === 'code').map(c => [c.source].flat().join(''));
  });
  const many = Array.from({ length: 1_600 }, (_, i) => sources[i % sources.length]!.replace(/\b(df|model|patients|regressor|X_train)\b/g, `$1_${Math.floor(i / sources.length)}`) + `\n# ${i}`);
  const leastOf = (count: number): number => {
    const notebook = notebookOf(...many.slice(0, count));
    return Math.min(...Array.from({ length: 5 }, () => cpuMs(() => analyze(notebook))));
  };
  leastOf(200); // the compiler is warm now
  expect(leastOf(1_600)).toBeLessThan(24 * leastOf(200));
});

/** Processor time, so that what else runs on the machine does not count. */
function cpuMs(work: () => unknown): number {
  const start = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1000;
}
