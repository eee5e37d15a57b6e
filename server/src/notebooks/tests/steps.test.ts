import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { analyze, draft, parseNotebook } from '..';
import { analysisOf, notebookOf } from './notebook-of';

const IMPORTS = 'import pandas as pd\nfrom sklearn.ensemble import RandomForestClassifier\nfrom sklearn.linear_model import LogisticRegression\nfrom sklearn.metrics import accuracy_score\nfrom sklearn.model_selection import train_test_split\nimport joblib';
const TABULAR = [
  IMPORTS,
  'df = pd.read_csv("a.csv")',
  'df["r"] = df.a / df.b',
  'X, y = df.drop(columns="y"), df.y\nXa, Xb, ya, yb = train_test_split(X, y, random_state=0)',
  'model = RandomForestClassifier(n_estimators=10, random_state=0)\nmodel.fit(Xa, ya)',
  'print(accuracy_score(yb, model.predict(Xb)))',
  'joblib.dump(model, "m.joblib")'
];

/** `name[cells] inputs>outputs <after` of each step. */
function told(...sources: string[]): string[] {
  return analysisOf(...sources).steps.map(s => `${s.name}[${s.cells.join('')}] ${s.inputs.join(',')}>${s.outputs.join(',')} <${s.after.join(',')}`);
}

test('loading, preparing, training, evaluating and saving are steps; imports are run in each', () => {
  expect(told(...TABULAR)).toEqual([
    'load_data[ab] >df <',
    'prepare[acd] df>Xa,Xb,ya,yb <load_data',
    'train_model[ae] Xa,ya>model <prepare',
    'evaluate[af] Xb,model,yb> <prepare,train_model',
    'save_model[ag] model> <train_model'
  ]);
});

test('independent branches are apart and named by what they make', () => {
  const steps = told(
    IMPORTS,
    'a = pd.read_csv("a.csv")',
    'b = pd.read_csv("b.csv")',
    'forest = RandomForestClassifier().fit(a[["x"]], a.y)',
    'linear = LogisticRegression().fit(b[["x"]], b.y)',
    'print(accuracy_score(a.y, forest.predict(a[["x"]])))',
    'print(accuracy_score(b.y, linear.predict(b[["x"]])))'
  );
  expect(steps).toEqual([
    'load_a[ab] >a <',
    'load_b[ac] >b <',
    'train_forest[ad] a>forest <load_a',
    'train_linear[ae] b>linear <load_b',
    'evaluate_forest[af] a,forest> <load_a,train_forest',
    'evaluate_linear[ag] b,linear> <load_b,train_linear'
  ]);
});

test('what follows a change takes the name from the step that changed it last', () => {
  const { steps } = analysisOf(IMPORTS, 'df = pd.read_csv("a.csv")', 'df["z"] = 1', 'df.to_csv("b.csv")');
  expect(steps.map(s => [s.inputs, s.outputs])).toEqual([[[], ['df']], [['df'], ['df']], [['df'], []]]);
});

test('files between steps are order without names', () => {
  const { steps } = analysisOf(IMPORTS, 'df = pd.read_csv("raw.csv")', 'clean = df.dropna()', 'clean.to_csv("clean.csv")', 'again = pd.read_csv("clean.csv")', 'again.to_parquet("out.parquet")');
  const last = steps.find(s => s.cells.includes('e'))!;
  const saver = steps.find(s => s.cells.includes('d'))!;
  expect(last.inputs).toEqual([]);
  expect(last.after).toEqual([saver.name]);
});

test('a model and its optimizer stay in one step', () => {
  const { steps } = analysisOf(
    'import torch\nfrom torch import nn',
    'x = torch.load("x.pt")',
    'model = nn.Linear(2, 1)',
    'opt = torch.optim.SGD(model.parameters(), lr=0.1)',
    'for epoch in range(3):\n    opt.zero_grad()\n    loss = (model(x) ** 2).mean()\n    loss.backward()\n    opt.step()',
    'torch.save(model.state_dict(), "m.pt")'
  );
  const trains = steps.find(s => s.cells.includes('e'))!;
  expect(trains.cells).toEqual(expect.arrayContaining(['c', 'd', 'e']));
});

test('cells that draw from one seeded generator stay in one step', () => {
  const { steps } = analysisOf('import numpy as np', 'np.random.seed(0)', 'df = read()', 'x = np.random.rand(3) + df', 'm = Model()\nm.fit(x, np.random.rand(3))', 'import joblib\njoblib.dump(m, "m.joblib")');
  expect(steps.find(s => s.cells.includes('d'))!.cells).toEqual(['a', 'b', 'd', 'e']);
});

test('an open file or connection is not carried between steps', () => {
  const { steps } = analysisOf('import sqlite3, pandas as pd', 'con = sqlite3.connect("a.db")', 'df = pd.read_sql("select 1", con)', 'clean = df.dropna()', 'clean.to_csv("a.csv")');
  expect(steps.every(s => !s.inputs.includes('con'))).toBe(true);
});

