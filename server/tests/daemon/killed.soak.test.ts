import { setTimeout as sleep } from 'node:timers/promises';
import { until } from '../running-app';
import { Home, type Daemon } from './slipway';

/** `npm run test:soak` gives more. */
const SECONDS = Number(process.env.SLIPWAY_SOAK_SECONDS ?? 15);
const API = '/api/2.0/mlflow';
jest.setTimeout((SECONDS + 120) * 1000);
const home = new Home();
afterAll(() => home.remove());

test('whatever is killed with -9, what was acknowledged is there, once', async () => {
  let daemon = await home.serve();
  const { run } = (await post(daemon, '/runs/create', { experiment_id: '0', start_time: 1 })) as { run: { info: { run_id: string } } };
  const runId = run.info.run_id;
  const acknowledged = new Set<number>();
  let isOver = false;
  const writing = (async () => {
    for (let step = 0; !isOver; step++) {
      const isStored = await post(daemon, '/runs/log-metric', { run_id: runId, key: 'loss', value: step / 2, step, timestamp: 1000 + step }).then(
        () => true,
        () => false
      );
      await (isStored ? acknowledged.add(step) : sleep(20));
    }
  })();
  for (const end = Date.now() + SECONDS * 1000; Date.now() < end; ) {
    await sleep(1500);
    await home.killPostgres();
    await sleep(1500);
    await daemon.kill('SIGKILL');
    daemon = await home.serve();
    await until(() => isUp(daemon));
  }
  isOver = true;
  await writing;

  const steps = await historyOf(daemon, runId);
  expect(new Set(steps).size).toBe(steps.length);
  expect([...acknowledged].filter(step => !steps.includes(step))).toEqual([]);
  expect(acknowledged.size).toBeGreaterThan(SECONDS);
});

async function post(daemon: Daemon, path: string, body: unknown): Promise<unknown> {
  const response = await fetch(`${daemon.url}${API}${path}`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
  if (!response.ok) {
    throw new Error(`${path} was answered ${response.status}: ${await response.text()}`);
  }
  return response.json();
}

function isUp(daemon: Daemon): Promise<boolean> {
  return fetch(`${daemon.url}${API}/experiments/get?experiment_id=0`).then(
    response => response.ok,
    () => false
  );
}

async function historyOf(daemon: Daemon, runId: string): Promise<number[]> {
  const steps: number[] = [];
  for (let token: string | undefined = ''; token !== undefined; ) {
    const page: string = token === '' ? '' : `&page_token=${encodeURIComponent(token)}`;
    const response = await fetch(`${daemon.url}${API}/metrics/get-history?run_id=${runId}&metric_key=loss&max_results=1000${page}`);
    const { metrics = [], next_page_token } = (await response.json()) as { metrics?: { step: number | string }[]; next_page_token?: string };
    steps.push(...metrics.map(m => Number(m.step)));
    token = next_page_token || undefined;
  }
  return steps;
}
