import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startRuntime, type TestRuntime } from '../runtime';

jest.setTimeout(90_000);

let t: TestRuntime;
beforeAll(async () => {
  t = await startRuntime();
  writeFileSync(join(t.folder, 'data.csv'), 'a,b\n1,2\n3,4\n');
});
afterAll(() => t.stop());

const json = (digest: string): unknown => JSON.parse(readFileSync(t.blobs.pathOf(digest), 'utf8'));

test('a step hands its declared values on, exactly; an undeclared one is unseen', async () => {
  const first = await t.run(["import pandas as pd\ndf = pd.read_csv('data.csv')\nhidden = 1\nscale = 2.5"], { outputs: ['df', 'scale'] });
  expect(first.error).toBeUndefined();
  expect(first.values.map(v => [v.name, v.codec])).toEqual([['df', 'parquet'], ['scale', 'json']]);
  const second = await t.run(["total = int(df.a.sum() * scale)\nseen = 'hidden' in globals()"], { inputs: first.values, outputs: ['total', 'seen'] });
  expect(second.values.map(v => json(v.digest))).toEqual([10, false]);
  expect(second.pid).not.toBe(first.pid);
  expect(first.reads).toContainEqual(expect.objectContaining({ path: expect.stringContaining('data.csv'), kind: 'file' }));
});

test.each([
  ['a frame with a named multi-index', "pd.DataFrame({'x': [1.5, 2]}, index=pd.MultiIndex.from_tuples([(1, 'a'), (2, 'b')], names=['i', None]))"],
  ['a frame of categories and times', "pd.DataFrame({'c': pd.Categorical(['a', 'b']), 't': pd.to_datetime(['2020-01-01', None])})"],
  ['a frame with integer columns', 'pd.DataFrame([[1, 2], [3, 4]])'],
  ['a frame of objects', "pd.DataFrame({'o': [(1, 2), {'a': 1}]})"],
  ['a series', "pd.Series([1, 2, 3], name='s', dtype='int8')"],
  ['an array', 'np.arange(6, dtype="float32").reshape(2, 3)'],
  ['a tuple', '(1, "a", (2.5, None))'],
  ['a dict with integer keys', '{1: "a", 2: [1, 2]}'],
  ['not a number', 'float("nan")'],
  ['a numpy scalar', 'np.float32(1.5)'],
  ['a large integer', '2 ** 80'],
  ['a function of the notebook', '(lambda k: (lambda v: v + k))(3)']
])('%s comes back as it was', async (_name, expression) => {
  const first = await t.run([`import numpy as np, pandas as pd\nv = ${expression}`], { outputs: ['v'] });
  const check = `import numpy as np, pandas as pd\nfrom slipway.step.equality import difference\nw = ${expression}\nsame = type(v) is type(w) and (v(1) == w(1) if callable(w) else difference(v, w) is None and repr(v) == repr(w))`;
  const second = await t.run([check], { inputs: first.values, outputs: ['same'] });
  expect(second.error ?? json(second.values[0]!.digest)).toBe(true);
});

test.each([
  ['what it was defined beside', 'RATE = 2\ndef scale(x):\n    return x * RATE', 'y = scale(3)', 6],
  ['a helper of its cell', 'def g(x):\n    return x + 1\ndef scale(x):\n    return g(x) * 2', 'y = scale(3)', 8],
  ['a name bound anew before the call', 'RATE = 2\ndef scale(x):\n    return x * RATE', 'RATE = 5\ny = scale(3)', 15],
  ['a helper defined anew', 'def g(x):\n    return x\ndef scale(x):\n    return g(x)', 'def g(x):\n    return -x\ny = scale(3)', -3],
  ['a name bound by a later cell only', 'def scale(x):\n    return x * RATE', 'RATE = 5\ny = scale(3)', 15],
  ['a name it changes itself', 'n = 0\ndef scale(x):\n    global n\n    n += x\n    return n', 'scale(3)\ny = n', 3],
  ['the names of a method', 'RATE = 2\nclass Scaler:\n    def by(self, x):\n        return x * RATE\nscale = Scaler()', 'RATE = 5\ny = scale.by(3)', 15],
  ['the names of a function in a function', 'RATE = 2\ndef maker(k):\n    return lambda x: x * RATE + k\nscale = maker(1)', 'RATE = 5\ny = scale(3)', 16],
  ['itself', 'def scale(x):\n    return 1 if x < 2 else x * scale(x - 1)', 'y = scale(3)', 6]
])('a function handed on sees %s, as in the notebook', async (_what, definition, use, expected) => {
  const first = await t.run([definition], { outputs: ['scale'] });
  const second = await t.run([use], { inputs: first.values, outputs: ['y'] });
  expect(second.error ?? json(second.values[0]!.digest)).toBe(expected);
});