test('six needed cells give three steps, whatever they do', () => {
  for (const sources of [
    ['a = f()', 'b = a + 1', 'c = b + 1', 'd = c + 1', 'e = d + 1', 'from sklearn.metrics import r2_score\nprint(r2_score([e], [e]))'],
    ['A = 1', 'B = 2', 'def f(x):\n    return x + A', 'def g(x):\n    return f(x) + B', 'import json', 'json.dump(g(1), open("a.json", "w"))'],
    TABULAR
  ]) {
    const { needed, steps } = analysisOf(...sources);
    expect(needed).toHaveLength(sources.length);
    expect(steps.length).toBeGreaterThanOrEqual(3);
  }
});

test('a user’s grouping is kept, with definitions added where they are used', () => {
  const grouping = [
    { name: 'data', cells: ['b', 'c', 'd'] },
    { name: 'model', cells: ['e', 'f', 'g'] }
  ];
  const { steps } = draft(notebookOf(...TABULAR), { grouping });
  expect(steps).toEqual([
    { name: 'data', cells: ['a', 'b', 'c', 'd'], inputs: [], outputs: ['Xa', 'Xb', 'ya', 'yb'], after: [] },
    { name: 'model', cells: ['a', 'e', 'f', 'g'], inputs: ['Xa', 'Xb', 'ya', 'yb'], outputs: [], after: ['data'] }
  ]);
});

test('the proposal, given back as a grouping, is the same', () => {
  const notebook = notebookOf(...TABULAR);
  const { steps } = draft(notebook);
  expect(draft(notebook, { grouping: steps.map(({ name, cells }) => ({ name, cells })) }).steps).toEqual(steps);
});

test.each([
  ['step_cycle', 'wait for each other through `Xb`, `model`, `yb`, `df`', [{ name: 'ends', cells: ['b', 'f'] }, { name: 'rest', cells: ['c', 'd', 'e', 'g'] }]],
  ['unknown_cell', 'no code cell zz', [{ name: 'one', cells: ['zz'] }]],
  ['cell_ungrouped', 'cell 6, cell 7', [{ name: 'one', cells: ['b', 'c', 'd', 'e'] }]],
  ['step_name_taken', 'Two steps', [{ name: 'one', cells: ['b'] }, { name: 'one', cells: ['c'] }]]
])('a grouping is refused: %s', (code, words, grouping) => {
  const grouped = (): unknown => draft(notebookOf(...TABULAR), { grouping });
  expect(grouped).toThrow(expect.objectContaining({ code }));
  expect(grouped).toThrow(words);
});

test('a grouping in which a step would see a later value is refused', () => {
  const notebook = notebookOf('x = f()', 'y = g(x)', 'x = h()', 'k(y)');
  const grouped = (): unknown => draft(notebook, { sinks: ['c', 'd'], grouping: [{ name: 'one', cells: ['a', 'c'] }, { name: 'two', cells: ['b', 'd'] }] });
  expect(grouped).toThrow(expect.objectContaining({ code: 'step_conflict', message: expect.stringContaining('cell 2 uses `x` as cell 1 left it') as string }));
});

test('cells that should stay together are warned about when parted', () => {
  const notebook = notebookOf('a = f()', 'b = [a]', 'a.append(1)', 'k(a, b)');
  const { warnings } = draft(notebook, { sinks: ['d'], grouping: ['a', 'b', 'c', 'd'].map(id => ({ name: id, cells: [id] })) });
  expect(warnings.filter(w => w.includes('should be in one step'))).not.toEqual([]);
});

test('steps partition the needed cells, definitions aside, without a cycle', () => {
  for (const name of ['wine-classifier', 'diabetes-regression']) {
    const { needed, steps } = analyze(example(name));
    const counts = new Map<string, number>();
    steps.flatMap(s => s.cells).forEach(id => counts.set(id, (counts.get(id) ?? 0) + 1));
    expect([...counts.keys()].sort()).toEqual([...needed].sort());
    expect([...counts].filter(([, n]) => n > 1).map(([id]) => id).every(id => ['imports', 'settings', 'helpers'].includes(id))).toBe(true);
    steps.forEach((s, i) => expect(s.after.every(a => steps.findIndex(o => o.name === a) < i)).toBe(true));
  }
});

test('the examples become what a data scientist would draw', () => {
  const wine = draft(example('wine-classifier'));
  expect(wine.steps.map(s => s.name)).toEqual(['load_data', 'prepare', 'train_model', 'evaluate', 'save_model']);
  expect(wine.cells.filter(c => c.reason?.startsWith('abandoned')).map(c => c.id)).toEqual(['attempt', 'attempt-score']);
  expect(wine.models).toEqual([{ cellId: 'save', variable: 'model', path: 'wine-model.joblib', dataName: 'X_test' }]);
  expect(wine.constants.map(c => c.name)).toEqual(expect.arrayContaining(['SEED', 'TEST_SIZE', 'N_ESTIMATORS', 'MAX_DEPTH', 'RandomForestClassifier.min_samples_leaf']));
  const diabetes = draft(example('diabetes-regression'));
  expect(diabetes.steps.map(s => s.name)).toEqual(['load_data', 'prepare', 'train_model', 'evaluate', 'save_results', 'save_regressor']);
  expect(diabetes.warnings).toEqual([]);
});

function example(name: string) {
  return parseNotebook(JSON.parse(readFileSync(join(__dirname, `../../../../examples/${name}.ipynb`), 'utf8')));
}
