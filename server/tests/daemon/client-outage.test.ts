import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { PYTHON } from '../mlflow/mlflow-server';
import { until } from '../running-app';
import { Home } from './slipway';

jest.setTimeout(240_000);
const home = new Home();
afterAll(() => home.remove());

const TRAINING = `
import mlflow, sys, time
with mlflow.start_run() as run:
    print(run.info.run_id, flush=True)
    for step in range(150):
        mlflow.log_metric("loss", step, step=step)
        time.sleep(0.03)
    mlflow.log_text("done", "done.txt")
print("told", flush=True)
`;

test('the real client goes on by itself after PostgreSQL was killed and after the daemon was, and every metric is there once', async () => {
  let daemon = await home.serve();
  const port = new URL(daemon.url).port;
  const env = { ...process.env, MLFLOW_TRACKING_URI: daemon.url, GIT_PYTHON_REFRESH: 'quiet', MLFLOW_HTTP_REQUEST_BACKOFF_FACTOR: '1' };
  const client = spawn(PYTHON, ['-c', TRAINING], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  let [said, faults] = ['', ''];
  client.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()));
  client.stderr.on('data', (chunk: Buffer) => (faults += chunk.toString()));
  const ended = once(client, 'exit');
  const runId = await until(() => /^[0-9a-f]{32}$/m.exec(said)?.[0], 120_000);

  await sleep(500);
  await home.killPostgres();
  await sleep(3_000);
  await daemon.kill('SIGKILL');
  daemon = await home.serve('--port', port);
  const [code] = await ended;

  expect([code, code === 0 ? '' : faults.slice(-2_000)]).toEqual([0, '']);
  const { metrics } = (await (await fetch(`${daemon.url}/api/2.0/mlflow/metrics/get-history?run_id=${runId}&metric_key=loss&max_results=1000`)).json()) as { metrics: { step: number }[] };
  expect(metrics.map(m => Number(m.step)).sort((a, b) => a - b)).toEqual(Array.from({ length: 150 }, (_, step) => step));
});
