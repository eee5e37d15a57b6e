import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { startApp, type RunningApp } from '../running-app';
import { registryOf } from './registry-fixtures';

jest.setTimeout(60_000);

let app: RunningApp;
let registry: ReturnType<typeof registryOf>;
beforeAll(async () => {
  app = await startApp();
  registry = registryOf(app);
});
afterAll(() => app.stop());

const GATES = {
  thresholds: [{ metric: 'accuracy', comparator: '>=', value: 0.9 }],
  notWorseThanChampion: [{ metric: 'loss', direction: 'lower', tolerance: 0.01 }],
  requiredTags: [{ key: 'checked', value: 'yes' }],
  maxSizeBytes: 1_000
};
const declare = (name: string, gates: object = GATES) => app.call('PUT', `/models/${name}/gates`, gates);
const makeChampion = (name: string, version: string, more: object = {}) => app.call('PUT', `/models/${name}/aliases/champion`, { version, ...more });
const checked = { tags: { checked: 'yes' } };

test('a model without gates has none, and any version may be its champion', async () => {
  const { version } = await registry.version('free', {});
  expect((await app.call('GET', '/models/free/gates')).body).toMatchObject({ gates: { thresholds: [], maxSizeBytes: null, selfApproval: false }, updatedBy: null });
  expect((await makeChampion('free', version)).status).toBe(200);
  expect(await app.call('POST', `/models/free/versions/${version}/gates`)).toMatchObject({ status: 409, body: { code: 'no_gates' } });
  expect((await app.call('GET', `/models/free/versions/${version}`)).body.gates).toBeNull();
  expect(await app.call('GET', '/models/absent/gates')).toMatchObject({ status: 404, body: { code: 'no_such_model' } });
});

test('gates are held against a version when it is registered, and the evidence is shown with it', async () => {
  await registry.version('scored', {});
  expect(await declare('scored')).toMatchObject({ status: 200, body: { gates: { ...GATES, selfApproval: false }, updatedBy: 'owner' } });
  const { version } = await registry.version('scored', { accuracy: 0.85, loss: 0.3 }, { bytes: 2_000 });
  const { gates } = (await app.call('GET', `/models/scored/versions/${version}`)).body;
  expect(gates).toMatchObject({ verdict: 'failed', trigger: 'registered', version, override: null });
  const plain = { isPending: false, slice: null, latency: null };
  expect(gates.results).toEqual([
    { id: 'threshold:accuracy', rule: 'accuracy >= 0.9', value: 0.85, champion: null, passed: false, note: null, ...plain },
    { id: 'not_worse:loss', rule: "loss not worse than @champion's by more than 0.01, lower is better", value: 0.3, champion: null, passed: true, note: 'There is no champion yet.', ...plain },
    { id: 'tag:checked', rule: "the tag checked is 'yes'", value: null, champion: null, passed: false, note: 'It is not set.', ...plain },
    { id: 'size', rule: 'its files have at most 1000 bytes', value: 2_000, champion: null, passed: false, note: null, ...plain }
  ]);
});

test('a version that fails cannot be champion, here or through MLflow; the failed rules are named', async () => {
  await registry.version('kept', {});
  await declare('kept');
  const { version } = await registry.version('kept', { accuracy: 0.85, loss: 0.3 }, checked);
  const refused = await makeChampion('kept', version);
  expect(refused).toMatchObject({ status: 409, body: { code: 'gates_failed', errors: [{ path: 'threshold:accuracy', message: 'accuracy >= 0.9' }] } });
  expect(refused.body.detail).toContain('accuracy >= 0.9 (it is 0.85)');
  const theirs = await registry.mlflow('POST', '/registered-models/alias', { name: 'kept', alias: 'champion', version });
  expect(theirs).toMatchObject({ status: 400, body: { error_code: 'INVALID_PARAMETER_VALUE', message: expect.stringContaining('accuracy >= 0.9') } });
  expect((await app.call('GET', '/models')).body.items.find((m: { name: string }) => m.name === 'kept').aliases).toEqual({});
  expect((await registry.mlflow('POST', '/registered-models/alias', { name: 'kept', alias: 'staging', version })).status).toBe(200);
  const history = (await app.call('GET', `/models/kept/versions/${version}/gates`)).body.items;
  expect(history.map((e: { trigger: string }) => e.trigger)).toEqual(['alias', 'alias', 'registered']); // what was refused is evidence too
});

