import { analysisOf, lastCell, lastDependencies, neededOf } from './notebook-of';

const DF = 'import pandas as pd\ndf = pd.read_csv("a.csv")';

/** What the last cell changes of names from before it. */
function changedBy(...sources: string[]): string {
  return lastCell(...sources).split(' | ')[2]!;
}

test.each([
  ['a name that no cell binds', ['d["k"] = 1'], 'd'],
  ['a subscript store', ['d = {}', 'd["k"] = 1'], 'd'],
  ['an attribute store', ['o = make()', 'o.x.y = 1'], 'o'],
  ['an augmented subscript', ['d = {}', 'd["k"] += 1'], 'd'],
  ['del of an element', [DF, 'del df["x"]'], 'df'],
  ['inplace=True', [DF, 'df.dropna(inplace=True)'], 'df'],
  ['inplace on a column', [DF, 'df["a"].fillna(0, inplace=True)'], 'df'],
  ['inplace by a variable', [DF, 'df.sort_values("a", inplace=IN_PLACE)'], 'df'],
  ['the name of an index', [DF, 'df.index.name = "day"'], 'df'],
  ['what a shallow copy shares', ['a = [[1]]\nb = a.copy()', 'b[0].append(2)'], 'a b'],
  ['what copy.copy shares', ['import copy\na = {"k": {}}\nb = copy.copy(a)', 'b["k"]["x"] = 2'], 'a b'],
  ['a locator store', [DF, 'df.loc[df.a > 1, "b"] = 0'], 'df'],
  ['a method of lists', ['xs = []', 'xs.append(1)'], 'xs'],
  ['a method of lists whose result is taken', ['xs = [1]', 'y = xs.pop()'], 'xs'],
  ['a fit', ['m = Model()', 'm.fit(X, y)'], 'm'],
  ['a fit whose result is taken', ['m = Model()', 'h = m.fit(X, y)'], 'm'],
  ['compile', ['m = Model()', 'm.compile(loss="mse")'], 'm'],
  ['an unknown method called for its effect', ['o = make()', 'o.do_something(1)'], 'o'],
  ['a method of axes', ['import matplotlib.pyplot as plt\nfig, ax = plt.subplots()', 'ax.plot([1])'], 'ax'],
  ['axes out of a grid', ['import matplotlib.pyplot as plt\nfig, axes = plt.subplots(2, 2)', 'axes[0, 1].set_title("x")'], 'axes'],
  ['a seed', ['import numpy as np', 'np.random.seed(0)'], 'np'],
  ['random.seed', ['import random', 'random.seed(1)'], 'random'],
  ['torch.manual_seed', ['import torch', 'torch.manual_seed(1)'], 'torch'],
  ['a setting of a module', ['import matplotlib.pyplot as plt', 'plt.rcParams["figure.dpi"] = 100'], 'plt'],
  ['random.shuffle', ['import random\nxs = [1, 2]', 'random.shuffle(xs)'], 'xs'],
  ['np.random.shuffle', ['import numpy as np\nxs = np.arange(3)', 'np.random.shuffle(xs)'], 'xs'],
  ['an imported shuffle', ['from random import shuffle\nxs = [1, 2]', 'shuffle(xs)'], 'xs'],
  ['heapq', ['import heapq\nh = []', 'heapq.heappush(h, 1)'], 'h'],
  ['setattr and next', ['o = make()\nit = iter([1])', 'setattr(o, "x", 1)\nv = next(it)'], 'it o'],
  ['a draw from a generator object', ['import numpy as np\nrng = np.random.default_rng(0)', 'x = rng.normal(size=3)'], 'rng'],
  ['a function that changes its parameter', ['def f(d):\n    d["x"] = 1\nt = make()', 'f(t)'], 't'],
  ['a function through another function', ['def g(v):\n    v.append(1)\ndef f(a, b):\n    g(b)\nxs = []\nys = []', 'f(xs, ys)'], 'ys'],
  ['a function by keyword and default', ['def f(a, into=None):\n    into.append(a)\nxs = []', 'f(1, into=xs)'], 'xs'],
  ['a function that changes a global', ['log = []\ndef f():\n    log.append(1)', 'f()'], 'log'],
  ['a method of the notebook’s class', ['class A:\n    def __init__(self):\n        self.n = 0\n    def up(self):\n        self.n += 1\n    def show(self):\n        return self.n\na = A()', 'a.up()'], 'a'],
  ['what an object of the notebook was given', ['class A:\n    def __init__(self, xs):\n        self.xs = xs\n    def add(self):\n        self.xs.append(1)\nys = []\na = A(ys)', 'a.add()'], 'a ys'],
  ['an alias', ['a = [1]\nb = a', 'b.append(2)'], 'a b'],
  ['an alias bound in the same cell', ['a = [1]', 'b = a\nb.append(2)'], 'a'],
  ['an alias by a column', [DF, 's = df["x"]\ns[0] = 1'], 'df'],
  ['an alias by an attribute', ['m = make()\nw = m.layer', 'w.bias = 0'], 'm w'],
  ['an element of a list', ['d = {}\nxs = [d]', 'xs[0]["k"] = 1'], 'd xs'],
  ['all that a loop goes over', ['a = Model()\nb = Model()\nmodels = {"a": a, "b": b}', 'for name, m in models.items():\n    m.fit(X, y)'], 'a b models'],
  ['a model by its optimizer', ['import torch\nmodel = torch.nn.Linear(1, 1)\nopt = torch.optim.SGD(model.parameters(), lr=0.1)', 'opt.step()'], 'model opt'],
  ['the estimators in a pipeline', ['from sklearn.pipeline import Pipeline\nclf = Model()\npipe = Pipeline([("c", clf)])', 'pipe.fit(X, y)'], 'clf pipe'],
  ['a numpy view', ['import numpy as np\na = np.zeros((2, 2))\nb = a.reshape(4)', 'b[0] = 1'], 'a b'],
  ['a list that grows by +=', ['a = [1]\nb = a', 'b += [2]'], 'a b'],
  ['a module alias', ['import numpy as np\nimport numpy', 'np.random.seed(0)'], 'np numpy'],
  ['an unknown function called for its effect', ['from helpers import clean\nxs = make()', 'clean(xs)'], 'xs'],
  ['torch’s underscore', ['import torch\nw = torch.zeros(2)', 'torch.nn.init.xavier_uniform_(w)'], 'w'],
  ['model.eval()', ['import torch\nm = torch.nn.Linear(1, 1)', 'm.eval()'], 'm']
])('%s changes in place', (_what, cells, expected) => {
  expect(changedBy(...cells)).toBe(expected);
});

