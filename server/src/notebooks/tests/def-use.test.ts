import { analyze, parseNotebook } from '..';
import { analysisOf, lastCell } from './notebook-of';

/** [what, cells, `defines | uses | mutates` of the last]. */
const CASES: [string, string[], string][] = [
  ['an assignment binds its target and uses its value', ['x = y'], 'x | y | '],
  ['targets may be many', ['a = b = c, d = 1, 2'], 'a b c d |  | '],
  ['a starred target is bound', ['a, *rest = range(3)\n(b, [c, *d]) = a'], 'a b c d rest |  | '],
  ['an augmented assignment uses and binds', ['n += 1'], 'n | n | '],
  ['a name the cell bound first is no use', ['x = 1\nprint(x)'], 'x |  | '],
  ['a name read before it is bound is used', ['print(x)\nx = 1'], 'x | x | '],
  ['an annotation alone binds nothing', ['x: int\ny: float = 2.0'], 'y |  | '],
  ['an annotation at top level is read', ['y: pd.DataFrame = None'], 'y | pd | '],
  ['imports bind the first part or the alias', ['import os.path, numpy as np\nfrom a.b import c as d, e'], 'd e np os |  | '],
  ['a def binds its name and reads defaults, annotations and decorators only', ['@deco\ndef f(a, b=k, *c: T, **d) -> R:\n    return g + a'], 'f | R T deco k | '],
  ['a class binds its name, reads bases and its body', ['class A(B, metaclass=M):\n    x = y\n    def f(self):\n        return z'], 'A | B M y | '],
  ['a name of a class body stays in it', ['class A:\n    x = 1\nprint(x)'], 'A | x | '],
  ['for targets are bound and stay', ['for i, (a, b) in pairs:\n    pass\nelse:\n    done = 1'], 'a b done i | pairs | '],
  ['with binds after as, in brackets too', ['with (open("a") as f, lock as g):\n    pass'], 'f g | lock | '],
  ['with unpacks', ['with cm() as (a, b):\n    a + b'], 'a b | cm | '],
  ['a walrus binds, also from a comprehension', ['if (n := f()) and any((m := v) for v in n):\n    pass'], 'm n | f | '],
  ['comprehension variables do not leak', ['[x for x in xs if x > t]\nprint(x)'], ' | t x xs | '],
  ['the first source of a comprehension is read outside it', ['class A:\n    xs = [1]\n    ys = [x for x in xs]'], 'A |  | '],
  ['a generator argument keeps its variable', ['sum(v * w for v in vs)'], ' | vs w | '],
  ['the name of an exception is gone after its handler', ['try:\n    f()\nexcept ValueError as e:\n    print(e)'], ' | f | '],
  ['del takes a name away', ['x = 1\ndel x'], ' |  | '],
  ['del of an older name uses it', ['x = 1', 'del x'], ' | x | '],
  ['match captures bind', ['match cmd:\n    case {"a": b, **rest}: pass\n    case Point(x=c) | [c, *d] if d: pass\n    case other as e: pass\n    case _: pass'], 'b c d e other rest | Point cmd | '],
  ['lambda parameters are its own', ['f = lambda x, y=k: x + y + z'], 'f | k | '],
  ['a lambda that is called reads its free names', ['r = (lambda x: x + z)(1)'], 'r | z | '],
  ['f-strings are read, nested ones too', ['s = f"{a:{w}.{p}f} {b!r} {c[\'k\']}"'], 's | a b c p w | '],
  ['keyword names of calls are no names', ['f(a=b, **c)'], ' | b c f | '],
  ['builtins are no uses', ['print(len([1]), __name__, ValueError)'], ' |  | '],
  ['a rebound builtin is a use', ['list = [1]', 'print(list)'], ' | list | '],
  ['slices are read', ['a[i:j, ::k]'], ' | a i j k | '],
  ['a conditional binding is a binding', ['if c:\n    x = 1'], 'x | c | '],
  ['a branch that leaves a loop has bound', ['for x in xs:\n    if x:\n        found = x\n        break\n    else:\n        last = x\n        continue'], 'found last x | xs | '],
  ['an early return has bound its globals', ['def f(c):\n    global a, b\n    if c:\n        a = 1\n        return\n    b = 2\nf(1)'], 'a b f |  | '],
  ['numbers with a bare point', ['x = [1., 2.e-3, 255.] + [a[0]]\ny = img * 255.'], 'x y | a img | '],
  ['forms of newer Pythons', ['with (\n    open("a") as f,  # one\n    open("b") as g,\n):\n    pass\nmatch v:\n    case dict(): pass\n    case []: pass\nfor a, *rest in v: pass\ntry:\n    f\nexcept* ValueError: pass\nw = v[*rest]'], 'a f g rest w | v | '],
  ['await, yield and global statements parse', ['async def f():\n    async with a as b:\n        return await b\nasync def g():\n    yield 1'], 'f g |  | '],
  ['positional-only and keyword-only parameters are local', ['def f(a, /, b, *, c):\n    return a + b + c\nf(1, 2, c=3)'], 'f |  | '],
  ['a global in a called function binds at top level', ['def f():\n    global total\n    total = 1', 'f()'], 'total | f | '],
  ['a global in a function nobody calls binds nothing', ['def f():\n    global total\n    total = 1'], 'f |  | '],
  ['star-expressions in displays and calls are read', ['x = [*a, *b]\nf(*x, **{**c})'], 'x | a b c f | '],
  ['a nested function reads its own closure', ['def outer(k):\n    def inner(v):\n        return v * k * m\n    return inner\nf = outer(2)\nf(3)'], 'f outer | m | '],
  ['type aliases and type parameters parse', ['type Pair = tuple[int, int]\ndef f[T](x: T) -> T:\n    return x'], 'Pair f | T | '],
  ['print as a statement is Python 2: an error', ['print x'], ' |  | ']
];

