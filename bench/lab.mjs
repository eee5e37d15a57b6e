// What Slipway costs in JupyterLab: per cell in the kernel and in the browser,
// the analysis of a large notebook, and the second `npm start`; each beside the
// same without Slipway. Prints a table for people, then one line of JSON.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { measureAnalysis } from './lab/analysis.mjs';
import { measureBrowser } from './lab/browser.mjs';
import { PYTHON, ROOT } from './lab/processes.mjs';
import { measureStart } from './lab/start.mjs';
import { ensureReady } from '../scripts/setup.mjs';

await ensureReady({ parts: ['npm', 'python', 'sandbox', 'daemon', 'lab', 'labPackage', 'browser'] });
const folder = mkdtempSync(join(tmpdir(), 'slipway-bench-'));
try {
  const hook = JSON.parse(execFileSync(PYTHON, [join(ROOT, 'bench/hook.py'), process.env.BENCH_CELLS ?? '1000'], { encoding: 'utf8' }).trim().split('\n').at(-1));
  const analysis = await measureAnalysis(join(folder, 'analysis'));
  const browser = await measureBrowser(join(folder, 'browser'));
  const start = await measureStart(join(folder, 'start'));
  const ms = value => `${value.toFixed(value < 10 ? 2 : 0)} ms`;
  const rows = [
    ['', 'Slipway', 'beside', 'aim'],
    ['added in the kernel, a trivial cell', ms(hook.addedP50Ms), `${ms(hook.baseP50Ms)} for the cell in IPython`, '≤ 0.2 ms'],
    ['added in the browser, a trivial cell', ms(browser.addedP50Ms), `${ms(browser.plainP50Ms)} for the cell in plain JupyterLab`, '≤ 5 ms'],
    ['a notebook of 500 cells analysed', ms(analysis.analysisMs), '', '≤ 300 ms'],
    ['… the whole command', ms(analysis.commandMs), `${ms(analysis.nbconvertMs)} for nbconvert --to script`, ''],
    ['second start: the daemon answers', ms(start.daemonMs), '', '≤ 2 s'],
    ['second start: npm start until JupyterLab answers', ms(start.labMs), `${ms(start.plainLabMs)} for plain jupyter lab`, '≤ 12 s']
  ];
  const widths = rows[0].map((_, i) => Math.max(...rows.map(r => r[i].length)));
  rows.forEach(r => console.log(r.map((cell, i) => cell.padEnd(widths[i])).join('  ').trimEnd()));
  console.log(JSON.stringify({ hook, browser, analysis, start }));
} finally {
  rmSync(folder, { recursive: true, force: true });
}
