import { mlflowCalls } from './mlflow-calls';
import { startApp, type RunningApp } from './running-app';

jest.setTimeout(120_000);

let app: RunningApp;
beforeAll(async () => {
  app = await startApp();
}, 60_000);
afterAll(() => app.stop());

const { mlflow, experiment } = mlflowCalls(() => app);
async function run(experiment_id: string, name: string, tags: Record<string, string> = {}): Promise<string> {
  const { run } = await mlflow('/runs/create', { experiment_id, run_name: name, start_time: 1, tags: Object.entries(tags).map(([key, value]) => ({ key, value })) });
  return (run as { info: { run_id: string } }).info.run_id;
}
const change = (...changes: Record<string, unknown>[]) => app.call('POST', '/run-changes', { changes });
const names = async (experimentId: string): Promise<string> => ((await app.call('POST', '/run-rows', { experimentId, order: { by: 'name', isAscending: true } })).body.items as { name: string }[]).map(line => line.name).join('');

test('runs move to another experiment with what is within them, their datasets and their files; sent back, all is as it was', async () => {
  const [from, to] = [await experiment(), await experiment()];
  const parent = await run(from, 'p');
  const child = await run(from, 'c', { 'mlflow.parentRunId': parent });
  const inner = await run(from, 'i', { 'mlflow.parentRunId': child });
  const other = await run(to, 'o');
  await mlflow('/runs/log-inputs', { run_id: inner, datasets: [{ dataset: { name: 'rows', digest: 'd1', source_type: 'local', source: '/rows.csv' }, tags: [] }] });
  await fetch(`${app.url}/api/2.0/mlflow-artifacts/artifacts/${from}/${inner}/artifacts/a.txt`, { method: 'PUT', body: 'kept' });
  const { body } = await change({ type: 'move', runIds: [parent, other], withChildren: true, experimentId: to });
  expect(body).toMatchObject({ changed: 3, undo: [{ type: 'move', experimentId: from, runIds: [parent, child, inner].sort() }] });
  expect([await names(from), await names(to)]).toEqual(['', 'ciop']);
  const moved = (await app.call('GET', `/runs/${inner}`)).body;
  expect(moved).toMatchObject({ experiment: { id: to }, datasets: [{ name: 'rows', digest: 'd1' }] });
  expect((await app.call('GET', `/runs/${inner}/artifact-preview?path=a.txt`)).body.text).toBe('kept');
  const found = await mlflow('/runs/search', { experiment_ids: [to], filter: "datasets.digest = 'd1'" });
  expect((found.runs as { info: { run_name: string } }[]).map(r => r.info.run_name)).toEqual(['i']);
  expect((await change(...body.undo)).body.changed).toBe(3);
  expect([await names(from), await names(to)]).toEqual(['cip', 'o']);
  expect((await app.call('GET', `/runs/${inner}`)).body.datasets).toHaveLength(1);
});

test('changes are made all or none', async () => {
  const id = await experiment();
  const [a, b, gone] = [await run(id, 'a'), await run(id, 'b'), await run(id, 'g')];
  await change({ type: 'delete', runIds: [gone] });
  const missing = 'f'.repeat(32);
  const refused = await Promise.all([
    change({ type: 'delete', runIds: [a, missing] }),
    change({ type: 'delete', runIds: [a] }, { type: 'move', runIds: [b], experimentId: '987654' }),
    change({ type: 'tag', runIds: [a, gone], tags: { x: '1' } }),
    change({ type: 'rename', runIds: [a, b], name: 'n' }),
    change({ type: 'tag', runIds: [a], tags: { 'slipway.kind': 'trial' } }),
    change({ type: 'tag', runIds: [a], tags: { '../x': '1' } }),
    change({ type: 'move', runIds: [], experimentId: id }),
    change()
  ]);
  expect(refused.map(r => [r.status, r.body.code])).toEqual([
    [404, 'no_such_run'],
    [404, 'no_such_experiment'],
    [400, 'run_deleted'],
    [400, 'invalid_input'],
    [400, 'reserved_tag'],
    [400, 'invalid_key'],
    [400, 'invalid_input'],
    [400, 'invalid_input']
  ]);
  expect(await names(id)).toBe('ab');
});

test('delete, rename and tag tell how to take them back, also where the runs differed before', async () => {
  const id = await experiment();
  const [a, b, c] = [await run(id, 'a', { owner: 'ann' }), await run(id, 'b', { owner: 'bob' }), await run(id, 'c')];
  const tagged = (await change({ type: 'tag', runIds: [a, b, c], tags: { owner: 'bob', 'slipway.pinned': 'true' } }, { type: 'rename', runIds: [c], name: 'C\0' }, { type: 'delete', runIds: [a, b] })).body;
  expect(tagged.changed).toBe(3);
  expect(await names(id)).toBe('C\uFFFD');
  expect((await mlflow('/runs/search', { experiment_ids: [id], run_view_type: 'DELETED_ONLY' })).runs).toHaveLength(2);
  await change(...tagged.undo);
  expect(await names(id)).toBe('abc');
  const tags = async (runId: string): Promise<Record<string, string>> => Object.fromEntries(((await app.call('GET', `/runs/${runId}`)).body.tags as { key: string; value: string }[]).map(t => [t.key, t.value]));
  expect([(await tags(a)).owner, (await tags(b)).owner, (await tags(c)).owner]).toEqual(['ann', 'bob', undefined]);
  expect(Object.keys(await tags(a))).not.toContain('slipway.pinned');
  expect((await tags(c))['mlflow.runName']).toBe('c');
  expect((await change({ type: 'delete', runIds: [a] }, { type: 'delete', runIds: [a] })).body).toMatchObject({ changed: 1, undo: [{ type: 'restore', runIds: [a] }] });
  await change({ type: 'restore', runIds: [a] });
  await mlflow('/experiments/delete', { experiment_id: id });
  expect((await change({ type: 'restore', runIds: [b] })).body.code).toBe('experiment_deleted');
});

test('a thousand runs at once; changes that meet do not deadlock; news tells both experiments', async () => {
  const [from, to] = [await experiment(), await experiment()];
  const ids = await Promise.all(Array.from({ length: 40 }, (_, i) => run(from, `r${i}`)));
  const many = await Promise.all(Array.from({ length: 8 }, (_, i) => change({ type: 'move', runIds: i % 2 ? ids : [...ids].reverse(), experimentId: i % 2 ? to : from })));
  expect(many.map(r => r.status)).toEqual(Array(8).fill(200));
  const told = await app.database.db.selectFrom('event').select('data').where('subject', '=', ids[0]!).execute();
  expect(new Set(told.map(e => (e.data as { experimentId: string }).experimentId))).toEqual(new Set([from, to]));
});
