import { analyze } from '..';
import { analysisOf, lastCell, lastDependencies, neededOf, notebookOf } from './notebook-of';

test('what a function reads counts for its callers, not for its definition', () => {
  const { cells, dependencies } = analysisOf('limit = 0.5', 'def f(x):\n    return x > limit', 'limit = 0.9', 'r = f(3)');
  expect(dependencies).toEqual({ a: [], b: [], c: [], d: ['b', 'c'] });
  expect(cells[1]!.uses).toEqual([]);
  expect(cells[3]!.uses).toEqual(['f', 'limit']);
});

test.each([
  ['through functions', ['k = 1', 'def g():\n    return k', 'def f():\n    return g()', 'f()'], 'abc'],
  ['through methods', ['k = 1', 'class A:\n    def m(self):\n        return k', 'a = A()', 'a.m()'], 'ac'],
  ['through inherited methods', ['k = 1', 'class A:\n    def m(self):\n        return k\nclass B(A):\n    pass', 'B().m()'], 'ab'],
  ['through __call__', ['k = 1', 'class A:\n    def __call__(self, x):\n        return x * k', 'a = A()', 'a(2)'], 'ac'],
  ['through properties', ['k = 1', 'class A:\n    @property\n    def p(self):\n        return k\na = A()', 'a.p'], 'ab'],
  ['through lambdas', ['k = 1', 'f = lambda x: x * k', 'f(2)'], 'ab'],
  ['through a function handed on', ['k = 1', 'def f(x):\n    return x * k', 'import pandas as pd\ndf = pd.DataFrame()', 'df.apply(f)'], 'abc'],
  ['through map and sorted', ['k = 1', 'def f(x):\n    return x * k', 'sorted([1], key=f)'], 'ab'],
  ['through a function in a transformer, when that is used', ['k = 1', 'def f(x):\n    return x * k', 'from sklearn.preprocessing import FunctionTransformer\nt = FunctionTransformer(f)', 'k = 2', 't.transform([1])'], 'cd'],
  ['through a dict of functions', ['k = 1', 'def f(x):\n    return x * k\nfs = {"f": f}', 'fs["f"](1)'], 'ab'],
  ['through a closure', ['k = 1', 'def make():\n    def inner():\n        return k\n    return inner', 'h = make()', 'h()'], 'ac'],
  ['through a decorator of the notebook', ['k = 1', 'def deco(fn):\n    def wrapped(*a):\n        return fn(*a) + k\n    return wrapped', 'j = 2', '@deco\ndef f(x):\n    return x + j', 'f(1)'], 'acd'],
  ['through a library’s decorator', ['k = 1', 'from functools import lru_cache\n@lru_cache\ndef f(x):\n    return x + k', 'f(1)'], 'ab'],
  ['through partial', ['k = 1', 'from functools import partial\ndef f(a, b):\n    return a + b + k\ng = partial(f, 1)', 'g(2)'], 'ab'],
  ['through recursion', ['k = 1', 'def f(n):\n    return f(n - 1) + k if n else 0', 'f(3)'], 'ab'],
  ['through mutual recursion', ['k = 1', 'def f(n):\n    return g(n)\ndef g(n):\n    return f(n) + k', 'f(3)'], 'ab'],
  ['a function defined below is the one above at that time', ['def f():\n    return 1', 'f()', 'def f():\n    return 2'], ''],
  ['a global rebound by a called function', ['t = 0\ndef f():\n    global t\n    t = 5', 'f()', 'print(t)'], 'b'],
  ['a local of the same name is another', ['k = 1', 'def f():\n    k = 2\n    return k', 'f()'], 'b'],
  ['a parameter of the same name is another', ['k = 1', 'def f(k):\n    return k', 'f(3)'], 'b'],
  ['a default is read at once', ['k = 1', 'def f(x=k):\n    return x'], 'a']
])('callers: %s', (_what, cells, expected) => {
  expect(lastDependencies(...cells)).toBe(expected);
});

test.each([
  ['the last binder counts', ['x = 1', 'x = 2', 'print(x)'], 'b'],
  ['the last changer counts', ['x = []', 'x.append(1)', 'print(x)'], 'b'],
  ['a conditional binding keeps the one before', ['x = 1', 'c = f', 'if c:\n    x = 2', 'print(x)'], 'c'],
  ['both branches bind', ['x = 1', 'if c:\n    x = 2\nelse:\n    x = 3', 'print(x)'], 'b'],
  ['a loop’s body is taken to run', ['x = 1', 'for i in range(3):\n    x = i', 'print(x)'], 'b'],
  ['import with a fallback', ['try:\n    import xgboost as m\nexcept ImportError:\n    m = None', 'print(m)'], 'a']
])('names: %s', (_what, cells, expected) => {
  expect(lastDependencies(...cells)).toBe(expected);
});