test('the real MLflow client is told so too', async () => {
  await registry.version('by-client', {});
  await declare('by-client');
  const { version } = await registry.version('by-client', { accuracy: 0.5, loss: 1 });
  const story = `
import sys
from mlflow import MlflowClient
from mlflow.exceptions import MlflowException
try:
    MlflowClient().set_registered_model_alias("by-client", "champion", sys.argv[1])
except MlflowException as error:
    print(error.error_code, error.message)`;
  const python = join(__dirname, '../../../.venv/bin/python');
  const { stdout } = await promisify(execFile)(python, ['-c', story, version], { env: { ...process.env, MLFLOW_TRACKING_URI: app.url } });
  expect(stdout).toMatch(/^INVALID_PARAMETER_VALUE.*fails its gates: accuracy >= 0.9 \(it is 0.5\)/);
});

test('the champion’s metrics count, within the tolerance', async () => {
  await registry.version('raced', {});
  await declare('raced');
  const first = await registry.version('raced', { accuracy: 0.95, loss: 0.2 }, checked);
  expect((await makeChampion('raced', first.version)).status).toBe(200);
  const close = await registry.version('raced', { accuracy: 0.95, loss: 0.209 }, checked);
  const worse = await registry.version('raced', { accuracy: 0.99, loss: 0.22 }, checked);
  expect((await makeChampion('raced', worse.version)).body.errors).toEqual([{ path: 'not_worse:loss', message: expect.stringContaining('loss not worse') }]);
  expect((await makeChampion('raced', close.version)).status).toBe(200);
  const { results } = (await app.call('GET', `/models/raced/versions/${close.version}`)).body.gates;
  expect(results[1]).toMatchObject({ value: 0.209, champion: { version: first.version, value: 0.2 }, passed: true });
  expect((await makeChampion('raced', close.version)).status).toBe(200); // it is already: nothing moves
});

test('what was mended after registration counts when it is asked again', async () => {
  await registry.version('mended', {});
  await declare('mended', { requiredTags: [{ key: 'checked' }] });
  const { version } = await registry.version('mended', {});
  expect((await makeChampion('mended', version)).status).toBe(409);
  await registry.mlflow('POST', '/model-versions/set-tag', { name: 'mended', version, key: 'checked', value: 'by me' });
  expect(await app.call('POST', `/models/mended/versions/${version}/gates`)).toMatchObject({ status: 201, body: { verdict: 'passed', trigger: 'asked', evaluatedBy: 'owner' } });
  expect((await makeChampion('mended', version)).status).toBe(200);
});

test('an approver overrides with a comment, which is kept; nobody else does, nor declares gates', async () => {
  await registry.version('forced', {});
  await declare('forced');
  const { version } = await registry.version('forced', { accuracy: 0.1, loss: 1 });
  const scientist = registry.as(await registry.token('scientist', 'registry:read', 'registry:write'));
  const path = '/models/forced/aliases/champion';
  expect(await scientist('PUT', path, { version, overrideComment: 'please' })).toMatchObject({ status: 403, body: { code: 'forbidden' } });
  expect(await scientist('PUT', '/models/forced/gates', {})).toMatchObject({ status: 403 });
  const approver = registry.as(await registry.token('approver', 'registry:write', 'registry:approve'));
  expect((await approver('PUT', path, { version, overrideComment: 'the old one is broken' })).status).toBe(200);
  expect((await app.call('GET', `/models/forced/versions/@champion`)).body).toMatchObject({ version, gates: { verdict: 'failed', trigger: 'alias', override: { by: 'token:approver', comment: 'the old one is broken' } } });
});

test('two that would be champion at once are judged one after the other', async () => {
  await registry.version('both', {});
  await declare('both', { notWorseThanChampion: [{ metric: 'm', direction: 'higher' }] });
  const versions = await Promise.all([1, 2, 3].map(m => registry.version('both', { m })));
  await Promise.all(versions.map(v => makeChampion('both', v.version)));
  const best = versions[2]!.version;
  expect((await app.call('GET', '/models/both/versions/@champion')).body.version).toBe(best);
});

test('an import is no way round the gates', async () => {
  const { version } = await registry.version('imported', {});
  await declare('imported');
  const model = { name: 'imported', description: '', tags: {}, versions: [] };
  expect(await app.call('POST', '/imports/models', { ...model, aliases: { champion: version } })).toMatchObject({ status: 409, body: { code: 'gates_declared' } });
  expect((await app.call('POST', '/imports/models', { ...model, aliases: { staging: version } })).status).toBe(200);
  await makeChampion('imported', version, { overrideComment: 'it must be' });
  expect((await app.call('POST', '/imports/models', { ...model, aliases: { champion: version } })).status).toBe(200);
});

test('gates go with a renamed model, and leave with a deleted one', async () => {
  await registry.version('before', {});
  await declare('before');
  await registry.mlflow('POST', '/registered-models/rename', { name: 'before', new_name: 'after' });
  expect((await app.call('GET', '/models/after/gates')).body.gates.maxSizeBytes).toBe(1_000);
  await registry.mlflow('DELETE', '/registered-models/delete', { name: 'after' });
  expect((await app.call('GET', '/models/after/gates')).status).toBe(404);
});
