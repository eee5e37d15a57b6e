import { createSlicer, sliceExecutions, type CellRun } from '..';

/** Executions `1`, `2`, … of cells written `cell: source`. */
function session(...lines: string[]): CellRun[] {
  return lines.map((line, i) => {
    const [, cellId, source] = /^(\w+): ([\s\S]*)$/.exec(line) as unknown as [string, string, string];
    return { executionId: String(i + 1), cellId, source, bound: [], read: [], deleted: [], status: 'ok' };
  });
}

const START = 'a: from sklearn.ensemble import RandomForestClassifier\nfrom sklearn.metrics import accuracy_score, f1_score';

test('a changed number and two cells run again are a second trial beside the first', () => {
  const runs = session(START, 'b: N = 10', 'c: X, y = load()', 'd: m = RandomForestClassifier(n_estimators=N, max_depth=3)\nm.fit(X, y)', 'e: print(accuracy_score(y, m.predict(X)))', 'b: N = 20', 'd: m = RandomForestClassifier(n_estimators=N, max_depth=3)\nm.fit(X, y)', 'e: print(accuracy_score(y, m.predict(X)))');
  const first = sliceExecutions(runs, '5');
  const second = sliceExecutions(runs, '8');
  expect(first.executionIds).toEqual(['1', '2', '3', '4', '5']);
  expect(second.executionIds).toEqual(['1', '3', '6', '7', '8']);
  expect(first.params).toEqual({ N: 10, 'RandomForestClassifier.max_depth': 3 });
  expect(second.params).toEqual({ N: 20, 'RandomForestClassifier.max_depth': 3 });
  expect(second.coreKey).not.toBe(first.coreKey);
  expect(second.groupKey).not.toBe(first.groupKey);
  expect(second.hidden).toEqual([]);
});

test('metrics of later cells join the trial while what they measure is the same', () => {
  const runs = session(START, 'b: X, y = load()', 'c: m = RandomForestClassifier()\nm.fit(X, y)', 'd: p = m.predict(X)\nacc = accuracy_score(y, p)', 'e: print(f1_score(y, p))', 'd: p = m.predict(X)\nacc = accuracy_score(y, p)', 'c: m = RandomForestClassifier()\nm.fit(X, y)', 'd: p = m.predict(X)\nacc = accuracy_score(y, p)');
  const keys = ['4', '5', '6', '8'].map(id => sliceExecutions(runs, id));
  expect(keys[1]!.coreKey).toBe(keys[0]!.coreKey);
  expect(keys[2]!.coreKey).toBe(keys[0]!.coreKey);
  expect(keys[3]!.coreKey).not.toBe(keys[0]!.coreKey);
  expect(keys[3]!.groupKey).toBe(keys[0]!.groupKey);
});

test('comments and spacing make no other group, params do', () => {
  const trial = (source: string): string => sliceExecutions(session(START, `b: ${source}`, 'c: print(m.score(X, y))'), '3').groupKey;
  expect(trial('m = RandomForestClassifier( n_estimators = 5 ).fit(X, y)  # five')).toBe(trial('m = RandomForestClassifier(n_estimators=5).fit(X, y)'));
  expect(trial('m = RandomForestClassifier(n_estimators=6).fit(X, y)')).not.toBe(trial('m = RandomForestClassifier(n_estimators=5).fit(X, y)'));
});

test.each([
  ['a cell further down', session('a: x = 1', 'b: y = x', 'c: x = 2', 'b: y = x'), '4', ['cell 2 uses `x` as cell 3 left it']],
  ['an older text of a cell', session('a: x = 1', 'b: y = x', 'a: x = 2', 'b: y = x', 'c: print(y)'), '5', []],
  ['a change applied twice', session('a: x = []', 'b: x.append(1)', 'b: x.append(1)', 'c: print(x)'), '4', ['cell 2 ran again on `x` as it had left it itself']],
  ['running from the top', session('a: x = 1', 'b: y = x', 'a: x = 1', 'b: y = x'), '4', []]
])('hidden state: %s', (_what, runs, id, expected) => {
  expect(sliceExecutions(runs, id).hidden).toEqual(expected);
});

test('an execution below whose cell has been edited since is told', () => {
  const runs = session('a: x = 1', 'b: y = x', 'a: x = 2', 'c: print(y)');
  expect(sliceExecutions(runs, '4').hidden).toEqual(['cell 2 uses `x` of an older text of cell 1']);
});

test('the document’s order, where known, names the cells', () => {
  const runs = session('z: x = 2', 'b: y = x');
  expect(sliceExecutions(runs, '2', ['a', 'b', 'm', 'z']).hidden).toEqual(['cell 2 uses `x` as cell 4 left it']);
});

test('what failed or never ran binds only what the kernel saw', () => {
  const runs = session('a: x = 1', 'b: x = 2\ny = f()', 'c: x = 3', 'd: print(x)');
  runs[1] = { ...runs[1]!, status: 'error', bound: ['x'] };
  runs[2] = { ...runs[2]!, status: 'aborted' };
  expect(sliceExecutions(runs, '4').executionIds).toEqual(['2', '4']);
  runs[1] = { ...runs[1], bound: [] };
  expect(sliceExecutions(runs, '4').executionIds).toEqual(['1', '4']);
});

test('names that only the kernel saw bound are known', () => {
  const runs = session('a: exec("x = 1")', 'b: print(x)');
  runs[0] = { ...runs[0]!, bound: ['x'] };
  expect(sliceExecutions(runs, '2').executionIds).toEqual(['1', '2']);
});

test('a slicer that goes on gives what a new one gives, and an unknown execution is refused', () => {
  const runs = session(START, 'b: N = 10', 'c: X, y = load()', 'd: m = RandomForestClassifier(n_estimators=N)\nm.fit(X, y)', 'e: print(m.score(X, y))', 'b: N = 20', 'd: m = RandomForestClassifier(n_estimators=N)\nm.fit(X, y)', 'e: print(m.score(X, y))');
  const { slice } = createSlicer();
  runs.forEach((run, i) => expect(slice(runs.slice(0, i + 1), run.executionId)).toEqual(sliceExecutions(runs, run.executionId)));
  expect(slice(runs, '3')).toEqual(sliceExecutions(runs, '3'));
  expect(() => slice(runs, 'nope')).toThrow(expect.objectContaining({ code: 'unknown_execution' }));
});
