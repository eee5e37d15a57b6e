import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { PYTHON, SLIPWAY, median } from './processes.mjs';

const CELLS = 500;
const ROUNDS = 5;

/**
 * `slipway analyze` on 500 cells of ordinary work: what it takes more than on
 * one cell is the analysis. Beside the whole command stands nbconvert, which
 * only turns the same notebook into a script.
 */
export async function measureAnalysis(folder) {
  mkdirSync(folder, { recursive: true });
  const [large, small] = [write(folder, 'large', CELLS), write(folder, 'small', 1)];
  const analyze = path => timed(process.execPath, [SLIPWAY, 'analyze', path, '--json']);
  const convert = path => timed(PYTHON, ['-m', 'nbconvert', '--to', 'script', '--stdout', path]);
  const commandMs = repeat(() => analyze(large));
  return { cells: CELLS, commandMs, analysisMs: commandMs - repeat(() => analyze(small)), nbconvertMs: repeat(() => convert(large), 3) };
}

function repeat(measure, rounds = ROUNDS) {
  return median(Array.from({ length: rounds }, measure));
}

function timed(program, args) {
  const start = performance.now();
  execFileSync(program, args, { stdio: ['ignore', 'pipe', 'ignore'], maxBuffer: 1 << 28 });
  return performance.now() - start;
}

function write(folder, name, count) {
  const path = join(folder, `${name}.ipynb`);
  const cells = Array.from({ length: count }, (_, i) => ({ id: `cell-${i}`, cell_type: 'code', metadata: {}, outputs: [], execution_count: null, source: source(i, count) }));
  writeFileSync(path, JSON.stringify({ nbformat: 4, nbformat_minor: 5, metadata: { kernelspec: { name: 'python3', display_name: 'Python 3' } }, cells }));
  return path;
}

/** Imports, tables that change, functions, training and metrics, in turns. */
function source(i, count) {
  if (i === 0) return 'import numpy as np\nimport pandas as pd\nfrom sklearn.linear_model import LinearRegression\nfrom sklearn.metrics import r2_score\ndf = pd.DataFrame({"x": np.arange(100.0)})';
  if (i === count - 1) return `r2 = r2_score(df["y${i - 3}"], df["x"])\nprint(r2)`;
  const kinds = [
    `df["y${i}"] = df["x"] * ${i} + df["x"].rolling(3).mean().fillna(0)\ndf["z${i}"] = np.where(df["y${i}"] > ${i}, 1, 0)`,
    `def clean_${i}(table, low=${i}, high=${i * 2}):\n    """Keep what lies between."""\n    kept = table[(table["x"] > low) & (table["x"] < high)]\n    return kept.assign(w=lambda t: t["x"] / ${i})\n\npart_${i} = clean_${i}(df)`,
    `summary_${i} = df.groupby(df["x"] // 10).agg({"x": ["mean", "std"]})\nfor column in summary_${i}.columns:\n    if summary_${i}[column].isna().any():\n        summary_${i}[column] = summary_${i}[column].fillna(0)\nsummary_${i}.head()`,
    `model_${i} = LinearRegression()\nmodel_${i}.fit(df[["x"]], df["x"] * ${i})\nscore_${i} = r2_score(df["x"] * ${i}, model_${i}.predict(df[["x"]]))`,
    `df["y${i}"] = [value ** 2 for value in df["x"]]\nbest_${i} = max((value for value in df["y${i}"]), default=None)`
  ];
  return kinds[i % kinds.length];
}
