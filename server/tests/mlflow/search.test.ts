import fc from 'fast-check';
import { startApp, type RunningApp } from '../running-app';

jest.setTimeout(120_000);

let app: RunningApp;
beforeAll(async () => {
  app = await startApp();
});
afterAll(() => app.stop());

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- each test knows its reply
async function post(path: string, body: unknown): Promise<{ status: number; body: any }> {
  const response = await fetch(`${app.url}/api/2.0/mlflow${path}`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
  return { status: response.status, body: await response.json() };
}
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- each test knows its reply
async function get(path: string, query: Record<string, string>): Promise<{ status: number; body: any }> {
  const response = await fetch(`${app.url}/api/2.0/mlflow${path}?${String(new URLSearchParams(query))}`);
  return { status: response.status, body: await response.json() };
}
async function run(fields: { name: string; start?: number; params?: Record<string, string>; tags?: Record<string, string>; metrics?: Record<string, number | string> }): Promise<string> {
  const pairs = (record: Record<string, unknown> = {}): { key: string; value: unknown }[] => Object.entries(record).map(([key, value]) => ({ key, value }));
  const created = await post('/runs/create', { experiment_id: '0', run_name: fields.name, start_time: fields.start ?? 1 });
  const run_id = created.body.run.info.run_id as string;
  const metrics = pairs(fields.metrics).map(m => ({ ...m, timestamp: 1, step: 0 }));
  expect((await post('/runs/log-batch', { run_id, params: pairs(fields.params), tags: pairs(fields.tags), metrics })).status).toBe(200);
  return run_id;
}

test('runs are found by what MLflow’s filters mean, and ordered with NaN and the missing last', async () => {
  await run({ name: 'a', start: 10, params: { kind: '50%_\\' }, metrics: { acc: 0.5 } });
  await run({ name: 'b', start: 20, params: { kind: 'Tree' }, tags: { owner: 'me' }, metrics: { acc: 'NaN' } });
  await run({ name: 'c', start: 30, metrics: { acc: 0.9 } });
  await run({ name: 'd', start: 40 });
  const names = async (filter: string, order_by: string[] = ['attributes.start_time ASC']): Promise<string> => {
    const found = await post('/runs/search', { experiment_ids: ['0'], filter, order_by });
    expect([filter, found.status]).toEqual([filter, 200]);
    return (found.body.runs as { info: { run_name: string } }[]).map(r => r.info.run_name).join('');
  };
  expect(await names("params.kind LIKE '50\\%_\\\\'")).toBe('a');
  expect(await names("params.kind ILIKE 'tree'")).toBe('b');
  expect(await names("params.kind != 'Tree'")).toBe('a');
  expect(await names('params.kind IS NULL')).toBe('cd');
  expect(await names("tags.owner IS NOT NULL AND run_name != 'c'")).toBe('b');
  expect(await names('start_time > 19.5 and attributes.start_time < 1e300')).toBe('bcd');
  expect(await names('metrics.acc >= 0.5 AND metrics.acc < 1')).toBe('ac');
  expect(await names('', ['metrics.acc DESC'])).toBe('cabd');
  expect(await names('', ['metrics.`acc` ASC'])).toBe('acbd');
  expect(await names('', ['params.kind', 'start_time DESC'])).toMatch(/^(ab|ba)dc$/);
});

test('pages go through all runs once, and a token that is none is refused', async () => {
  const seen: string[] = [];
  for (let token: string | undefined; ; ) {
    const { body } = await post('/runs/search', { experiment_ids: ['0'], max_results: 3, page_token: token });
    seen.push(...(body.runs as { info: { run_id: string } }[]).map(r => r.info.run_id));
    token = body.next_page_token as string | undefined;
    if (!token) break;
  }
  expect(new Set(seen).size).toBe(seen.length);
  expect(seen).toHaveLength(4);
  expect((await post('/runs/search', { experiment_ids: ['0'], page_token: 'bm9uZQ==' })).status).toBe(400);
});

test('no filter and no order is an internal error, whatever it is', async () => {
  const entity = fc.constantFrom('', 'metrics.', 'params.', 'tags.', 'attributes.', 'datasets.', 'nothing.');
  const key = fc.constantFrom('acc', 'name', 'start_time', 'run_id', 'version', 'version_number', 'creation_time', 'creation_timestamp', 'experiment_id', 'status', 'digest', '`a b`', '"\0"');
  const operation = fc.constantFrom('=', '!=', '>', '<=', 'LIKE', 'ILIKE', 'IN', 'NOT IN', 'IS NULL', 'IS NOT NULL');
  const value = fc.constantFrom("'x'", "'1'", "'a\\\\'", "'%'", "'\0'", '1', '-1.5', '1e400', '99999999999999999999', "('a', 'b')", '(1, 2)', '', '0.1');
  const clause = fc.tuple(entity, key, operation, value).map(([e, k, o, v]) => `${e}${k} ${o} ${o.startsWith('IS') ? '' : v}`);
  await fc.assert(
    fc.asyncProperty(fc.array(clause, { maxLength: 2 }), entity, key, async (clauses, e, k) => {
      const filter = clauses.join(' AND ');
      const order_by = [`${e}${k} DESC`];
      const replies = await Promise.all([
        post('/runs/search', { experiment_ids: ['0'], filter }),
        post('/runs/search', { experiment_ids: ['0'], order_by }),
        post('/experiments/search', { filter }),
        post('/experiments/search', { order_by }),
        post('/logged-models/search', { experiment_ids: ['0'], filter }),
        post('/logged-models/search', { experiment_ids: ['0'], order_by: [{ field_name: `${e}${k}` }], datasets: [{ dataset_name: k }] }),
        get('/registered-models/search', { filter }),
        get('/registered-models/search', { order_by: order_by[0]! }),
        get('/model-versions/search', { filter })
      ]);
      expect(replies.map(r => r.status).filter(s => s !== 200 && s !== 400)).toEqual([]);
    }),
    { numRuns: 120 }
  );
});

test('the latest metric is that of the highest step, then time, then value, in whatever order the points come', async () => {
  const point = fc.record({ step: fc.integer({ min: -2, max: 2 }), timestamp: fc.integer({ min: 0, max: 2 }), value: fc.constantFrom(-1, 0, 2.5, Infinity) });
  await fc.assert(
    fc.asyncProperty(fc.array(fc.array(point, { minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 3 }), async batches => {
      const run_id = await run({ name: 'points' });
      for (const batch of batches) {
        await post('/runs/log-batch', { run_id, metrics: batch.map(p => ({ key: 'm', ...p, value: Number.isFinite(p.value) ? p.value : String(p.value) })) });
      }
      const last = batches.flat().sort((a, b) => a.step - b.step || a.timestamp - b.timestamp || a.value - b.value).at(-1)!;
      const { body } = await get('/runs/get', { run_id });
      expect(body.run.data.metrics).toEqual([{ key: 'm', step: last.step, timestamp: last.timestamp, value: Number.isFinite(last.value) ? last.value : String(last.value) }]);
    }),
    { numRuns: 25 }
  );
});

test('batches that meet on one run all get in', async () => {
  const run_id = await run({ name: 'busy' });
  const keys = Array.from({ length: 60 }, (_, i) => `k${i}`);
  const replies = await Promise.all(
    Array.from({ length: 16 }, (_, worker) => {
      const mixed = worker % 2 ? keys : [...keys].reverse();
      return post('/runs/log-batch', { run_id, metrics: mixed.map(key => ({ key, value: worker, timestamp: worker, step: worker })), params: mixed.map(key => ({ key, value: 'same' })), tags: mixed.map(key => ({ key, value: String(worker) })) });
    })
  );
  expect(replies.map(r => r.status)).toEqual(replies.map(() => 200));
  const { body } = await get('/runs/get', { run_id });
  expect(new Set((body.run.data.metrics as { value: number }[]).map(m => m.value))).toEqual(new Set([15]));
  expect((await get('/metrics/get-history', { run_id, metric_key: 'k0' })).body.metrics).toHaveLength(16);
});

test('two params of different value that meet: one is kept, the other is told so', async () => {
  const run_id = await run({ name: 'race' });
  const replies = await Promise.all(['1', '2', '3', '4'].map(value => post('/runs/log-parameter', { run_id, key: 'lr', value })));
  expect(replies.map(r => r.status).sort()).toEqual([200, 400, 400, 400]);
});
