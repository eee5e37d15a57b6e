import { startApp, type RunningApp } from '../running-app';

jest.setTimeout(60_000);

let app: RunningApp;
beforeAll(async () => {
  app = await startApp();
});
afterAll(() => app.stop());

async function post(path: string, body: object): Promise<{ status: number; body: any }> { // eslint-disable-line @typescript-eslint/no-explicit-any -- each test knows its reply
  const response = await fetch(`${app.url}/api/2.0/mlflow${path}`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
  return { status: response.status, body: await response.json() };
}
const newRun = async (): Promise<string> => (await post('/runs/create', { experiment_id: '0', start_time: 1 })).body.run.info.run_id as string;

test('metrics logged at once share a commit: each caller hears of its own, and all that is acknowledged is there', async () => {
  const runs = await Promise.all(Array.from({ length: 8 }, newRun));
  const deleted = await newRun();
  await post('/runs/delete', { run_id: deleted });
  const absent = 'f'.repeat(32);
  const targets = Array.from({ length: 400 }, (_, i) => (i % 50 === 7 ? absent : i % 50 === 9 ? deleted : runs[i % runs.length]!));
  const answers = await Promise.all(targets.map((run_id, i) => post('/runs/log-metric', { run_id, key: `m${i % 3}`, value: i, step: i, timestamp: i })));
  answers.forEach(({ status }, i) => expect([i, status]).toEqual([i, targets[i] === absent ? 404 : targets[i] === deleted ? 400 : 200]));

  for (const run of runs) {
    const expected = targets.flatMap((target, i) => (target === run ? [{ key: `m${i % 3}`, value: i, step: i, timestamp: i }] : []));
    const histories = await Promise.all(['m0', 'm1', 'm2'].map(async key => (await (await fetch(`${app.url}/api/2.0/mlflow/metrics/get-history?run_id=${run}&metric_key=${key}`)).json()) as { metrics?: object[] }));
    expect(histories.flatMap(h => h.metrics ?? []).sort((a, b) => (a as { step: number }).step - (b as { step: number }).step)).toEqual(expected);
    const { run: view } = (await (await fetch(`${app.url}/api/2.0/mlflow/runs/get?run_id=${run}`)).json()) as { run: { data: { metrics: { key: string; step: number }[] } } };
    view.data.metrics.forEach(({ key, step }) => expect(step).toBe(Math.max(...expected.filter(e => e.key === key).map(e => e.step))));
  }
});

test('runs ordered by a metric come page by page: numbers, then NaN, then those without, both ways', async () => {
  const { experiment_id } = (await post('/experiments/create', { name: 'pages' })).body as { experiment_id: string };
  const values = [3, 'NaN', 1, null, 2, 'NaN', null, 5, 4, null];
  for (const [i, value] of values.entries()) {
    const { run } = (await post('/runs/create', { experiment_id, start_time: i, run_name: String(value) })).body;
    if (value !== null) await post('/runs/log-metric', { run_id: run.info.run_id, key: 'acc', value, timestamp: 1 });
  }
  for (const [direction, numbers] of [['ASC', '1 2 3 4 5'], ['DESC', '5 4 3 2 1']]) {
    for (const max_results of [1, 3, 4, 6, 20]) {
      const names: string[] = [];
      let page_token: string | undefined;
      do {
        const { body } = await post('/runs/search', { experiment_ids: [experiment_id], order_by: [`metrics.acc ${direction}`], max_results, ...(page_token && { page_token }) });
        names.push(...(body.runs as { info: { run_name: string } }[]).map(r => r.info.run_name));
        page_token = body.next_page_token as string | undefined;
      } while (page_token);
      expect([max_results, names.join(' ')]).toEqual([max_results, `${numbers} NaN NaN null null null`]);
    }
  }
});
