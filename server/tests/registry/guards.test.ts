import type { GateEvaluation, ModelComparison, ModelVersion, RunDetail, VersionChange, VersionMaking } from '@slipway/schema';
import { startApp, until, type RunningApp } from '../running-app';
import { python, registerByClient } from './python';
import { registryOf } from './registry-fixtures';

jest.setTimeout(240_000);

let app: RunningApp;
let registry: ReturnType<typeof registryOf>;
beforeAll(async () => {
  app = await startApp();
  registry = registryOf(app);
});
afterAll(() => app.stop());

const declare = async (name: string, gates: object): Promise<void> => {
  expect(await app.call('PUT', `/models/${name}/gates`, gates)).toMatchObject({ status: 200 });
};
const makeChampion = (name: string, version: string, more: object = {}) => app.call('PUT', `/models/${name}/aliases/champion`, { version, ...more });
const versionOf = async (name: string, version: string): Promise<ModelVersion> => (await app.call('GET', `/models/${name}/versions/${version}`)).body as ModelVersion;
const evaluate = async (name: string, version: string): Promise<GateEvaluation> => (await app.call('POST', `/models/${name}/versions/${version}/gates`)).body as GateEvaluation;
const failedOf = (evaluation: GateEvaluation): string[] => evaluation.results.filter(r => !r.passed).map(r => r.id);
const toStage = (name: string, version: string, stage: string, archive = false) => registry.mlflow('POST', '/model-versions/transition-stage', { name, version, stage, archive_existing_versions: archive });
const historyOf = async (name: string, version: string): Promise<VersionChange[]> => (await app.call('GET', `/models/${name}/versions/${version}/history`)).body.items as VersionChange[];

describe('slices', () => {
  const measured = (de: number, fr: number, rows = 50) => ({ accuracy: 0.9, 'accuracy/slice/country:DE': de, 'accuracy/slice/country:FR': fr, 'rows/slice/country:FR': rows, 'accuracy/slice/sex:f': 0.9 });

  test('are shown with the version, with its run, and in the comparison', async () => {
    const first = await registry.version('sliced', measured(0.8, 0.9));
    const second = await registry.version('sliced', measured(0.85, 0.9));
    const { metrics, slices } = await versionOf('sliced', second.version);
    expect(metrics).toEqual({ accuracy: 0.9 });
    expect(slices).toEqual([
      { metric: 'accuracy', column: 'country', overall: 0.9, slices: [{ value: 'DE', metric: 0.85, rows: null }, { value: 'FR', metric: 0.9, rows: 50 }] },
      { metric: 'accuracy', column: 'sex', overall: 0.9, slices: [{ value: 'f', metric: 0.9, rows: null }] }
    ]);
    expect(((await app.call('GET', `/runs/${second.runId}`)).body as RunDetail).slices).toEqual(slices);
    const comparison = (await app.call('GET', `/models/sliced/compare?candidate=${second.version}&champion=${first.version}`)).body as ModelComparison;
    expect(comparison.metrics).toEqual([]);
    expect(comparison.slices).toEqual([{ metric: 'accuracy', column: 'country', value: 'DE', rows: null, candidate: 0.85, champion: 0.8, change: expect.closeTo(0.05) }]);
  });

  test('the one that got worse is named, though all data is better', async () => {
    const champion = await registry.version('weak', measured(0.9, 0.9));
    await makeChampion('weak', champion.version);
    await declare('weak', { notWorseThanChampion: [{ metric: 'accuracy', direction: 'higher', slices: true }] });
    const { version } = await registry.version('weak', { ...measured(0.95, 0.5), accuracy: 0.99 });
    const refused = await makeChampion('weak', version);
    expect(refused).toMatchObject({ status: 409, body: { code: 'gates_failed', errors: [{ path: 'not_worse:accuracy/slice/country:FR', message: expect.stringContaining('accuracy where country is FR not worse') }] } });
    const { results } = (await versionOf('weak', version)).gates!;
    expect(results.find(r => !r.passed)).toMatchObject({ value: 0.5, champion: { version: champion.version, value: 0.9 }, slice: { column: 'country', value: 'FR', rows: 50 } });
    expect(results.map(r => r.id)).toEqual(['not_worse:accuracy', 'not_worse:accuracy/slice/country:DE', 'not_worse:accuracy/slice/country:FR', 'not_worse:accuracy/slice/sex:f']);
  });

  test('a slice that was not measured fails; a small one is told and not judged; of columns only those named count', async () => {
    await makeChampion('few', (await registry.version('few', measured(0.9, 0.9))).version);
    const { version } = await registry.version('few', { accuracy: 0.9, 'accuracy/slice/country:FR': 0.1, 'rows/slice/country:FR': 3 });
    await declare('few', { notWorseThanChampion: [{ metric: 'accuracy', direction: 'higher', slices: ['country'], minRows: 10 }] });
    const evaluation = await evaluate('few', version);
    expect(failedOf(evaluation)).toEqual(['not_worse:accuracy/slice/country:DE']);
    expect(evaluation.results.map(r => r.note)).toEqual([null, 'The version was not measured where country is DE.', 'Only 3 rows, of 10 at least: told, not judged.']);
    await declare('few', { notWorseThanChampion: [{ metric: 'accuracy', direction: 'higher', slices: ['age'] }] });
    expect(await evaluate('few', version)).toMatchObject({ verdict: 'passed', results: [{}, { note: 'The champion was not measured by age.' }] });
  });
});

