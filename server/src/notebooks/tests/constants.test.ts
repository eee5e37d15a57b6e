import { applyParams, draft, normalizedSource, localImports, metricsOf, sourceHash } from '..';
import { idAt, notebookOf } from './notebook-of';

/** Constants of a one-cell notebook, as `name=value`. */
function constantsOf(...sources: string[]): string[] {
  const { constants } = draft(notebookOf(...sources), { sinks: sources.map((_, i) => idAt(i)) });
  return constants.map(c => `${c.name}=${JSON.stringify(c.value)}`);
}

test.each([
  ['SEED = 42', ['SEED=42']],
  ['a, b = 1, "x"', ['a=1', 'b="x"']],
  ['t = -0.5\nu = None\nv = True\nw = 1_000\nx = 0x10', ['t=-0.5', 'u=null', 'v=true', 'w=1000', 'x=16']],
  ["cfg = {'lr': 0.1, 'opt': {'name': 'adam'}, 'layers': [1]}", ['cfg.lr=0.1', 'cfg.opt.name="adam"']],
  ['cfg = dict(lr=0.1)', ['cfg.lr=0.1']],
  ["cfg = {}\ncfg['lr'] = 0.1\ncfg.depth = 3", ['cfg.lr=0.1', 'cfg.depth=3']],
  ['class Config:\n    lr = 0.1\n    name = "x"', ['Config.lr=0.1', 'Config.name="x"']],
  ['m = ens.RandomForestClassifier(n_estimators=100, max_depth=None, n_jobs=-1, verbose=1)', ['RandomForestClassifier.n_estimators=100', 'RandomForestClassifier.max_depth=null']],
  ['a = Ridge(alpha=1.0)\nb = Ridge(alpha=2.0)', ['Ridge.alpha=1', 'Ridge.alpha#2=2']],
  ['m.fit(X, y, epochs=10)', ['fit.epochs=10']],
  ['def build():\n    return Net(hidden=8)', ['Net.hidden=8']],
  ['print("x", end="")\nplt.plot(x, lw=2)\ndf.plot(kind="bar")\nax.set(title="x")\nsns.histplot(x, bins=3)', []],
  ['df.dropna(inplace=True)', []],
  ['total = 0\nfor x in xs:\n    total += x', []],
  ['for k in ks:\n    best = 3', []],
  ['x: int = 3', ['x=3']],
  ["s = f'{a}'\nt = b'x'\nz = 1j\nn = [1, 2]", []],
  ['s = "a\\nb"', ['s="a\\nb"']]
])('constants of %j', (source, expected) => {
  expect(constantsOf(source)).toEqual(expected);
});

test('values are written into the literals, the rest of the text stays', () => {
  const sources = ['# seed\nSEED = 42  # why\nname = "a"', 'm = Ridge(alpha=1.0, solver=None)\nn = Ridge(alpha = -2)'];
  const { constants } = draft(notebookOf(...sources), { sinks: ['a', 'b'] });
  const cells = sources.map((source, i) => ({ id: idAt(i), source }));
  const changed = applyParams(cells, constants, { SEED: 7, name: "it's", 'Ridge.alpha': 3, 'Ridge.alpha#2': 0.25, 'Ridge.solver': 'svd' });
  expect(changed.map(c => c.source)).toEqual(['# seed\nSEED = 7  # why\nname = \'it\\\'s\'', "m = Ridge(alpha=3.0, solver='svd')\nn = Ridge(alpha = 0.25)"]);
  expect(applyParams(cells, constants, {})).toEqual(cells);
});

test('a value of another kind, or of no constant, is refused', () => {
  const { constants } = draft(notebookOf('SEED = 42'), { sinks: ['a'] });
  const cells = [{ id: 'a', source: 'SEED = 42' }];
  expect(() => applyParams(cells, constants, { SEED: 'x' })).toThrow(expect.objectContaining({ code: 'param_type' }));
  expect(() => applyParams(cells, constants, { SEDE: 1 })).toThrow(expect.objectContaining({ code: 'unknown_param' }));
  expect(applyParams(cells, constants, { SEED: null })[0]!.source).toBe('SEED = None');
});

