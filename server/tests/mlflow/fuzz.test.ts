import fc from 'fast-check';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { startApp, type RunningApp } from '../running-app';

jest.setTimeout(60_000);

const SOURCES = join(__dirname, '../../src');
const ROUTE = /mlflowRoute\('(get|post|patch|delete)', '([^']+)'/g;
const FIELDS = ['experiment_id', 'experiment_ids', 'run_id', 'run_uuid', 'name', 'new_name', 'key', 'value', 'timestamp', 'step', 'metrics', 'params', 'tags', 'filter', 'filter_string', 'order_by', 'max_results', 'page_token', 'status', 'end_time', 'start_time', 'alias', 'version', 'source', 'stage', 'datasets', 'inputs', 'models', 'outputs', 'model_id', 'run_view_type', 'view_type', 'path', 'metric_key', 'model_json', 'lifecycle_stage'];

let app: RunningApp;
beforeAll(async () => {
  app = await startApp();
}, 60_000);
afterAll(() => app.stop());

/** All routes of MLflow's dialect, read from where they are said. */
function routes(): { method: string; path: string }[] {
  const files = readdirSync(SOURCES, { recursive: true, encoding: 'utf8' }).filter(file => file.endsWith('-routes.ts'));
  return files.flatMap(file => [...readFileSync(join(SOURCES, file), 'utf8').matchAll(ROUTE)].map(([, method, path]) => ({ method: method!, path: path! })));
}

const scalar = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 20 }),
  fc.constantFrom('0', '1', 'NaN', '-Infinity', '../..', '%2e%2e', '\u0000', "' OR 1=1 --", 'metrics.a > 1', "tags.`x` LIKE '%'", 'models:/a/1', 'mlflow-artifacts:/x', 'x'.repeat(9_000), '99999999999999999999'),
  fc.double(),
  fc.integer(),
  fc.bigInt().map(String),
  fc.boolean(),
  fc.constant(null)
);
const value = fc.oneof({ weight: 4, arbitrary: scalar }, fc.array(scalar, { maxLength: 3 }), fc.array(fc.dictionary(fc.constantFrom('key', 'value', 'timestamp', 'step', 'dataset', 'name', 'digest', 'model_id'), scalar), { maxLength: 3 }), fc.object({ maxDepth: 2 }));
const body = fc.dictionary(fc.constantFrom(...FIELDS), value, { maxKeys: 6 });

test('nothing that is sent to MLflow’s routes is an error of ours', async () => {
  const all = routes();
  expect(all.length).toBeGreaterThan(40);
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...all), body, scalar, async ({ method, path }, fields, id) => {
      const target = `/api/2.0/mlflow${path.replace(/:\w+/g, () => encodeURIComponent(Buffer.from(String(id)).toString().slice(0, 100) || 'x'))}`;
      const query = new URLSearchParams(Object.entries(fields).map(([k, v]) => [k, String(typeof v === 'object' ? JSON.stringify(v) : v).slice(0, 500)]));
      const response = await fetch(method === 'get' ? `${app.url}${target}?${query}` : `${app.url}${target}`, {
        method: method.toUpperCase(),
        ...(method !== 'get' && { body: JSON.stringify(fields), headers: { 'content-type': 'application/json' } })
      });
      const text = await response.text();
      if (response.status >= 500) {
        throw new Error(`${response.status} ${text}`);
      }
      if (response.status >= 400) {
        expect(JSON.parse(text)).toMatchObject({ error_code: expect.stringMatching(/^[A-Z_]+$/), message: expect.any(String) });
      }
    }),
    { numRuns: 1_500 }
  );
});