test('required tests are tags that CI sets on the version, or on its run', async () => {
  const { version, runId } = await registry.version('tested', {});
  await declare('tested', { requiredTests: ['fairness', 'drift'] });
  expect(failedOf(await evaluate('tested', version))).toEqual(['test:fairness', 'test:drift']);
  await registry.mlflow('POST', '/runs/set-tag', { run_id: runId, key: 'test.drift', value: 'passed' });
  await registry.mlflow('POST', '/model-versions/set-tag', { name: 'tested', version, key: 'test.fairness', value: 'failed' });
  await registry.mlflow('POST', '/model-versions/set-tag', { name: 'tested', version, key: 'test.fairness.url', value: 'https://ci.example.org/7' });
  expect((await evaluate('tested', version)).results).toMatchObject([{ passed: false, note: "It says 'failed': https://ci.example.org/7." }, { passed: true }]);
  await registry.mlflow('POST', '/model-versions/set-tag', { name: 'tested', version, key: 'test.fairness', value: 'passed' });
  await registry.mlflow('POST', '/model-versions/set-tag', { name: 'tested', version, key: 'test.drift', value: 'failed' });
  expect(failedOf(await evaluate('tested', version))).toEqual(['test:drift']); // the version's own word counts
});

describe('MLflow’s stage Production', () => {
  test('is behind the same gates; the others are free', async () => {
    await registry.version('staged', {});
    await declare('staged', { requiredTags: [{ key: 'ok' }] });
    const { version } = await registry.version('staged', {});
    const refused = await toStage('staged', version, 'production');
    expect(refused).toMatchObject({ status: 400, body: { error_code: 'INVALID_PARAMETER_VALUE', message: expect.stringContaining('the tag ok is set') } });
    expect(await versionOf('staged', version)).toMatchObject({ stage: 'None', gates: { trigger: 'stage', verdict: 'failed' } });
    expect((await toStage('staged', version, 'Staging')).status).toBe(200);
    await registry.mlflow('POST', '/model-versions/set-tag', { name: 'staged', version, key: 'ok', value: '1' });
    expect((await toStage('staged', version, 'Production')).body.model_version.current_stage).toBe('Production');
    expect((await toStage('staged', version, 'Production')).status).toBe(200);
  });

  test('lets the champion in as it is: it was judged, or an approver let it through', async () => {
    await registry.version('vouched', {});
    await declare('vouched', { requiredTags: [{ key: 'ok' }] });
    const { version } = await registry.version('vouched', {});
    await makeChampion('vouched', version, { overrideComment: 'it must be' });
    expect((await toStage('vouched', version, 'Production')).status).toBe(200);
  });

  test('archives those that were there, and each move stays in the history of its version', async () => {
    const [first, second] = [await registry.version('moved', {}), await registry.version('moved', {})];
    await toStage('moved', first.version, 'Production');
    await toStage('moved', second.version, 'Production', true);
    expect((await versionOf('moved', first.version)).stage).toBe('Archived');
    expect((await historyOf('moved', first.version)).map(c => [c.kind, c.from, c.to, c.by])).toEqual([
      ['stage', 'Production', 'Archived', 'owner'],
      ['stage', 'None', 'Production', 'owner'],
      ['registered', null, expect.stringMatching(/^runs:/), 'owner']
    ]);
    const page = (await app.call('GET', `/models/moved/versions/${first.version}/history?limit=1`)).body;
    expect((await app.call('GET', `/models/moved/versions/${first.version}/history?limit=1&cursor=${page.nextCursor}`)).body.items).toMatchObject([{ to: 'Production' }]);
    expect((await app.call('GET', `/models/moved/versions/${first.version}/history?cursor=x`)).body.code).toBe('invalid_cursor');
  });

  test('is not chosen by an import either', async () => {
    await registry.version('brought', {});
    await declare('brought', { requiredTags: [{ key: 'ok' }] });
    const version = { version: '9', description: '', userId: 'a', source: 's3://bucket/model', runId: null, modelId: null, stage: 'Production', createdAt: 1, tags: {} };
    const model = { name: 'brought', description: '', tags: {}, aliases: {} };
    expect(await app.call('POST', '/imports/models', { ...model, versions: [version] })).toMatchObject({ status: 409, body: { code: 'gates_declared' } });
    expect((await app.call('POST', '/imports/models', { ...model, versions: [{ ...version, stage: 'Staging' }] })).status).toBe(200);
  });
});