test('a conditional binding rests on the binding it may leave', () => {
  expect(analysisOf('x = 1', 'if c:\n    x = 2').dependencies).toEqual({ a: [], b: ['a'] });
  expect(analysisOf('x = 1', 'if c:\n    x = 2\nelse:\n    x = 3').dependencies.b).toEqual([]);
  expect(analysisOf('if c:\n    x = 2\n    print(x)').cells[0]!.uses).toEqual(['c']);
});

test.each([
  ['written and read', ['df.to_csv("d.csv")', 'import pandas as pd\npd.read_csv("d.csv")'], 'a'],
  ['the same file spelt otherwise', ['df.to_csv("./out/../d.csv")', 'load("d.csv")'], 'a'],
  ['a path put together', ['from pathlib import Path\nD = Path("data")', 'df.to_parquet(D / "x.parquet")', 'import os\nprep(os.path.join("data", "x.parquet"))'], 'b'],
  ['constants and f-strings', ['N = "run1"', 'df.to_csv(f"{N}.csv")', 'read("run1" + ".csv")'], 'b'],
  ['open for writing, then reading', ['with open("n.txt", "w") as f:\n    f.write("1")', 'print(open("n.txt").read())'], 'a'],
  ['a path’s own methods', ['from pathlib import Path\np = Path("n.txt")', 'p.write_text("1")', 'print(Path("n.txt").read_text())'], 'ab'],
  ['pickles', ['import pickle', 'with open("m.pkl", "wb") as f:\n    pickle.dump(m, f)', 'with open("m.pkl", "rb") as f:\n    n = pickle.load(f)'], 'ab'],
  ['a folder that is made', ['import os\nos.makedirs("out", exist_ok=True)', 'df.to_csv("out/a.csv")'], 'a'],
  ['a folder that is listed', ['df.to_csv("out/a.csv")', 'import glob\nglob.glob("out/*.csv")'], 'a'],
  ['%%writefile and import', ['%%writefile helpers.py\nx = 1', 'import helpers'], 'a'],
  ['a file that a shell command names', ['!wget -q http://host/d.csv -O d.csv', 'read("d.csv")'], 'a'],
  ['a path that only a variable knows', ['import os\nOUT = os.environ["OUT"]', 'df.to_csv(OUT)', 'read(OUT)'], 'ab'],
  ['another file', ['df.to_csv("a.csv")', 'read("b.csv")'], ''],
  ['a file written later', ['read("a.csv")', 'df.to_csv("a.csv")'], '']
])('files: %s', (_what, cells, expected) => {
  expect(lastDependencies(...cells)).toBe(expected);
});

test.each([
  ['numpy draws after a seed', ['import numpy as np', 'np.random.seed(0)', 'x = np.random.rand(3)'], 'b'],
  ['draws follow each other', ['import numpy as np', 'np.random.seed(0)', 'x = np.random.rand(3)', 'y = np.random.rand(3)'], 'bc'],
  ['scikit draws from numpy', ['import numpy as np', 'np.random.seed(0)', 'from sklearn.model_selection import train_test_split\na, b = train_test_split([1, 2])'], 'b'],
  ['not with its own state', ['import numpy as np', 'np.random.seed(0)', 'from sklearn.model_selection import train_test_split\na, b = train_test_split([1, 2], random_state=1)'], ''],
  ['an estimator draws when it is fitted', ['import numpy as np', 'np.random.seed(0)', 'from sklearn.ensemble import RandomForestClassifier\nm = RandomForestClassifier()', 'm.fit([[1]], [1])'], 'bc'],
  ['a linear model does not', ['import numpy as np', 'np.random.seed(0)', 'from sklearn.linear_model import LinearRegression\nm = LinearRegression()', 'm.fit([[1]], [1])'], 'c'],
  ['without a seed nothing is promised', ['import numpy as np', 'x = np.random.rand(3)', 'y = np.random.rand(3)'], 'a'],
  ['torch draws for a class of the notebook', ['import torch, torch.nn as nn', 'torch.manual_seed(0)', 'class Net(nn.Module):\n    def __init__(self):\n        super().__init__()\n        self.fc = nn.Linear(1, 1)', 'net = Net()'], 'abc']
])('random numbers: %s', (_what, cells, expected) => {
  expect(lastDependencies(...cells)).toBe(expected);
});

