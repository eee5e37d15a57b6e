import type { CellExecution, LineageGraph, Trial } from '@slipway/schema';
import { randomUUID } from 'node:crypto';
import { existsSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { endKernels, startKernel, type TestKernel } from '../../../kernels-bridge/tests/hook/kernel';
import { startApp, until, type RunningApp } from '../running-app';

jest.setTimeout(120_000);

let app: RunningApp;
beforeAll(async () => {
  app = await startApp();
});
afterAll(async () => {
  endKernels();
  await app.stop();
});

const SETUP = 'from sklearn.datasets import load_iris\nfrom sklearn.ensemble import RandomForestClassifier\nfrom sklearn.metrics import accuracy_score, f1_score\nX, y = load_iris(return_X_y=True)';
const FIT = (trees: number): { id: string; source: string } => ({ id: 'fit', source: `model = RandomForestClassifier(n_estimators=${trees}, random_state=0).fit(X, y)` });
const SCORE = { id: 'score', source: 'accuracy = accuracy_score(y, model.predict(X))\nprint(accuracy)' };

async function sessionOf(kernel: TestKernel): Promise<{ id: string; runId: string; status: string; notebookPath: string }> {
  const own = kernel.records()[0]!.sessionId;
  return until(async () => {
    const { status, body } = await app.call('GET', `/sessions/${own}`);
    return status === 200 && body;
  });
}

async function executionsOf(sessionId: string, ended: number): Promise<CellExecution[]> {
  return until(async () => {
    const items = (await app.call('GET', `/sessions/${sessionId}/cell-executions`)).body.items as CellExecution[];
    return items.filter(e => e.status !== 'running').length >= ended && items;
  });
}

async function trialsOf(sessionId: string): Promise<Trial[]> {
  return (await app.call('GET', `/sessions/${sessionId}/trials`)).body.items as Trial[];
}

test('a changed param and two cells run again are a second trial beside the first; run again unchanged, a repeat of it', async () => {
  const kernel = await startKernel({ home: app.home, notebook: 'flowers.ipynb' });
  await kernel.run({ id: 'setup', source: SETUP }, { id: 'look', source: 'X.shape' }, FIT(5), SCORE, { id: 'f1', source: 'f1 = f1_score(y, model.predict(X), average="macro")' });
  await kernel.run(FIT(9), SCORE);
  await kernel.run(FIT(9), SCORE);
  const session = await sessionOf(kernel);
  const executions = await executionsOf(session.id, 9);
  const [third, second, first, ...rest] = await trialsOf(session.id);
  expect(rest).toEqual([]);

  expect(first).toMatchObject({ ordinal: 1, changedParams: [], params: { 'RandomForestClassifier.n_estimators': 5, 'RandomForestClassifier.random_state': 0 } });
  expect(first!.metrics.map(m => m.name).sort()).toEqual(['accuracy', 'f1']);
  expect(first!.slice.map(s => s.cellId)).toEqual(['setup', 'fit', 'score', 'f1']);
  expect(second).toMatchObject({ ordinal: 2, params: { 'RandomForestClassifier.n_estimators': 9 } });
  expect(second!.changedParams).toContain('RandomForestClassifier.n_estimators');
  expect(third!.groupKey).toBe(second!.groupKey);
  expect(first!.groupKey).not.toBe(second!.groupKey);
  expect(executions.find(e => e.cellId === 'look')!.trialId).toBeNull();

  const run = await (await fetch(`${app.url}/api/2.0/mlflow/runs/get?run_id=${second!.id}`)).json();
  expect(run.run.data.tags).toEqual(expect.arrayContaining([{ key: 'mlflow.parentRunId', value: session.runId }, { key: 'slipway.kind', value: 'trial' }]));
  expect(session.runId).toBe(session.id.replaceAll('-', ''));
  await kernel.shutdown();
  await until(async () => (await app.call('GET', `/sessions/${session.id}`)).body.status === 'finished');
  await until(() => !existsSync(join(app.home, 'spool', `${session.id}.jsonl`)));
});

test('a trial has what the machine did while its cells ran, as MLflow’s system metrics, each sample once', async () => {
  const kernel = await startKernel({ home: app.home, notebook: 'machine.ipynb' });
  await kernel.run({ id: 'setup', source: `${SETUP}\nimport time` }, { id: 'fit', source: 'model = RandomForestClassifier(n_estimators=7).fit(X, y)\ntime.sleep(1)' }, SCORE, { id: 'f1', source: 'f1 = f1_score(y, model.predict(X), average="macro")' });
  const session = await sessionOf(kernel);
  await executionsOf(session.id, 4);
  const [trial] = await trialsOf(session.id);
  expect(trial!.metrics.map(m => m.name).sort()).toEqual(['accuracy', 'f1']);
  const { body } = await app.call('GET', `/runs/${trial!.id}`);
  const machine = body.metrics.filter((m: { key: string }) => m.key.startsWith('system/')) as { key: string; count: number; max: number }[];
  expect(machine.map(m => m.key)).toEqual(expect.arrayContaining(['system/cpu_utilization_percentage', 'system/system_memory_usage_megabytes', 'system/disk_usage_percentage', 'system/network_receive_megabytes']));
  const recorded = kernel.records().flatMap(r => (r.type === 'cell_executed' ? (r.machine ?? []) : [])).length;
  expect(recorded).toBeGreaterThanOrEqual(3);
  expect(machine.find(m => m.key === 'system/system_memory_usage_megabytes')!.count).toBe(recorded);
  await kernel.shutdown();
});

test('a metric in a loop is one metric with steps, the loop’s scalars beside each; lineage leads from the file to the trial', async () => {
  const kernel = await startKernel({ home: app.home, notebook: 'loop.ipynb' });
  writeFileSync(join(kernel.folder, 'rows.csv'), 'x,y\n0,0\n1,1\n2,1\n3,1\n');
  await kernel.run(
    { id: 'load', source: 'import pandas as pd\nfrom sklearn.tree import DecisionTreeClassifier\nrows = pd.read_csv("rows.csv")' },
    { id: 'sweep', source: 'for depth in [1, 2, 3]:\n    tree = DecisionTreeClassifier(max_depth=depth, random_state=0).fit(rows[["x"]], rows.y)\n    print("fit", tree.score(rows[["x"]], rows.y))' }
  );
  const session = await sessionOf(kernel);
  await executionsOf(session.id, 2);
  const [trial] = await until(async () => {
    const trials = await trialsOf(session.id);
    return trials.length > 0 && trials;
  });
  expect(trial!.metrics).toMatchObject([{ name: 'fit', value: 1, history: [{ step: 0, loop: { depth: 1 } }, { step: 1, loop: { depth: 2 } }, { step: 2, loop: { depth: 3 } }] }]);
  const graph = (await app.call('GET', `/lineage?uri=run:${trial!.id}&direction=up`)).body as LineageGraph;
  expect(graph.nodes.map(n => n.label)).toEqual(expect.arrayContaining(['rows.csv']));
  await kernel.shutdown();
});

test('one click makes a scalar a metric in every trial of the notebook, another unmakes a found one', async () => {
  const kernel = await startKernel({ home: app.home, notebook: 'marks.ipynb' });
  await kernel.run({ id: 'setup', source: SETUP }, FIT(3), SCORE, { id: 'gain', source: 'gain = accuracy * 100' });
  const session = await sessionOf(kernel);
  await executionsOf(session.id, 4);
  const names = async (): Promise<string[]> => (await trialsOf(session.id)).flatMap(t => t.metrics.map(m => m.name)).sort();
  const found = await names();
  expect(found).toContain('accuracy');
  const mark = (name: string, isMetric: boolean) => app.call('POST', `/sessions/${session.id}/metric-marks`, { name, isMetric });
  expect((await mark('accuracy', false)).status).toBe(200);
  expect(await names()).not.toContain('accuracy');
  await mark('accuracy', true);
  expect(await names()).toEqual(found);
  await kernel.run({ id: 'other', source: 'margin = 3.5' });
  await executionsOf(session.id, 5);
  await mark('margin', true);
  const marked = (await trialsOf(session.id)).flatMap(t => t.metrics).find(m => m.name === 'margin');
  expect(marked).toMatchObject({ value: 3.5, isMarked: true });
  await kernel.shutdown();
});

test('two notebooks at once are two sessions of two experiments', async () => {
  const kernels = await Promise.all(['left.ipynb', 'right.ipynb'].map(notebook => startKernel({ home: app.home, notebook })));
  await Promise.all(kernels.map(kernel => kernel.run('x = 1', 'x + 1')));
  const sessions = await Promise.all(kernels.map(sessionOf));
  for (const [i, kernel] of kernels.entries()) {
    const executions = await executionsOf(sessions[i]!.id, 2);
    expect(executions.map(e => e.source)).toEqual(['x + 1', 'x = 1']);
    await kernel.shutdown();
  }
  const experiments = await (await fetch(`${app.url}/api/2.0/mlflow/experiments/search?max_results=100`)).json();
  expect(experiments.experiments.map((e: { name: string }) => e.name)).toEqual(expect.arrayContaining(['left', 'right']));
});

test('a kernel that is killed ends its session KILLED, what it ran is lost, what it recorded is kept', async () => {
  const kernel = await startKernel({ home: app.home, notebook: 'killed.ipynb' });
  await kernel.run('kept = 1');
  const session = await sessionOf(kernel);
  void kernel.run('import time; time.sleep(600)').catch(() => undefined);
  await until(async () => (await app.call('GET', `/sessions/${session.id}/cell-executions`)).body.items.length === 2);
  process.kill(kernel.pid, 'SIGKILL');
  await until(async () => (await app.call('GET', `/sessions/${session.id}`)).body.status === 'killed');
  expect((await executionsOf(session.id, 2)).map(e => e.status)).toEqual(['lost', 'ok']);
  const run = await (await fetch(`${app.url}/api/2.0/mlflow/runs/get?run_id=${session.runId}`)).json();
  expect(run.run.info.status).toBe('KILLED');
});

test('a kernel without Python is tracked by source, time and status through HTTP, each record once', async () => {
  const sessionId = randomUUID();
  const at = new Date().toISOString();
  const executionId = randomUUID();
  const cell = { sessionId, executionId, cellId: 'c1', source: 'x <- 1' };
  const records = [
    { sessionId, seq: 0, at, type: 'session_started', kernelId: randomUUID(), language: 'R', notebookPath: '/n/r.ipynb', cwd: '/n', pid: 1, python: null, tokenSha256: null, user: 'u', host: 'elsewhere' },
    { ...cell, seq: 1, at, type: 'cell_started' },
    { ...cell, seq: 2, at, type: 'cell_executed', executionCount: 1, status: 'ok', error: null, startedAt: at, durationMs: 12, bound: [], deleted: [], read: [], scalars: {}, types: {}, metrics: [], data: [], packages: {}, peakMemoryBytes: null, mlflowRuns: [], impurities: [] }
  ];
  expect((await app.call('POST', '/hook-records', { records })).body).toEqual({ accepted: 3 });
  expect((await app.call('POST', '/hook-records', { records })).body).toEqual({ accepted: 0 });
  expect(await executionsOf(sessionId, 1)).toMatchObject([{ source: 'x <- 1', status: 'ok', durationMs: 12 }]);
  expect((await app.call('GET', '/sessions?notebookPath=/n/r.ipynb')).body.items).toMatchObject([{ id: sessionId, language: 'R', status: 'running', cellCount: 1 }]);
});

test('what would be a metric or hidden state in Python is none in another language; an error is kept', async () => {
  const [sessionId, kernelId] = [randomUUID(), randomUUID()];
  const host = hostname(); // the page's browser may stand on the kernel's machine; it knows no pid
  const started = { sessionId, seq: 0, at: new Date().toISOString(), type: 'session_started', kernelId, language: 'bash', notebookPath: '/n/sh.ipynb', cwd: '/n', pid: 0, python: null, tokenSha256: null, user: 'u', host };
  const seen = { bound: [], deleted: [], read: [], scalars: {}, types: {}, metrics: [], data: [], packages: {}, peakMemoryBytes: null, mlflowRuns: [], impurities: [] };
  const sources = [['c1', 'x=1'], ['c2', 'y=x'], ['c1', 'x=2'], ['c3', 'print(y)'], ['c4', 'for f in *; do echo $f; done'], ['c5', 'exit 3']];
  const executed = sources.map(([cellId, source], i) => {
    const error = cellId === 'c5' ? { name: 'CalledProcessError', message: '3', line: null } : null;
    const at = new Date(Date.now() + i).toISOString();
    return { sessionId, seq: i + 1, at, type: 'cell_executed', executionId: randomUUID(), cellId, source, executionCount: i + 1, status: error ? 'error' : 'ok', error, startedAt: at, durationMs: i, ...seen };
  });
  const ended = { sessionId, seq: sources.length + 1, at: new Date().toISOString(), type: 'session_ended' };
  expect((await app.call('POST', '/hook-records', { records: [started, ...executed, ended] })).body).toEqual({ accepted: 8 });
  const executions = await executionsOf(sessionId, 6);
  expect(executions.map(e => [e.source, e.durationMs, e.status]).reverse()).toEqual(sources.map(([cellId, source], i) => [source, i, cellId === 'c5' ? 'error' : 'ok']));
  expect(executions.map(e => [e.hiddenState, e.trialId])).toEqual(sources.map(() => [[], null]));
  expect(await trialsOf(sessionId)).toEqual([]);
  expect((await app.call('GET', `/sessions/${sessionId}`)).body).toMatchObject({ language: 'bash', status: 'finished', cellCount: 6 });
});

test('hidden state is told by the order of the saved document, whatever ran first, and not at all where it is not saved', async () => {
  const uses = { id: 'uses', source: 'y = x + 1' };
  const makes = { id: 'makes', source: 'x = 1' };
  const hiddenIn = async (notebook: string, saved: string[] | null): Promise<string[]> => {
    const kernel = await startKernel({ home: app.home, notebook });
    const { notebookPath } = kernel.records()[0] as { notebookPath: string };
    if (saved) {
      writeFileSync(notebookPath, JSON.stringify({ nbformat: 4, nbformat_minor: 5, metadata: {}, cells: saved.map(id => ({ id, cell_type: 'code', metadata: {}, outputs: [], execution_count: null, source: '' })) }));
    }
    await kernel.run(makes, uses);
    const session = await sessionOf(kernel);
    return (await executionsOf(session.id, 2)).find(e => e.cellId === 'uses')!.hiddenState;
  };
  expect(await hiddenIn('below.ipynb', ['uses', 'makes'])).toEqual(['cell 1 uses `x` as cell 2 left it']);
  expect(await hiddenIn('above.ipynb', ['title', 'makes', 'uses'])).toEqual([]);
  expect(await hiddenIn('unsaved.ipynb', ['makes'])).toEqual([]);
  expect(await hiddenIn('nowhere.ipynb', null)).toEqual([]);
});