test('where approval is asked for, champion and Production come by a promotion alone', async () => {
  await declare((await named('careful')), { requireApproval: true, selfApproval: true });
  const { version } = await registry.version('careful', {});
  expect(await makeChampion('careful', version)).toMatchObject({ status: 409, body: { code: 'approval_required' } });
  expect(await makeChampion('careful', version, { overrideComment: 'now' })).toMatchObject({ status: 409, body: { code: 'approval_required' } });
  expect(await registry.mlflow('POST', '/registered-models/alias', { name: 'careful', alias: 'champion', version })).toMatchObject({ status: 400, body: { error_code: 'INVALID_PARAMETER_VALUE' } });
  expect(await toStage('careful', version, 'Production')).toMatchObject({ status: 400, body: { error_code: 'INVALID_PARAMETER_VALUE', message: expect.stringContaining('asks for approval') } });
  const { id } = (await app.call('POST', `/models/careful/versions/${version}/promotions`, {})).body;
  expect(await app.call('POST', `/promotions/${id}/approve`, { comment: 'fine' })).toMatchObject({ status: 200 });
  expect((await toStage('careful', version, 'Production')).status).toBe(200);
});

test('aliases and tags are in the history of each version they touch', async () => {
  const [first, second] = [await registry.version('named', {}), await registry.version('named', {})];
  await makeChampion('named', first.version);
  await makeChampion('named', second.version);
  await app.call('PATCH', `/models/named/versions/${second.version}`, { description: 'x', tags: { a: '1' } });
  await app.call('PATCH', `/models/named/versions/${second.version}`, { tags: { a: null } });
  await app.call('PUT', '/models/named/aliases/champion', { version: null });
  expect((await historyOf('named', first.version)).map(c => [c.kind, c.name, c.from, c.to]).slice(0, 2)).toEqual([['alias_removed', 'champion', '1', '2'], ['alias_set', 'champion', null, '1']]);
  expect((await historyOf('named', second.version)).map(c => [c.kind, c.name, c.from, c.to]).slice(0, 5)).toEqual([
    ['alias_removed', 'champion', '2', null],
    ['tag_removed', 'a', '1', null],
    ['tag_set', 'a', null, '1'],
    ['described', null, null, null],
    ['alias_set', 'champion', '1', '2']
  ]);
});

test('who may not declare gates cannot take them away either, nor the champion they compare with', async () => {
  await makeChampion('fixed', (await registry.version('fixed', { m: 1 })).version);
  await declare('fixed', { notWorseThanChampion: [{ metric: 'm', direction: 'higher' }] });
  const other = await registry.version('fixed', { m: 0 });
  const token = await registry.token('writer', 'registry:read', 'registry:write');
  const refused = { status: 403, body: { error_code: 'PERMISSION_DENIED', message: expect.stringContaining('needs the permission registry:approve') } };
  for (const [method, path, body] of [
    ['POST', '/registered-models/rename', { name: 'fixed', new_name: 'loose' }],
    ['DELETE', '/registered-models/delete', { name: 'fixed' }],
    ['DELETE', '/registered-models/alias', { name: 'fixed', alias: 'champion' }],
    ['DELETE', '/model-versions/delete', { name: 'fixed', version: '1' }]
  ] as const) {
    expect(await registry.mlflowAs(token)(method, path, body)).toMatchObject(refused);
  }
  expect(await registry.as(token)('PUT', '/models/fixed/aliases/champion', { version: null })).toMatchObject({ status: 403, body: { code: 'gates_declared' } });
  expect(await registry.mlflowAs(token)('DELETE', '/model-versions/delete', { name: 'fixed', version: other.version })).toMatchObject({ status: 200 });
  expect(await registry.mlflow('DELETE', '/registered-models/alias', { name: 'fixed', alias: 'champion' })).toMatchObject({ status: 200 });
});