test.each([
  ['%%time is transparent', ['%%time\nx = y'], 'x | y | '],
  ['%time keeps its statement', ['%time x = y'], 'x | y | '],
  ['an assigned %time keeps its expression', ['x = %time f(y)'], 'x | f y | '],
  ['%timeit binds nothing', ['%timeit -n 10 x = y'], ' | y | '],
  ['%%timeit neither', ['%%timeit\nx = y'], ' | y | '],
  ['x = !cmd binds', ['files = !ls {folder}'], 'files | folder | '],
  ['!cmd reads what it is given', ['!echo {msg} $HOME'], ' | msg | '],
  ['%matplotlib and help do nothing', ['%matplotlib inline\nx?\n?y\nz??\n%load_ext autoreload'], ' |  | '],
  ['%%capture binds its name', ['%%capture out\nprint(x)'], 'out | x | '],
  ['%%bash is opaque', ['%%bash\nx=$y'], ' |  | '],
  ['a percent in an expression is no magic', ['x = (a\n  % b)\ns = """\n%matplotlib\n!ls\n"""'], 's x | a b | '],
  ['a backslash goes on', ['!pip install \\\n  pandas\nx = 1'], 'x |  | '],
  ['magics keep their indent', ['if c:\n    %time x = y\nelse:\n    !ls'], 'x | c y | '],
  ['automagic', ['cd data\npip install x'], ' |  | '],
  ['help on a call', ['df.head?\npd.read_csv()?'], ' |  | ']
])('magics: %s', (_what, cells, expected) => {
  expect(lastCell(...cells)).toBe(expected);
});

test.each([
  ['a closure’s own state', ['def make():\n    n = 0\n    def up():\n        nonlocal n\n        n += 1\n        return n\n    return up', 'up = make()', 'up()', 'print(up())'], 'c'],
  ['a list that a closure keeps', ['def make():\n    kept = []\n    def add(v):\n        kept.append(v)\n        return kept\n    return add', 'add = make()', 'add(1)', 'print(add(2))'], 'c'],
  ['a default that is changed', ['def f(x, into=[]):\n    into.append(x)\n    return into', 'f(1)', 'print(f(2))'], 'b'],
  ['an attribute of a function', ['def f():\n    f.n += 1\nf.n = 0', 'f()', 'print(f.n)'], 'b'],
  ['an attribute of a class', ['class Config:\n    lr = 1', 'Config.lr = 5', 'print(Config.lr)'], 'b'],
  ['that its instances read', ['class A:\n    n = 1\na = A()', 'A.n = 5', 'print(a.n)'], 'b'],
  ['a class’s list, changed through an instance', ['class A:\n    items = []\n    def add(self, v):\n        self.items.append(v)', 'a = A()', 'a.add(1)', 'print(A().items)'], 'c'],
  ['a class method', ['class A:\n    known = {}\n    @classmethod\n    def put(cls, k):\n        cls.known[k] = 1', 'A.put(1)', 'print(A.known)'], 'b'],
  ['a method put in place of another', ['class A:\n    def m(self):\n        return 1', 'k = 2', 'A.m = lambda self: k', 'print(A().m())'], 'bc'],
  ['a function given to an object', ['k = 2', 'class A:\n    pass\na = A()', 'a.f = lambda x: x * k', 'a.f(1)'], 'ac'],
  ['super', ['k = 2', 'class A:\n    def m(self):\n        return k', 'class B(A):\n    def m(self):\n        return super().m()', 'B().m()'], 'ac'],
  ['super that changes', ['log = []', 'class A:\n    def __init__(self):\n        log.append(1)\nclass B(A):\n    def __init__(self):\n        super().__init__()', 'b = B()', 'print(log)'], 'c'],
  ['subclasses that register themselves', ['known = []\nclass A:\n    def __init_subclass__(cls):\n        known.append(cls)', 'class B(A):\n    pass', 'print(known)'], 'b'],
  ['a property that is set', ['class A:\n    @property\n    def v(self):\n        return k\n    @v.setter\n    def v(self, x):\n        log.append(x)', 'k = 1\nlog = []\na = A()', 'a.v = 3', 'print(log, a.v)'], 'bc'],
  ['operators', ['k = 2', 'class V:\n    def __add__(self, o):\n        return k', 'v = V()', 'v + v'], 'ac'],
  ['len, print and indexes', ['a = b = c = 1', 'class V:\n    def __len__(self):\n        return a', 'v = V()', 'len(v)'], 'ac'],
  ['print', ['k = 2', 'class V:\n    def __repr__(self):\n        return k', 'v = V()', 'print(v)'], 'ac'],
  ['an index', ['k = 2', 'class V:\n    def __getitem__(self, i):\n        return k', 'v = V()', 'v[1]'], 'ac'],
  ['a loop', ['k = 2', 'class V:\n    def __iter__(self):\n        yield k', 'v = V()', 'for x in v:\n    pass'], 'ac'],
  ['order', ['k = 2', 'class V:\n    def __lt__(self, o):\n        return k', 'v = V()', 'sorted([v, v])'], 'ac'],
  ['with', ['log = []', 'class V:\n    def __enter__(self):\n        log.append(1)\n    def __exit__(self, *a):\n        pass', 'with V():\n    pass', 'print(log)'], 'c'],
  ['a store', ['log = []', 'class V:\n    def __setitem__(self, k, v):\n        log.append(k)\nv = V()', 'v[1] = 2', 'print(log)'], 'c'],
  ['a generator reads as it is gone through', ['k = 1', 'g = (v * k for v in [1])', 'k = 2', 'print(list(g))'], 'bc'],
  ['and looks at its source then', ['xs = [1]', 'g = (v for v in xs)', 'xs.append(2)', 'print(list(g))'], 'bc'],
  ['a generator function moves on', ['def f():\n    yield 1\n    yield 2', 'g = f()', 'next(g)', 'print(list(g))'], 'c'],
  ['an iterator that was used up', ['z = zip([1], [2])', 'd = list(z)', 'print(list(z))'], 'b'],
  ['a body that may end early', ['import contextlib\nv = 1', 'with contextlib.suppress(ValueError):\n    f()\n    v = 2', 'print(v)'], 'b']
])('objects of the notebook: %s', (_what, cells, expected) => {
  expect(lastDependencies(...cells)).toBe(expected);
});