test('a value handed on wins over the one a function was stored with, whichever comes first', async () => {
  const first = await t.run(['RATE = 2\ndef scale(x):\n    return x * RATE'], { outputs: ['scale'] });
  const rate = await t.run(['RATE = 7'], { outputs: ['RATE'] });
  for (const inputs of [[...first.values, ...rate.values], [...rate.values, ...first.values]]) {
    const second = await t.run(['y = scale(3)'], { inputs, outputs: ['y'] });
    expect(second.error ?? json(second.values[0]!.digest)).toBe(21);
  }
});

test('a step sees neither Slipway’s home nor other processes, and has a pid namespace of its own', async () => {
  writeFileSync(join(t.home, 'token'), 'secret');
  const look = `import os\nhome = os.listdir(${JSON.stringify(t.home)}) if os.path.isdir(${JSON.stringify(t.home)}) else []\npids = [p for p in os.listdir('/proc') if p.isdigit()]\nme = os.getpid()\nns = os.readlink('/proc/self/ns/pid')`;
  const [a, b] = await Promise.all([t.run([look], { outputs: ['home', 'pids', 'me', 'ns'] }), t.run([look], { outputs: ['ns'] })]);
  const [home, pids, me, ns] = a.values.map(v => json(v.digest));
  // Pid 1 is the first process of its namespace, which ends with it; of the home there is but the way to its own folder.
  expect([home, pids, me]).toEqual([['work'], ['1', '2'], 2]);
  expect(ns).not.toBe(json(b.values[0]!.digest));
  expect(ns).toContain(a.pidNamespace);
});

test('a step reaches no other run and changes no stored value', async () => {
  const { values } = await t.run(['v = 1'], { outputs: ['v'] });
  const attack = [
    'import os, slipway.step as s',
    "io = s._state['io']",
    "seen = {p: sorted(os.listdir(p)) for p in [io + '/..', io + '/../..']}",
    'fds = [os.readlink(f"/proc/self/fd/{f}") for f in os.listdir("/proc/self/fd") if os.path.isdir(f"/proc/self/fd/{f}")]',
    "refused = []",
    'for act in (lambda: open(io + "/in/v", "w"), lambda: os.unlink(io + "/in/v"), lambda: open("/proc/1/root" + io), lambda: os.readlink("/proc/1/fd/0")):',
    '    try: act()',
    '    except OSError as error: refused.append(type(error).__name__)',
    "capable = [l for l in open('/proc/self/status') if l.startswith('CapEff')] + [l for task in os.listdir('/proc/self/task') for l in open(f'/proc/self/task/{task}/status') if l.startswith('CapEff')]",
    'capable = sorted({int(l.split()[1], 16) & (1 << 21 | 1 << 19) for l in capable})'
  ].join('\n');
  const [a] = await Promise.all([t.run([attack], { inputs: values, outputs: ['seen', 'fds', 'refused', 'capable'] }), t.run(['import time; time.sleep(0.5)'])]);
  expect(a.error).toBeUndefined();
  const [seen, fds, refused, capable] = a.values.map(v => json(v.digest)) as [Record<string, string[]>, string[], string[], number[]];
  expect(Object.values(seen)).toEqual([['io'], [expect.any(String)]]);
  expect(fds.filter(path => path.startsWith(t.home))).toEqual([]);
  expect(refused).toHaveLength(4);
  expect(capable).toEqual([0]);
  expect(json(values[0]!.digest)).toBe(1);
});