test.each(CASES)('%s', (_what, cells, expected) => {
  expect(lastCell(...cells)).toBe(expected);
});

test.each([
  ['from m import *', 'imports * from `m`'],
  ['exec(code)', 'uses `exec()`'],
  ['globals()[name] = 1', 'uses `globals()`'],
  ['%run other.py', '`%run`'],
  ['%store -r x', '`%store`'],
  ['!rm -r data', 'runs a shell command'],
  ['%%bash\nls', '`%%bash`'],
  ['x = 1 +', 'has a syntax error in line 1'],
  ['', 'is empty'],
  ['def f(:\n  pass', 'has a syntax error']
])('%j is warned about', (source, words) => {
  const { warnings, cells } = analysisOf(source);
  expect(cells).toHaveLength(1);
  expect(warnings.join('\n')).toContain(words);
});

test('what only a later cell binds is hidden state, said in words', () => {
  const { warnings, dependencies } = analysisOf('a = 1', 'print(x)', 'x = 2');
  expect(warnings).toEqual(['cell 2 uses `x`, which only cell 3 binds']);
  expect(dependencies).toEqual({ a: [], b: [], c: [] });
});

test('what nobody binds, or a cell above deletes, is said too', () => {
  expect(analysisOf('print(nope)').warnings).toEqual(['cell 1 uses `nope`, which no cell binds']);
  expect(analysisOf('x = 1', 'del x', 'print(x)').warnings).toEqual(['cell 3 uses `x`, which cell 2 deletes']);
});

test('cells without ids are named by position, markdown counted but not listed', () => {
  const notebook = parseNotebook({
    nbformat: 4,
    nbformat_minor: 4,
    metadata: {},
    cells: [
      { cell_type: 'markdown', source: ['# x'], metadata: {} },
      { cell_type: 'code', source: ['x = 1\n', 'y = x'], metadata: {}, outputs: [], execution_count: null },
      { cell_type: 'code', source: 'print(y)', metadata: {}, outputs: [], execution_count: null }
    ]
  });
  const { cells, dependencies } = analyze(notebook);
  expect(cells.map(c => c.id)).toEqual(['#1', '#2']);
  expect(dependencies).toEqual({ '#1': [], '#2': ['#1'] });
});

test('what is no notebook is refused in words', () => {
  expect(() => parseNotebook({ nbformat: 3, worksheets: [] })).toThrow('nbformat 3');
  expect(() => parseNotebook([])).toThrow('no notebook');
});