test('what may end early keeps what was bound before', () => {
  expect(lastDependencies('import contextlib\nv = 1', 'with contextlib.suppress(ValueError):\n    v = int("x")')).toBe('a');
});

test.each([
  ['a query’s marked names', ['x = 2', 'y = 3', 'df.query("a > @x")'], 'a'],
  ['in a text bound above', ['x = 2', 'q = "a > @x"', 'df.query(q)'], 'ab'],
  ['in an f-string', ['x = 2', 'col = "a"', 'df.eval(f"{col} * @x")'], 'ab'],
  ['a parameter of that name is another', ['x = 2', 'def f(df, x):\n    return df.query("a > @x")', 'f(df, 1)'], 'b'],
  ['eval of a text', ['x = 2', 'y = 3', 'eval("x + 1")'], 'a'],
  ['exec of a text binds', ['x = 2', 'exec("z = x")', 'print(z)'], 'b'],
  ['any other text may read whatever there is', ['x = 2', 'code = make()', 'exec(code)'], 'ab'],
  ['and may have bound what nobody binds', ['code = make()', 'exec(code)', 'print(z)'], 'b'],
  ['globals by name', ['x = 2', 'y = 3', 'globals()["x"]'], 'a'],
  ['globals that are set', ['x = 2', 'globals()["x"] = 3', 'print(x)'], 'b'],
  ['globals by any name', ['x = 2', 'name = make()', 'globals()[name]'], 'ab'],
  ['whether a global is there', ['x = 2', 'y = 3', 'if "x" not in globals():\n    x = 4'], 'a'],
  ['globals as a whole', ['x = 2', 'y = 3', 'print("{x}".format(**globals()))'], 'ab'],
  ['names of an import *', ['from math import *', 'y = 1', 'print(sqrt(4))'], 'a'],
  ['builtins that an import * often hides', ['from numpy import *', 'y = 1', 'print(sum([1]), len([1]))'], 'a'],
  ['names of %run', ['%run other.py', 'y = 1', 'print(x)'], 'a']
])('names in disguise: %s', (_what, cells, expected) => {
  expect(lastDependencies(...cells)).toBe(expected);
});

test('a folder that is changed is changed for the files after it', () => {
  expect(lastDependencies('%cd data', 'import pandas as pd', 'df = pd.read_csv("x.csv")')).toBe('ab');
  expect(lastDependencies('import os', 'os.chdir("data")', 'df = read("x.csv")')).toBe('b');
});

test('the backward slice is closed', () => {
  expect(neededOf('a = 1', 'b = a', 'c = 2', 'd = b', 'from sklearn.metrics import r2_score\nprint(r2_score([d], [d]))')).toBe('abde');
});

test('other sinks may be chosen, unknown ones are refused', () => {
  const notebook = notebookOf('a = 1', 'b = a', 'c = 2');
  expect(analyze(notebook, { sinks: ['b'] }).needed).toEqual(['a', 'b']);
  expect(() => analyze(notebook, { sinks: ['zz'] })).toThrow('no code cell zz');
});