test('a link that a step plants leads nowhere', async () => {
  writeFileSync(join(t.home, 'token'), 'secret');
  const secret = JSON.stringify(join(t.home, 'token'));
  const plant = `import os, slipway.step.values as v\nplain = v.store\ndef store(value, path):\n    os.symlink(${secret}, path)\n    return 'json'\nv.store = store\nos.symlink(${secret}, 'stolen.txt')\nos.mkfifo('pipe')\nx = 1`;
  const result = await t.run([plant], { outputs: ['x'] });
  expect(result.error).toMatchObject({ code: 'value_not_storable', message: expect.stringContaining("plain file of the step's own") });
  const files = await t.run([`import os\nos.symlink(${secret}, 'stolen.txt')\nos.mkfifo('pipe')\nos.symlink(${JSON.stringify(t.home)}, 'folder')`]);
  expect([files.error, files.files]).toEqual([undefined, []]);
});

test('a notebook in a folder above Slipway’s home sees neither home nor token, and still has its own layer', async () => {
  const above = join(t.home, '..');
  writeFileSync(join(t.home, 'token'), 'secret');
  writeFileSync(join(above, 'near.csv'), 'a\n1\n');
  const look = `import os\nhome = sorted(os.listdir('home')) if os.path.isdir('home') else []\nopen('made.txt', 'w').write('x')\nnear = open('near.csv').read()`;
  const result = await t.run([look], { folder: above, outputs: ['home', 'near'] });
  expect(result.error).toBeUndefined();
  expect(result.values.map(v => json(v.digest))).toEqual([[], 'a\n1\n']);
  expect(result.files.map(f => f.path)).toEqual(['made.txt']);
  expect(existsSync(join(above, 'made.txt'))).toBe(false);
});

test('messages that are none of the protocol’s do no harm', async () => {
  const forge = ['k = get_ipython().kernel', "k.session.send(k.iopub_socket, 'error', {'traceback': 3}, parent=k.get_parent())", "k.session.send(k.iopub_socket, 'clear_output', 'x', parent=k.get_parent())", 'k.iopub_socket.send(b"garbage")', 'x = 1'].join('\n');
  const result = await t.run([forge], { outputs: ['x'] });
  expect([result.error, json(result.values[0]!.digest)]).toEqual([undefined, 1]);
});

test('what a step writes stays in its own layer and is handed on as files', async () => {
  const first = await t.run(["open('new.txt', 'w').write('made')\nopen('data.csv', 'a').write('5,6\\n')"]);
  expect(first.files.map(f => f.path).sort()).toEqual(['data.csv', 'new.txt']);
  expect([readFileSync(join(t.folder, 'data.csv'), 'utf8'), existsSync(join(t.folder, 'new.txt'))]).toEqual(['a,b\n1,2\n3,4\n', false]);
  const second = await t.run(["rows = open('data.csv').read().count('\\n')\ntext = open('new.txt').read()"], { inputFiles: first.files, outputs: ['rows', 'text'] });
  expect(second.values.map(v => json(v.digest))).toEqual([4, 'made']);
});

test('a failing cell is named with its traceback, and the notebook so far is kept', async () => {
  const result = await t.run(['print("before")', '1 / 0', 'print("never")']);
  expect(result).toMatchObject({ status: 'failed', error: { code: 'cell_failed', cellId: 'c1', message: 'ZeroDivisionError: division by zero' } });
  expect(result.log).toContain('before');
  const book = json(result.notebook!.digest) as { cells: { outputs: { output_type: string }[] }[] };
  expect(book.cells.map(c => c.outputs.map(o => o.output_type))).toEqual([['stream'], ['error']]);
  execFileSync(join(__dirname, '../../../.venv/bin/python'), ['-c', 'import sys, nbformat; nbformat.validate(nbformat.read(sys.argv[1], 4))', t.blobs.pathOf(result.notebook!.digest)]);
});

test('a step that never ends is stopped in time', async () => {
  const result = await t.run(['def busy():\n    while True: pass\nbusy()'], { limits: { timeoutMs: 1_500 } as never });
  expect(result.error).toMatchObject({ code: 'step_timeout', cellId: 'c0' });
  expect(result.log).toMatch(/busy\(\)[^]*KeyboardInterrupt/);
});