test.each([
  ['head', [DF, 'df.head()']],
  ['describe, info, value_counts', [DF, 'df.describe()\ndf.info()\ndf["a"].value_counts()']],
  ['groupby and agg', [DF, 'df.groupby("a").agg({"b": "mean"})']],
  ['plots of a frame', [DF, 'df.plot(kind="bar")\ndf["a"].hist(bins=3)\ndf.boxplot()']],
  ['inplace=False', [DF, 'df.dropna(inplace=False)']],
  ['a copy that is changed', [DF, 'c = df.copy()\nc["x"] = 1']],
  ['a selection of columns that is changed', [DF, 'c = df[["a", "b"]]\nc["x"] = 1']],
  ['a deep copy that is changed', ['import copy\na = {"k": {}}', 'b = copy.deepcopy(a)\nb["k"]["x"] = 2']],
  ['a copy of a list that is changed', ['a = [[1]]', 'b = a.copy()\nb.append(2)']],
  ['a filtered frame that is changed', [DF, 'c = df[df["a"] > 1]\nc["x"] = 1']],
  ['a chain that is changed', [DF, 'c = df.dropna().reset_index(drop=True)\nc.drop(columns="a", inplace=True)']],
  ['predict and score', ['m = Model()', 'm.predict(X)\nm.score(X, y)\np = m.predict_proba(X)']],
  ['transform', ['s = StandardScaler()', 'Z = s.transform(X)']],
  ['print of anything', ['xs = [1]', 'print(xs, len(xs), sorted(xs), sum(xs))']],
  ['seaborn and pyplot', [DF, 'import seaborn as sns, matplotlib.pyplot as plt\nsns.heatmap(df.corr())\nplt.scatter(df.a, df.b)\nplt.title("x")\nplt.show()']],
  ['a slice of a list that is changed', ['xs = [1, 2]', 'ys = list(xs)\nys.append(3)\nzs = xs + [1]\nzs.append(2)']],
  ['a function that copies', ['def f(d):\n    d = d.copy()\n    d["x"] = 1\n    return d\nt = make()', 'u = f(t)']],
  ['a function that rebinds its parameter', ['def f(n):\n    n += 1\n    return n\nk = 1', 'f(k)']],
  ['a method that only reads', ['class A:\n    def __init__(self):\n        self.n = 0\n    def show(self):\n        print(self.n)\na = A()', 'a.show()']],
  ['sklearn, which clones', ['from sklearn.model_selection import GridSearchCV\nclf = Model()\ngrid = {"a": [1]}', 'gs = GridSearchCV(clf, grid)\ngs.fit(X, y)']],
  ['string methods', ['s = "a b"', 't = s.replace("a", "b").split()\ns.upper()']],
  ['a rebinding', [DF, 'df = df.dropna()']],
  ['saving', [DF, 'df.to_csv("b.csv")']],
  ['a def that would', ['xs = []', 'def f():\n    xs.append(1)']],
  ['train_test_split', [DF, 'from sklearn.model_selection import train_test_split\na, b = train_test_split(df)']],
  ['display of a style', [DF, 'df.style.background_gradient()']],
  ['a set built by update of its own', ['a = {1}', 'b = set(a)\nb.update([2])']],
  ['json.dumps and friends', ['cfg = {"a": 1}', 'import json\njson.dumps(cfg)\nprint(json.dumps(cfg))']],
  ['an assigned add', ['a = make()', 'c = a.add(1)']],
  ['iteration over rows', [DF, 'for i, row in df.iterrows():\n    print(row["a"])']]
])('%s changes nothing', (_what, cells) => {
  expect(changedBy(...cells)).toBe('');
});

test('mutators link in a chain, each to the last before it', () => {
  const { dependencies } = analysisOf('a = [1]', 'b = a', 'b.append(2)', 'a.append(3)', 'print(b)');
  expect(dependencies).toEqual({ a: [], b: ['a'], c: ['b'], d: ['c'], e: ['d'] });
});

test('a column taken before the frame changed does not rest on the change', () => {
  expect(lastDependencies(DF, 'y = df["y"]', 'df["bin"] = 1', 'print(y)')).toBe('b');
});

test('an object whose part was changed under another name rests on both', () => {
  expect(lastDependencies('rf = Model()', 'models = {"rf": rf}', 'rf.fit(X, y)', 'models["rf"].predict(X)')).toBe('bc');
});

test('exploration between does not become needed', () => {
  expect(neededOf(DF, 'df.head()', 'sub = df[df.a > 1]\nsub["z"] = 1\nsub.plot()', 'df.groupby("a").size()', 'df["n"] = df.a * 2', 'df.to_csv("out.csv")')).toBe('aef');
});
