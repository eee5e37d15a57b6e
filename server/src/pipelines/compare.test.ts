import { compareOutcomes, sameNumber, type CompareDeps, type Expected } from './compare';
import { compareTables } from './compare-tables';
import type { StepOutcome } from './step-outcome';

const outcome = (over: Partial<StepOutcome> = {}): StepOutcome => ({
  values: [], files: [], reads: [], envRead: {}, impurities: [], packages: {}, models: [], notebook: null, durationMs: 1, metrics: [], ...over
});
const metric = (cellId: string, name: string, value: StepOutcome['metrics'][number]['value'], step = 0) => ({ cellId, name, value, step });
const file = (path: string, digest: string) => ({ path, digest, sizeBytes: 1 });
const expected = (over: Partial<StepOutcome>, more: Partial<Expected> = {}): Expected => ({ outcome: outcome(over), cells: [{ id: 'a', source: '' }], models: [], ...more });
const texts: Record<string, string> = { one: 'x,y\n1,2\n', near: 'x,y\n1.0000000000001,2\n', far: 'x,y\n1.1,2\n' };
const deps: CompareDeps = { compareValues: async (a, b) => ({ isEqual: a.digest === b.digest, message: 'other rows' }), readText: async digest => texts[digest]! };

test('metrics agree to a relative 1e-9, NaN with NaN, and no further', () => {
  expect(sameNumber(1, 1 + 1e-10)).toBe(true);
  expect(sameNumber(1e12, 1e12 + 1)).toBe(true);
  expect(sameNumber(1, 1 + 1e-8)).toBe(false);
  expect(sameNumber('NaN', 'NaN')).toBe(true);
  expect(sameNumber('Infinity', '-Infinity')).toBe(false);
  expect(sameNumber(0, 0)).toBe(true);
});

test('a metric missing on either side is a difference; one of a cell outside the pipeline is not', async () => {
  const result = await compareOutcomes(expected({ metrics: [metric('a', 'f1', 1), metric('explored', 'x', 2)] }), [outcome({ metrics: [metric('a', 'acc', 1)] })], deps);
  expect(result.agreed).toEqual([]);
  expect(result.differences.map(d => [d.kind, d.name, d.notebook, d.pipeline])).toEqual([['missing', 'f1', '1', null], ['missing', 'acc', null, '1']]);
});

test('what code told MLflow counts where the reference ran as a step, and not where it is the notebook’s session', async () => {
  const logged = (value: number) => ({ ...metric('a', 'auc', value), isLogged: true as const });
  const found = [outcome({ metrics: [metric('a', 'f1', 1), logged(0.5)] })];
  const bySession = await compareOutcomes(expected({ metrics: [metric('a', 'f1', 1)] }), found, deps);
  expect([bySession.agreed.length, bySession.differences]).toEqual([1, []]);
  const byStep = await compareOutcomes(expected({ metrics: [metric('a', 'f1', 1), logged(0.75)] }), found, deps);
  expect(byStep.differences).toMatchObject([{ name: 'auc', notebook: '0.75', pipeline: '0.5' }]);
});

test('the steps of a metric in a loop are compared one by one', async () => {
  const loop = (last: number) => [metric('a', 'loss', 3), metric('a', 'loss', 2, 1), metric('a', 'loss', last, 2)];
  const result = await compareOutcomes(expected({ metrics: loop(1) }), [outcome({ metrics: loop(0.5) })], deps);
  expect(result.agreed).toHaveLength(2);
  expect(result.differences).toMatchObject([{ name: 'loss[2]', notebook: '1', pipeline: '0.5' }]);
});

test('tables are compared by value, a model’s own file by its predictions only', async () => {
  const predictions = (digest: string) => ({ name: 'p', codec: 'npy' as const, digest, sizeBytes: 1 });
  const model = (digest: string) => ({ variable: 'm', files: [], flavor: 'sklearn', predictions: predictions(digest) });
  const want = expected(
    { files: [file('t.csv', 'one'), file('m.joblib', 'bytes'), file('left.csv', 'one')], models: [model('p1')] },
    { models: [{ cellId: 'a', variable: 'm', path: 'm.joblib' }], cells: [{ id: 'a', source: "d.to_csv('t.csv')" }] }
  );
  const same = await compareOutcomes(want, [outcome({ files: [file('t.csv', 'near'), file('m.joblib', 'others')], models: [model('p1')] })], deps);
  expect(same.differences).toEqual([]);
  expect(same.agreed.map(a => a.kind).sort()).toEqual(['model', 'table']);
  const other = await compareOutcomes(want, [outcome({ files: [file('t.csv', 'far')], models: [model('p2')] })], deps);
  expect(other.differences.map(d => d.kind)).toEqual(['model', 'table']);
  expect(other.differences[1]!.message).toContain('line 2 has “1” in the notebook and “1.1” in the pipeline');
});

test('CSV lines and texts are told apart', () => {
  expect(compareTables('a\n1\n', 'a\r\n1\r\n', 1e-9)).toBeNull();
  expect(compareTables('a\n1\n', 'a\n1\n2\n', 1e-9)).toContain('2 lines in the notebook, 3 in the pipeline');
  expect(compareTables('a,b\n', 'a,c\n', 1e-9)).toContain('“b”');
});
