import { setTimeout as sleep } from 'node:timers/promises';
import type { PipelineRun } from '@slipway/schema';
import { notebook } from '../notebook-fixtures';
import { until } from '../running-app';
import { Home, type Daemon } from './slipway';

jest.setTimeout(180_000);
const home = new Home();
let daemon: Daemon;
beforeAll(async () => {
  daemon = await home.serve();
});
afterAll(() => home.remove());

test.each(['SIGKILL', 'SIGINT'] as const)('PostgreSQL ended by %s in the middle of a run: the run goes on, no step counts twice, no metric acknowledged is lost', async signal => {
  const name = `through-${signal.toLowerCase()}`;
  await makePipeline(name);
  const mlflowRun = ((await post('/api/2.0/mlflow/runs/create', { experiment_id: '0', start_time: 1 })).body as { run: { info: { run_id: string } } }).run.info.run_id;
  const { runId } = (await post(`/api/v1/pipelines/${name}/runs`, { params: { WAIT: 5 }, useCache: false })).body as { runId: string };
  await until(async () => (await get<PipelineRun>(`/api/v1/pipeline-runs/${runId}`)).steps.some(s => s.name === 'slow' && s.status === 'running' && s.pid !== null));

  const logging = logMetrics(mlflowRun);
  await sleep(300);
  const before = await home.endPostgres(signal);
  await until(() => ![null, before].includes(home.postmasterPid()), 30_000);
  const run = await until(async () => {
    const found = await get<PipelineRun>(`/api/v1/pipeline-runs/${runId}`).catch(() => undefined);
    return found?.status === 'succeeded' && found;
  });
  const answers = await logging.stop();

  expect(run.steps.map(s => [s.name, s.status, s.attempts])).toEqual([['first', 'succeeded', 1], ['slow', 'succeeded', 1], ['m', 'succeeded', 1]]);
  expect(run.metrics).toEqual({ mae: 1.5 });
  expect(new Set(answers.map(a => a.status))).toEqual(new Set([200, 503]));
  for (const refused of answers.filter(a => a.status === 503)) {
    expect(refused).toMatchObject({ retryAfter: expect.stringMatching(/^\d+$/), body: { error_code: 'TEMPORARILY_UNAVAILABLE', message: expect.stringContaining('database') } });
  }
  expect(Math.max(...answers.map(a => a.durationMs))).toBeLessThan(15_000);
  const { metrics } = await get<{ metrics: { step: number }[] }>(`/api/2.0/mlflow/metrics/get-history?run_id=${mlflowRun}&metric_key=loss&max_results=10000`);
  const stored = metrics.map(m => Number(m.step));
  expect(new Set(stored).size).toBe(stored.length);
  expect(answers.filter(a => a.status === 200 && !stored.includes(a.step))).toEqual([]);
});

async function makePipeline(name: string): Promise<void> {
  const book = notebook({
    a: 'import time\nfrom sklearn.metrics import mean_absolute_error\nWAIT = 0.0',
    first: 'one = [1.0]',
    slow: 'two = one + [2.0]\ntime.sleep(WAIT)',
    m: 'mae = mean_absolute_error([0.0, 0.0], two)\nprint("mae", mae)'
  });
  const grouping = ['first', 'slow', 'm'].map(id => ({ name: id, cells: id === 'first' ? ['a', 'first'] : [id] }));
  const proof = (await post('/api/v1/proofs', { name, notebookPath: book.path, notebook: book.json, grouping })).body as { id: string };
  await until(async () => (await get<{ status: string }>(`/api/v1/proofs/${proof.id}`)).status === 'same');
  expect(await post('/api/v1/pipelines', { proofId: proof.id })).toMatchObject({ status: 201 });
}

interface Answer {
  step: number;
  status: number;
  retryAfter: string | null;
  body: unknown;
  durationMs: number;
}

/** Logs one metric after the other, as a training loop does, until it is stopped. */
function logMetrics(runId: string): { stop(): Promise<Answer[]> } {
  const answers: Answer[] = [];
  let isOver = false;
  const writing = (async () => {
    for (let step = 0; !isOver && step < 5_000; step++) {
      const began = Date.now();
      answers.push({ step, ...(await post('/api/2.0/mlflow/runs/log-metric', { run_id: runId, key: 'loss', value: step, step, timestamp: step })), durationMs: Date.now() - began });
      await sleep(20);
    }
  })();
  return {
    async stop() {
      isOver = true;
      await writing;
      return answers;
    }
  };
}

async function post(path: string, body: unknown): Promise<Pick<Answer, 'status' | 'retryAfter' | 'body'>> {
  const response = await fetch(`${daemon.url}${path}`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body), signal: AbortSignal.timeout(30_000) });
  return { status: response.status, retryAfter: response.headers.get('retry-after'), body: await response.json() };
}

async function get<T>(path: string): Promise<T> {
  const response = await fetch(daemon.url + path, { signal: AbortSignal.timeout(30_000) });
  if (!response.ok) {
    throw new Error(`${path} was answered ${response.status}`);
  }
  return (await response.json()) as T;
}
