import { execFile } from 'node:child_process';
import { mkdtempSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { HOOK_PATH, PYTHON, endKernels, startKernel, type TestKernel } from './kernel';

jest.setTimeout(60_000);
afterAll(endKernels);

const METRICS = (cell: { metrics: { name: string; value: unknown; step: number }[] }): [string, unknown, number][] => cell.metrics.map(m => [m.name, m.value, m.step]);

describe('in one kernel', () => {
  let kernel: TestKernel;
  let done = 0;
  beforeAll(async () => {
    kernel = await startKernel();
  });
  afterAll(() => kernel.shutdown());

  /** Runs cells and gives their records. */
  async function record(...sources: string[]) {
    const { output } = await kernel.run(...sources);
    done += sources.length;
    const cells = (await kernel.executed(done)).slice(-sources.length);
    return { cells, output };
  }

  test('under Run All the cell that fails is recorded with its line, those after it as aborted', async () => {
    const { cells, output } = await record('x = 1', 'y = x\nz = y / 0', 'w = 3');
    expect(cells.map(c => [c.cellId, c.status, c.error?.name ?? null, c.error?.line ?? null])).toEqual([
      ['cell-0', 'ok', null, null],
      ['cell-1', 'error', 'ZeroDivisionError', 2],
      ['cell-2', 'aborted', null, null]
    ]);
    expect(cells[1]!.bound).toEqual(['y']);
    expect(output).not.toContain('slipway');
  });

  test('names bound, read and deleted are told, those of nested functions too', async () => {
    const { cells } = await record('a = 2\nb = 3', 'def scale(v):\n    return v * a\nc = scale(b)\ndel b', '%%time\nd = c + a');
    expect(cells[0]).toMatchObject({ bound: ['a', 'b'], scalars: { a: 2, b: 3 } });
    expect(cells[1]).toMatchObject({ bound: ['scale', 'c'], deleted: ['b'], read: ['a', 'b', 'scale'] });
    expect(cells[2]).toMatchObject({ bound: ['d'], read: ['a', 'c'], scalars: { d: 8 } });
  });

  test('a metric has the name it is bound to, printed under, or measured by; aliases and round() are seen through', async () => {
    const { cells } = await record(
      'from sklearn.metrics import accuracy_score as acc, mean_squared_error\nimport sklearn.metrics as m\nimport numpy as np',
      'top = round(acc([1, 0], [1, 1]), 3)\nrmse = np.sqrt(mean_squared_error([1.0], [3.0]))',
      'print(f"F1: {m.f1_score([1, 0], [1, 1]):.3f}")\nprint("Recall", m.recall_score([1], [1]))\nacc([1], [1])',
      'print("again", top)',
      'scores = {}\nfor depth in [1, 2]:\n    scores[depth] = acc([1, depth], [1, 1])'
    );
    expect(METRICS(cells[1]!)).toEqual([['top', 0.5, 0], ['rmse', 2, 0]]);
    expect(METRICS(cells[2]!)).toEqual([['F1', expect.closeTo(2 / 3), 0], ['Recall', 1, 0], ['accuracy_score', 1, 0]]);
    expect(METRICS(cells[3]!)).toEqual([]);
    expect(METRICS(cells[4]!)).toEqual([['scores', 1, 0], ['scores', 0.5, 1]]);
    expect(cells[4]!.metrics.map(each => each.loop)).toEqual([{ depth: 1 }, { depth: 2 }]);
  });

  test('what a function of the notebook measures and returns is a metric, and so is the mean of scores', async () => {
    const { cells } = await record(
      'def judge(t, p):\n    value = acc(t, p)\n    return value, m.f1_score(t, p)\ngood, f1 = judge([1, 0], [1, 0])',
      'from sklearn.linear_model import LogisticRegression\nfrom sklearn.model_selection import cross_val_score\ncv = cross_val_score(LogisticRegression(), [[0], [1]] * 10, [0, 1] * 10)\nprint("CV:", cv.mean())'
    );
    expect(METRICS(cells[0]!)).toEqual([['good', 1, 0], ['f1', 1, 0]]);
    expect(METRICS(cells[1]!)).toEqual([['CV', 1, 0]]);
  });

  test('what is measured for each group of a table is a metric of slices', async () => {
    const { cells, output } = await record(
      'import pandas as pd\npeople = pd.DataFrame({"country": ["DE", "DE", "FR"], "age": pd.Categorical(["<30", "30-60", "<30"]), "t": [1, 0, 1], "p": [1, 1, 1]})',
      'accuracy_by_country = people.groupby("country")[["t", "p"]].apply(lambda g: acc(g.t, g.p))\naccuracy_by_country["DE"]',
      'def judged(g):\n    return acc(g.t, g.p)\nby_age = round(people.groupby("age", observed=True)[["t", "p"]].apply(judged), 2)',
      'groups = people.groupby("country")[["t", "p"]]',
      'both = groups.apply(lambda g: pd.Series({"acc": acc(g.t, g.p), "f1/macro": m.f1_score(g.t, g.p)}))\nworst = groups.apply(judged).min()',
      'plain = people.groupby("country").apply(lambda g: len(g))\nnested = people.groupby(["country", "age"], observed=True)[["t", "p"]].apply(judged)\nrows = groups.apply(lambda g: g.assign(a=acc(g.t, g.p)))'
    );
    expect(output).not.toMatch(/Traceback/);
    expect(METRICS(cells[1]!)).toEqual([['accuracy/slice/country:DE', 0.5, 0], ['accuracy/slice/country:FR', 1, 0]]);
    expect(METRICS(cells[2]!)).toEqual([['judged/slice/age:30-60', 0, 0], ['judged/slice/age:_30', 1, 0]]);
    expect(METRICS(cells[4]!)).toEqual([['acc/slice/country:DE', 0.5, 0], ['acc/slice/country:FR', 1, 0], ['f1/macro/slice/country:DE', expect.closeTo(2 / 3), 0], ['f1/macro/slice/country:FR', 1, 0], ['worst', 0.5, 0]]);
    expect(METRICS(cells[5]!)).toEqual([]);
  });

  test('a traceback through a metric is the one it would have been', async () => {
    const { cells, output } = await record('bad = acc([1],\n          [1, 2])');
    expect(cells[0]).toMatchObject({ status: 'error', error: { name: 'ValueError', line: 1 }, metrics: [] });
    expect(output).not.toMatch(/__slipway|slipway\/hook/);
  });

  test('files read and written are told with digests, native readers included', async () => {
    writeFileSync(join(kernel.folder, 'in.csv'), 'a,b\n1,2\n');
    const { cells } = await record('import pandas as pd\nt = pd.read_csv("in.csv")\nt.to_parquet("out.parquet")', 'u = pd.read_parquet("out.parquet")');
    expect(cells[0]!.data.map(d => [d.path, d.mode])).toEqual([[join(kernel.folder, 'in.csv'), 'read'], [join(kernel.folder, 'out.parquet'), 'write']]);
    expect(cells[1]!.data).toMatchObject([{ path: join(kernel.folder, 'out.parquet'), mode: 'read', digest: cells[0]!.data[1]!.digest }]);
    expect(cells[0]!.types.t).toBe('pandas.DataFrame (1, 2)');
    expect(cells[0]!.packages.pandas ?? 'seen before').toBeTruthy();
  });

  test('clock and unseeded randomness are impurities, seeded randomness is none', async () => {
    const { cells } = await record('import time\nt0 = time.time()', 'r = np.random.rand()', 'np.random.seed(1)\nr = np.random.rand()', 'g = np.random.default_rng()', 'g = np.random.default_rng(3).random()', 'import random\nrandom.random()', '!true');
    expect(cells.map(c => c.impurities)).toEqual([['clock'], ['unseeded randomness'], [], ['unseeded randomness'], [], ['unseeded randomness'], ['subprocess']]);
  });

  test('the peak memory is the cell’s own', async () => {
    const { cells } = await record('big = bytearray(400 * 2**20)\ndel big', 'small = 1');
    expect(cells[0]!.peakMemoryBytes! - cells[1]!.peakMemoryBytes!).toBeGreaterThan(350 * 2 ** 20);
  });

  test('what the machine did while a cell ran is told: at its start and end, between them for a long one', async () => {
    const { cells } = await record('total = sum(i * i for i in range(30_000_000))\nimport time; time.sleep(0.7)', 'z = 1');
    const { machine } = cells[0]!;
    expect(machine!.length).toBeGreaterThanOrEqual(3);
    expect(machine!.map(s => s.at)).toEqual(machine!.map(s => s.at).sort());
    expect(Math.max(...machine!.map(s => s.values.cpu_utilization_percentage ?? 0))).toBeGreaterThan(5);
    expect(machine!.at(-1)!.values).toMatchObject({ system_memory_usage_percentage: expect.any(Number), disk_available_megabytes: expect.any(Number), network_receive_megabytes: expect.any(Number) });
    expect(cells[1]!.machine!.length).toBeGreaterThanOrEqual(1);
  });

  test('the comm hands over what it holds from a number on', async () => {
    const { records } = (await kernel.ask({ do: 'comm', since: 3 })) as { records: { seq: number; type: string }[] };
    expect(records[0]).toMatchObject({ type: 'session_started' });
    expect(records[1]!.seq).toBe(3);
  });

  test('the spool is the owner’s alone', () => {
    const { sessionId } = kernel.records()[0]!;
    expect(statSync(join(kernel.home, 'spool')).mode & 0o777).toBe(0o700);
    expect(statSync(join(kernel.home, 'spool', `${sessionId}.jsonl`)).mode & 0o777).toBe(0o600);
  });
});

test('a kernel without our files is recorded the same, and leaves no name behind', async () => {
  const kernel = await startKernel({ hook: 'inline' });
  const { output } = await kernel.run('x = 1', 'print(sorted(n for n in dir() if not n.startswith("_")))');
  const cells = await kernel.executed(2);
  await kernel.shutdown();
  expect(cells.map(c => c.bound)).toEqual([['x'], []]);
  expect(output).toContain("['In', 'Out', 'exit', 'get_ipython', 'open', 'quit', 'x']");
  expect(kernel.records().at(-1)!.type).toBe('session_ended');
});

test('without psutil the machine is read from /proc, a GPU by NVIDIA’s library; MLflow’s setting switches it off', async () => {
  const nvml = 'class M: used = 4e9; total = 8e9\nclass U: gpu = 70\nnvmlInit = lambda: None\nnvmlDeviceGetCount = lambda: 1\nnvmlDeviceGetHandleByIndex = lambda i: i\nnvmlDeviceGetUtilizationRates = lambda h: U\nnvmlDeviceGetMemoryInfo = lambda h: M\n';
  const folder = mkdtempSync(join(tmpdir(), 'slipway-readings-'));
  writeFileSync(join(folder, 'pynvml.py'), nvml);
  const probe = `import sys; sys.path.insert(0, ${JSON.stringify(folder)}); sys.modules['psutil'] = None\nfrom slipway.hook import readings\nprint(readings.psutil, sorted(readings.gauges()), sorted(readings.counters()), readings.Gpus().read())`;
  const { stdout } = await promisify(execFile)(PYTHON, ['-c', probe], { env: { ...process.env, PYTHONPATH: HOOK_PATH } });
  expect(stdout).toBe("None ['disk_available_megabytes', 'disk_usage_megabytes', 'disk_usage_percentage', 'system_memory_usage_megabytes', 'system_memory_usage_percentage'] ['cpu_busy', 'cpu_total', 'received', 'sent'] {'gpu_0_utilization_percentage': 70.0, 'gpu_0_memory_usage_megabytes': 4000.0, 'gpu_0_memory_usage_percentage': 50.0}\n");
  const kernel = await startKernel({ env: { MLFLOW_ENABLE_SYSTEM_METRICS_LOGGING: 'false' } });
  await kernel.run('x = 1');
  expect((await kernel.executed(1))[0]!.machine).toEqual([]);
  await kernel.shutdown();
});

test('a spool that cannot be written never touches the cell, and takes all records once it can', async () => {
  const kernel = await startKernel();
  const spool = join(kernel.home, 'spool');
  await kernel.run('import os, shutil');
  await kernel.executed(1);
  const code = `shutil.move(${JSON.stringify(spool)}, ${JSON.stringify(`${spool}-away`)}); open(${JSON.stringify(spool)}, 'w').close()`;
  // Deleting the file under the hook makes it open a new one, which a file in the folder's place forbids.
  const { replies } = await kernel.run(`${code}\n[os.remove(os.path.join(${JSON.stringify(`${spool}-away`)}, n)) for n in os.listdir(${JSON.stringify(`${spool}-away`)})]`, 'x = 1', 'y = 2');
  expect(replies.map(r => r.status)).toEqual(['ok', 'ok', 'ok']);
  await kernel.run(`os.remove(${JSON.stringify(spool)})`);
  const cells = await kernel.executed(3);
  expect(cells.map(c => c.source)).toEqual(expect.arrayContaining(['x = 1', 'y = 2']));
  await kernel.shutdown();
});