describe('with the real client', () => {
  test('a version without a signature is not registered where one is asked for', async () => {
    await declare(await named('signed'), { requireSignature: true });
    const told = await python(app, '-c', REGISTER_UNSIGNED, 'signed');
    expect(told).toMatch(/INVALID_PARAMETER_VALUE.*takes versions with a signature only/);
    expect((await app.call('GET', '/models/signed/versions')).body.items).toEqual([]);
  });

  test('latency is measured on the version’s own example, and the gates are judged by it', async () => {
    await declare(await named('quick'), { requireSignature: true, latency: { p95Ms: 60_000, requests: 20 } });
    const version = await registerByClient(app, 'quick', 0.8);
    const evaluations = async (): Promise<GateEvaluation[]> => (await app.call('GET', `/models/quick/versions/${version}/gates`)).body.items as GateEvaluation[];
    const [measured, registered] = await until(async () => (await evaluations()).length === 2 && evaluations(), 150_000);
    expect(registered).toMatchObject({ verdict: 'pending', trigger: 'registered', results: [{ id: 'latency', passed: false, isPending: true, value: null }, { id: 'signature', passed: true }] });
    expect(measured).toMatchObject({ verdict: 'passed', trigger: 'measured', results: [{ id: 'latency', passed: true, isPending: false }, {}] });
    const { value, latency } = measured!.results[0]!;
    expect(latency).toMatchObject({ requests: 20, input: 'example', p95Ms: value, machine: { cores: expect.any(Number) } });
    expect(latency!.p50Ms).toBeGreaterThan(0);
    expect(latency!.p50Ms).toBeLessThanOrEqual(latency!.p95Ms);
    expect((await makeChampion('quick', version)).status).toBe(200);

    await declare('quick', { latency: { p95Ms: 0.001, requests: 20 } });
    expect(await toStage('quick', version, 'Production')).toMatchObject({ status: 200 }); // it is the champion
    const { verdict } = await evaluate('quick', version);
    expect(verdict).toBe('pending');
    const slow = await until(async () => (await evaluations())[0]!.trigger === 'measured' && (await evaluations())[0]);
    expect(slow).toMatchObject({ verdict: 'failed', results: [{ id: 'latency', passed: false, latency: { requests: 20 } }] });

    const making = (await app.call('GET', `/models/quick/versions/${version}/making`)).body as VersionMaking;
    expect(making).toMatchObject({ params: { strategy: 'most_frequent' }, python: expect.stringMatching(/^3\./), packages: { 'scikit-learn': expect.any(String) }, data: [{ path: 'people', digest: expect.any(String) }], notes: [expect.stringContaining('came from elsewhere')] });
  });
});

test('while latency is measured a version is not let through, but by an approver; what cannot be measured says why', async () => {
  await declare(await named('waits'), { latency: { p95Ms: 100 } });
  const { version } = await registry.version('waits', {}); // its one file is no model
  const early = await makeChampion('waits', version);
  expect(['gates_pending', 'gates_failed']).toContain(early.body.code);
  const { gates } = await until(async () => {
    const found = await versionOf('waits', version);
    return found.gates!.verdict === 'failed' && found;
  });
  expect(gates!.results).toMatchObject([{ id: 'latency', isPending: false, note: expect.stringContaining('neither an input example nor a signature') }]);
  expect((await makeChampion('waits', version)).body.code).toBe('gates_failed');
  expect((await makeChampion('waits', version, { overrideComment: 'measured elsewhere' })).status).toBe(200);
});

/** A model that is there, without versions. */
async function named(name: string): Promise<string> {
  await registry.mlflow('POST', '/registered-models/create', { name });
  return name;
}

const REGISTER_UNSIGNED = `
import sys
import mlflow
from mlflow.exceptions import MlflowException
with mlflow.start_run() as run:
    mlflow.log_text("flavors: {}", "model/MLmodel")
try:
    mlflow.MlflowClient().create_model_version(sys.argv[1], f"runs:/{run.info.run_id}/model", run.info.run_id)
except MlflowException as error:
    print(error.error_code, error.message)`;
