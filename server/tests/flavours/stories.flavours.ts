import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { startApp, type RunningApp } from '../running-app';

jest.setTimeout(300_000);

/** `npm run test:flavours` made it: Slipway's environment, and the libraries of these stories. */
const PYTHON = join(__dirname, '../../../.cache/flavours/bin/python');
const FLAVOURS = ['sklearn', 'xgboost', 'lightgbm', 'onnx', 'torch', 'tensorflow', 'pyfunc'];
/** Where a flavour's own name among a version's is another. */
const FLAVOUR_NAMES: Record<string, string> = { torch: 'pytorch', pyfunc: 'python_function' };

let app: RunningApp;
let token: string;
beforeAll(async () => {
  process.env.SLIPWAY_PYTHON = PYTHON; // models are served by it
  app = await startApp({ auth: 'token' });
  token = readFileSync(join(app.home, 'token'), 'utf8').trim();
});
afterAll(() => app.stop());

test.each(FLAVOURS)('%s: autolog, log_model, load_model by the real client, and the same predictions over HTTP', async flavour => {
  const env = { ...process.env, MLFLOW_TRACKING_URI: app.url, MLFLOW_TRACKING_TOKEN: token, GIT_PYTHON_REFRESH: 'quiet', MLFLOW_ENABLE_ARTIFACTS_PROGRESS_BAR: 'false' };
  const { stdout, stderr } = await promisify(execFile)(PYTHON, [join(__dirname, `${flavour}_story.py`)], { env, maxBuffer: 2 ** 24 });
  expect(stderr).not.toMatch(/Traceback|Encountered unexpected error/); // autolog swallows what fails
  const told = JSON.parse(stdout.slice(stdout.indexOf('{"name"'))) as { name: string; request: object; predictions: number[] };

  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  const version = (await (await fetch(`${app.url}/api/v1/models/${told.name}/versions/1`, { headers })).json()) as { flavors: string[]; signature: object | null };
  expect(version.flavors).toContain(FLAVOUR_NAMES[flavour] ?? flavour);
  expect(version.signature).not.toBeNull();

  const reply = await fetch(`${app.url}/models/${told.name}/1/invocations`, { method: 'POST', headers, body: JSON.stringify(told.request) });
  const text = await reply.text();
  expect([reply.status, reply.ok ? '' : text]).toEqual([200, '']);
  const served = numbersIn((JSON.parse(text) as { predictions: unknown }).predictions);
  expect(served).toHaveLength(told.predictions.length);
  served.forEach((value, i) => expect(value).toBeCloseTo(told.predictions[i]!, 5));
});

/** All numbers of an answer in order, whatever lists or names they stand in. */
function numbersIn(value: unknown): number[] {
  return typeof value === 'number' ? [value] : Object.values(value as object).flatMap(numbersIn);
}