test('a step that uses too much memory is told so', async () => {
  const result = await t.run(['x = bytearray(10 * 2**30)\nfor i in range(0, len(x), 4096): x[i] = 1'], { limits: { memoryBytes: 400 * 2 ** 20 } as never });
  expect(result.error).toMatchObject({ code: 'out_of_memory', isRetryable: false });
});

test('a kernel that dies is told from code that fails', async () => {
  const result = await t.run(['import os, signal\nsignal.signal(signal.SIGTERM, signal.SIG_DFL)\nos._exit(3)']);
  expect(result.error).toMatchObject({ code: 'kernel_died', message: 'The kernel exited with code 3.', isRetryable: true });
});

test('nothing a cancelled step started survives it', async () => {
  const abort = new AbortController();
  const marker = `slipway-${Date.now()}`;
  const running = t.run([`import subprocess, time\nsubprocess.Popen(['python3', '-c', 'import time; time.sleep(60)', '${marker}'], start_new_session=True)\nprint('started')\ntime.sleep(60)`], {}, abort.signal);
  const isThere = (): boolean => readdirSync('/proc').some(pid => /^\d+$/.test(pid) && existsSync(`/proc/${pid}/cmdline`) && cmdline(pid).includes(marker) && !cmdline(pid).includes('Popen'));
  while (!isThere()) await sleep(20);
  abort.abort();
  expect(await running).toMatchObject({ status: 'cancelled', error: { code: 'cancelled' } });
  for (let i = 0; i < 100 && isThere(); i++) await sleep(20);
  expect(isThere()).toBe(false);
});

test('a log without end is cut and says so', async () => {
  const result = await t.run(['for i in range(20000): print("x" * 100)'], { limits: { logBytes: 100_000 } as never });
  expect(result.status).toBe('succeeded');
  expect(result.log.length).toBeLessThan(300_000);
  expect(result.log).toContain('[log cut here');
});

test('a value that cannot be stored is named with its type and a cure', async () => {
  const result = await t.run(['import threading\nlock = threading.Lock()'], { outputs: ['lock'] });
  expect(result.error).toMatchObject({ code: 'value_not_storable', message: expect.stringMatching(/`lock` \(lock\).*Merge the steps/) });
});

test('an unknown kernel is refused with the names of those there are', async () => {
  const result = await t.run(['1'], { kernelName: 'absent' });
  expect(result.error).toMatchObject({ code: 'kernel_not_found', message: expect.stringContaining('python3') });
});

test('a saved model is logged with signature, example and predictions', async () => {
  const fit = 'from sklearn.datasets import load_wine\nfrom sklearn.tree import DecisionTreeClassifier\nX, y = load_wine(return_X_y=True, as_frame=True)\nmodel = DecisionTreeClassifier(random_state=0).fit(X, y)';
  const result = await t.run([fit], { models: [{ cellId: 'c0', variable: 'model', dataName: 'X' }] });
  expect(result.error).toBeUndefined();
  expect(result.models[0]).toMatchObject({ flavor: 'sklearn', predictions: { codec: 'npy' } });
  expect(result.models[0]!.files.map(f => f.path)).toEqual(expect.arrayContaining(['MLmodel', 'model.pkl', 'input_example.json']));
  expect(readFileSync(t.blobs.pathOf(result.models[0]!.files.find(f => f.path === 'MLmodel')!.digest), 'utf8')).toContain('signature');
});

test('two values are the same result within 1e-9, and not beyond', async () => {
  const { values } = await t.run(['import pandas as pd\na = pd.DataFrame({"x": [1.0, 2.0]})\nb = a * (1 + 1e-12)\nc = a * (1 + 1e-6)'], { outputs: ['a', 'b', 'c'] });
  expect(await t.runtime.compareValues(values[0]!, values[1]!)).toEqual({ isEqual: true, message: '' });
  expect(await t.runtime.compareValues(values[0]!, values[2]!)).toMatchObject({ isEqual: false });
});

function cmdline(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    return '';
  }
}