test.each([
  ['comments and blank lines', 'x = 1\ny = 2', '# a\nx  =  1   # b\n\n\ny=2\n'],
  ['spacing in calls', 'f(a, b=[1, 2])', 'f(  a,\n   b=[ 1,2 ]  )'],
  ['indentation', 'if a:\n    b()\n    c()\nd()', 'if a:\n  b()\n  # c\n  c()\nd()'],
  ['quotes', 'x = "a"', "x = 'a'"],
  ['one line or two', 'a = 1\nb = 2', 'a = 1; b = 2'],
  ['a backslash', 'a = b + c', 'a = b + \\\n  c']
])('normalized: %s do not matter', (_what, one, other) => {
  expect(normalizedSource(other)).toBe(normalizedSource(one));
  expect(sourceHash(other)).toBe(sourceHash(one));
});

test.each([
  ['a literal', 'x = 1', 'x = 2'],
  ['the text of a string', 's = "a b"', 's = "a  b"'],
  ['a block', 'if a:\n    b()\nc()', 'if a:\n    b()\n    c()'],
  ['a magic', '%time x = 1', 'x = 1'],
  ['not', 'a = not b', 'a = b'],
  ['positional-only', 'def f(a, /, b): pass', 'def f(a, b): pass'],
  ['names apart', 'print(a if b else c)', 'print(a if b else d)'],
  ['an operator', 'a = b // c', 'a = b / c'],
  ['stars', 'f(*a)', 'f(**a)'],
  ['an f-string', "f'{a} {b}'", "f'{a}{b}'"]
])('normalized: %s matters', (_what, one, other) => {
  expect(normalizedSource(other)).not.toBe(normalizedSource(one));
});

test('imports are told with their dots', () => {
  expect(localImports('import a.b as c, d\nfrom .e import f\nfrom g.h import i\ndef x():\n    import j')).toEqual(['.e', 'a.b', 'd', 'g.h', 'j']);
});

test.each([
  ['acc = accuracy_score(y, p)\nprint(acc)', [{ name: 'acc', line: 1, variable: 'acc' }]],
  ['print("accuracy:", accuracy_score(y, p))', [{ name: 'accuracy', line: 1, variable: null }]],
  ['print(f"MAE {mean_absolute_error(y, p):.2f}, R2: {round(r2_score(y, p), 2)}")', [{ name: 'MAE', line: 1, variable: null }, { name: 'R2', line: 1, variable: null }]],
  ['x = 1\nmodel = make()\nmodel.score(X, y)', [{ name: 'score', line: 3, variable: null }]],
  ['import numpy as np\nrmse = np.sqrt(mean_squared_error(y, p))', [{ name: 'rmse', line: 2, variable: 'rmse' }]],
  ['cross_val_score(m, X, y).mean()', [{ name: 'cross_val_score', line: 1, variable: null }]],
  ['from sklearn.metrics import accuracy_score as acc\nprint("a: %.2f" % acc(y, p))', [{ name: 'a', line: 2, variable: null }]],
  ['from sklearn import metrics\nf = metrics.f1_score(y, p)', [{ name: 'f', line: 2, variable: 'f' }]],
  ['h = model.fit(X, y)\nloss = h.history["loss"][-1]', [{ name: 'loss', line: 2, variable: 'loss' }]],
  ['import mlflow\nmlflow.log_metric("auc", v)', [{ name: 'auc', line: 2, variable: null }]],
  ['print("n:", len(x))\ny = x.mean()', []],
  ['print(classification_report(y, p))', []]
])('metrics of %j', (source, expected) => {
  expect(metricsOf(source)).toEqual(expected);
});
