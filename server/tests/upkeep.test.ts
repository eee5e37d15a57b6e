import type { PurgeReport, RetentionPreview } from '@slipway/schema';
import { randomBytes, randomUUID } from 'node:crypto';
import { existsSync, readFileSync, readdirSync, renameSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createLog } from '../src/core/log';
import { createUpkeepTimer } from '../src/upkeep';
import { mlflowCalls } from './mlflow-calls';
import { startApp, until, type RunningApp } from './running-app';

jest.setTimeout(120_000);

let app: RunningApp;
beforeAll(async () => {
  app = await startApp({ blobGraceMs: 300 });
}, 60_000);
afterAll(() => app.stop());

const { mlflow, experiment } = mlflowCalls(() => app);
interface Fields {
  name: string;
  start?: number;
  end?: number;
  tags?: Record<string, string>;
  loss?: number;
}
async function run(experiment_id: string, { name, start = 1_000, end = start + 1, tags = {}, loss }: Fields): Promise<string> {
  const { run } = await mlflow('/runs/create', { experiment_id, run_name: name, start_time: start, tags: Object.entries(tags).map(([key, value]) => ({ key, value })) });
  const { run_id } = (run as { info: { run_id: string } }).info;
  if (loss !== undefined) {
    await mlflow('/runs/log-metric', { run_id, key: 'loss', value: Number.isNaN(loss) ? 'NaN' : loss, timestamp: 1, step: 0 });
  }
  await mlflow('/runs/update', { run_id, status: 'FINISHED', end_time: end });
  return run_id;
}
async function put(runId: string, experimentId: string, path: string, content: Uint8Array<ArrayBuffer> | string): Promise<number> {
  return (await fetch(`${app.url}/api/2.0/mlflow-artifacts/artifacts/${experimentId}/${runId}/artifacts/${path}`, { method: 'PUT', body: content })).status;
}
const purge = async (more: Record<string, unknown> = {}): Promise<PurgeReport> => (await app.call('POST', '/purges', { olderThanSeconds: 0, ...more })).body as PurgeReport;
const remove = (...runIds: string[]) => app.call('POST', '/run-changes', { changes: [{ type: 'delete', runIds }] });
const names = async (experimentId: string): Promise<string> => ((await app.call('POST', '/run-rows', { experimentId, order: { by: 'name', isAscending: true } })).body.items as { name: string }[]).map(line => line.name).join('');
const onDisk = (): string[] => {
  const root = join(app.home, 'artifacts/sha256');
  return existsSync(root) ? readdirSync(root).flatMap(prefix => readdirSync(join(root, prefix)).map(name => join(root, prefix, name))) : [];
};
const bytesOnDisk = (): number => onDisk().reduce((sum, path) => sum + statSync(path).size, 0);

test('a rule keeps what holds any of its conditions and never what is pinned, noted, running or registered; a preview tells it first', async () => {
  const id = await experiment();
  const now = Date.now();
  const old = now - 40 * 86_400_000;
  await run(id, { name: 'a', start: old, loss: 0.9 });
  await run(id, { name: 'b', start: old + 1, loss: 0.1 }); // best
  await run(id, { name: 'c', start: old + 2, tags: { 'slipway.pinned': 'true' } });
  await run(id, { name: 'd', start: old + 3, tags: { 'mlflow.note.content': 'look here' } });
  const parent = await run(id, { name: 'e', start: old + 4, loss: NaN });
  const registered = await run(id, { name: 'f', start: old + 5, loss: 0.8, tags: { 'mlflow.parentRunId': parent } });
  await run(id, { name: 'g', start: old + 6, loss: 0.7, end: now }); // young by its end
  await run(id, { name: 'h', start: old + 7 });
  await run(id, { name: 'i', start: old + 8 }); // newest
  const { run: live } = await mlflow('/runs/create', { experiment_id: id, run_name: 'j', start_time: old - 5 });
  expect(live).toBeDefined();
  await mlflow('/registered-models/create', { name: `m ${id}` });
  await mlflow('/model-versions/create', { name: `m ${id}`, source: `mlflow-artifacts:/${id}/${registered}/artifacts/model`, run_id: registered });
  const bytes = randomBytes(5_000);
  const h = ((await app.call('POST', '/run-rows', { experimentId: id, filter: "attributes.run_name = 'h'" })).body.items as { id: string }[])[0]!.id;
  await put(h, id, 'a.bin', bytes);
  await put(h, id, 'same.bin', bytes);
  await put(registered, id, 'b.bin', bytes.subarray(0, 100));
  await put(h, id, 'b.bin', bytes.subarray(0, 100));

  const rule = { keepNewest: 1, keepDays: 30, keepBest: { metric: 'loss', goal: 'min', count: 1 } };
  const preview = (await app.call('POST', `/experiments/${id}/retention-preview`, rule)).body as RetentionPreview;
  expect(preview.runs.map(r => r.name).sort()).toEqual(['a', 'h']);
  expect(preview).toMatchObject({ deletes: 2, freesBytes: 5_000 });
  expect(Object.fromEntries(preview.keeps.map(k => [k.reason, k.count]))).toEqual({ best: 1, pinned: 1, note: 1, family: 1, registered: 1, young: 1, newest: 1, running: 1 });
  expect(await names(id)).toBe('abcdefghij');

  expect((await app.call('PUT', `/experiments/${id}/retention`, { ...rule, purgeAfterDays: 1 })).body).toMatchObject({ rule, updatedBy: 'owner' });
  expect((await app.call('POST', '/retention-sweeps')).body).toMatchObject({ rules: 1, deletedRuns: 2, purge: { runs: 0 } });
  expect(await names(id)).toBe('bcdefgij');
  await app.database.db.updateTable('run').set({ deleted_time: now - 2 * 86_400_000 }).where('id', '=', h).execute();
  await sleep(400);
  expect((await app.call('POST', '/retention-sweeps')).body).toMatchObject({ deletedRuns: 0, purge: { runs: 1, freedFiles: 1, freedBytes: 5_000 } });
  expect((await app.call('GET', `/runs/${h}`)).status).toBe(404);
  expect((await app.call('DELETE', `/experiments/${id}/retention`)).status).toBe(200);
  expect((await app.call('GET', `/experiments/${id}/retention`)).body).toEqual({ rule: null, updatedBy: null, updatedAt: null });
});

test('a purge frees the bytes that it tells, a dry run tells the same and changes nothing', async () => {
  await sleep(400);
  await purge();
  const [id, other] = [await experiment(), await experiment()];
  const [a, b, kept] = [await run(id, { name: 'a' }), await run(id, { name: 'b' }), await run(other, { name: 'k' })];
  const shared = randomBytes(3_000);
  await put(a, id, 'own.bin', randomBytes(70_000));
  await put(a, id, 'shared.bin', shared);
  await put(b, id, 'shared.bin', shared);
  await put(kept, other, 'shared.bin', shared);
  await put(b, id, 'deep/own.bin', randomBytes(500));
  await sleep(400);
  await remove(a);
  const before = bytesOnDisk();
  expect(await purge({ isDryRun: true })).toEqual({ isDryRun: true, runs: 1, experiments: 0, keptRuns: 0, freedFiles: 1, freedBytes: 70_000, waitingFiles: 0, waitingBytes: 0 });
  expect(bytesOnDisk()).toBe(before);
  expect(await purge({ olderThanSeconds: 3_600 })).toMatchObject({ runs: 0, freedBytes: 0 });
  expect(await purge({ experimentId: other })).toMatchObject({ runs: 0, freedBytes: 0 });
  expect(await purge()).toMatchObject({ isDryRun: false, runs: 1, freedFiles: 1, freedBytes: 70_000 });
  expect(bytesOnDisk()).toBe(before - 70_000);
  expect(await app.database.db.selectFrom('run_tag').select('run_id').where('run_id', '=', a).execute()).toEqual([]);

  await mlflow('/experiments/delete', { experiment_id: id });
  expect(await purge()).toMatchObject({ runs: 1, experiments: 1, freedFiles: 1, freedBytes: 500 });
  expect((await app.call('GET', `/experiments/${id}/retention`)).status).toBe(404);
  expect((await app.call('GET', `/runs/${kept}/artifact-file?path=shared.bin`).catch(() => ({ status: 200 }))).status).toBe(200);
});

test('a run that a registered version stands on is never purged, by its run, its logged model or its folder', async () => {
  const id = await experiment();
  const [byRun, byModel, byFolder] = [await run(id, { name: 'r' }), await run(id, { name: 'm' }), await run(id, { name: 'f' })];
  const { model } = await mlflow('/logged-models', { experiment_id: id, name: 'net', source_run_id: byModel });
  const modelId = (model as { info: { model_id: string; artifact_uri: string } }).info;
  await mlflow('/registered-models/create', { name: `kept ${id}` });
  for (const version of [
    { source: `runs:/${byRun}/model`, run_id: byRun },
    { source: `models:/${modelId.model_id}`, model_id: modelId.model_id },
    { source: `mlflow-artifacts:/${id}/${byFolder}/artifacts/model`, run_id: byFolder }
  ]) {
    await mlflow('/model-versions/create', { name: `kept ${id}`, ...version });
  }
  await app.database.db.updateTable('model_version').set({ run_id: null }).where('run_id', 'in', [byFolder, byModel]).execute();
  await mlflow('/experiments/delete', { experiment_id: id });
  expect(await purge({ experimentId: id, isDryRun: true })).toMatchObject({ runs: 0, keptRuns: 3 });
  expect(await purge({ experimentId: id })).toMatchObject({ runs: 0, keptRuns: 3, experiments: 0 });
  await mlflow('/experiments/restore', { experiment_id: id });
  expect(await names(id)).toBe('fmr');
});

test('the run of a pipeline that is not over is not purged', async () => {
  const { db } = app.database;
  const [id] = [await experiment()];
  const live = await run(id, { name: 'p' });
  await db.insertInto('pipeline_content').values({ hash: 'h', content: '{}' } as never).execute();
  await db.insertInto('pipeline_run').values({ id: randomUUID(), pipeline: 'p', version: 1, content_hash: 'h', mlflow_run_id: live, trigger: 'hand', status: 'running', use_cache: true, params: '{}', metrics: '{}', models: '[]', created_by: 'me' } as never).execute();
  await remove(live);
  expect(await purge({ experimentId: id })).toMatchObject({ runs: 0, keptRuns: 1 });
  await db.updateTable('pipeline_run').set({ status: 'succeeded' }).where('mlflow_run_id', '=', live).execute();
  expect(await purge({ experimentId: id })).toMatchObject({ runs: 1, keptRuns: 0 });
});

test('clearing blobs races uploads of the same bytes: whatever was acknowledged can be read', async () => {
  const id = await experiment();
  const contents = Array.from({ length: 4 }, () => randomBytes(2_000));
  let isOver = false;
  const clear = (async () => {
    let times = 0;
    for (; !isOver; times++) {
      expect((await app.call('POST', '/purges', { olderThanSeconds: 0 })).status).toBe(200);
    }
    return times;
  })();
  const statuses: number[] = [];
  const upload = async (worker: number): Promise<void> => {
    for (let i = 0; i < 25; i++) {
      const runId = await run(id, { name: `${worker}-${i}` });
      const status = await put(runId, id, 'x.bin', contents[i % contents.length]!);
      statuses.push(status);
      const read = await fetch(`${app.url}/api/v1/runs/${runId}/artifact-file?path=x.bin`);
      expect([status, read.status]).toEqual([200, 200]);
      expect(Buffer.from(await read.arrayBuffer()).equals(contents[i % contents.length]!)).toBe(true);
      await sleep(40 * (i % 12)); // longer than a blob is young, at times
      if (i % 2) {
        await remove(runId);
      }
    }
  };
  await Promise.all([0, 1, 2].map(upload));
  isOver = true;
  expect(await clear).toBeGreaterThan(3);
  const named = await app.database.db.selectFrom('artifact_file').select('digest').distinct().execute();
  const there = new Set(onDisk().map(path => path.split('/').at(-1)));
  expect(named.filter(file => !there.has(file.digest))).toEqual([]);
});

test('a blob on its way out when the daemon was killed is back at the next clearing; bytes whose names were gone by then go', async () => {
  const id = await experiment();
  const runId = await run(id, { name: 'a' });
  await put(runId, id, 'x.bin', randomBytes(1_234));
  await sleep(400);
  await purge();
  const { digest } = await app.database.db.selectFrom('artifact_file').select('digest').where('path', 'like', `%${runId}%`).executeTakeFirstOrThrow();
  const place = join(app.home, 'artifacts/sha256', digest.slice(0, 2), digest);
  renameSync(place, join(app.home, 'artifacts/condemned', digest)); // killed between the two steps
  await purge();
  expect(existsSync(place)).toBe(true);
  await app.database.db.deleteFrom('artifact_file').where('digest', '=', digest).execute(); // killed between database and disk
  expect(await purge({ isDryRun: true })).toMatchObject({ freedFiles: 1, freedBytes: 1_234 });
  expect(await purge()).toMatchObject({ freedFiles: 1, freedBytes: 1_234 });
  expect(existsSync(place)).toBe(false);
});

test('sessions go with their last trial; a live one stays', async () => {
  const { db } = app.database;
  const [session, trial] = [randomUUID(), randomUUID().replaceAll('-', '')];
  const at = new Date().toISOString();
  await app.call('POST', '/hook-records', {
    records: [
      { sessionId: session, seq: 0, at, type: 'session_started', kernelId: 'k', language: 'R', notebookPath: `/n/${session}.ipynb`, cwd: '/n', pid: 1, python: null, tokenSha256: null, user: 'u', host: 'elsewhere' },
      { sessionId: session, seq: 1, at, type: 'cell_started', executionId: randomUUID(), cellId: 'c', source: 'x' }
    ]
  });
  const own = session.replaceAll('-', '');
  await db.insertInto('run').values({ ...(await db.selectFrom('run').selectAll().where('id', '=', own).executeTakeFirstOrThrow()), id: trial }).execute();
  await db.insertInto('trial').values({ run_id: trial, session_id: session, ordinal: 1, core_key: 'c', group_key: 'g', params: '{}', slice: [], started_at: new Date() }).execute();
  await remove(own);
  expect(await purge()).toMatchObject({ runs: 0 }); // its kernel lives
  await app.call('POST', '/hook-records', { records: [{ sessionId: session, seq: 2, at, type: 'session_ended' }] });
  expect(await purge()).toMatchObject({ runs: 1 });
  expect(await db.selectFrom('cell_execution').select('seq').where('session_id', '=', session).execute()).toHaveLength(1);
  await remove(trial);
  await purge();
  expect(await db.selectFrom('trial').select('run_id').where('run_id', '=', trial).execute()).toEqual([]);
});

test('what is wrong with a rule or a purge is said', async () => {
  const id = await experiment();
  const bad = await Promise.all([
    app.call('PUT', `/experiments/${id}/retention`, {}),
    app.call('PUT', `/experiments/${id}/retention`, { keepNewest: -1 }),
    app.call('PUT', '/experiments/98765/retention', { keepNewest: 1 }),
    app.call('PUT', '/experiments/%00/retention', { keepNewest: 1 }),
    app.call('POST', '/purges', { olderThanSeconds: -1 }),
    app.call('POST', '/purges', { experimentId: '424242' })
  ]);
  expect(bad.map(r => [r.status, r.body.code])).toEqual([
    [400, 'invalid_input'],
    [400, 'invalid_input'],
    [404, 'no_such_experiment'],
    [404, 'no_such_experiment'],
    [400, 'invalid_input'],
    [404, 'no_such_experiment']
  ]);
});

test('rules and purges need runs:purge, changes runs:write', async () => {
  const guarded = await startApp({ auth: 'token' });
  const call = async (token: string, method: string, path: string, body: unknown): Promise<Response> =>
    fetch(`${guarded.url}/api/v1${path}`, { method, headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` }, ...(body !== undefined && { body: JSON.stringify(body) }) });
  const owner = readFileSync(join(guarded.home, 'token'), 'utf8').trim();
  const issue = async (permissions: string[]): Promise<string> => ((await (await call(owner, 'POST', '/tokens', { name: 'narrow', permissions })).json()) as { secret: string }).secret;
  const [writer, reader, purger] = [await issue(['runs:read', 'runs:write']), await issue(['runs:read']), await issue(['runs:purge'])];
  const changes = { changes: [{ type: 'delete', runIds: ['0'.repeat(32)] }] };
  const status = async (token: string, method: string, path: string, body?: unknown): Promise<number> => (await call(token, method, path, body)).status;
  for (const [method, path, body] of [['PUT', '/experiments/0/retention', { keepNewest: 9 }], ['DELETE', '/experiments/0/retention', undefined], ['POST', '/retention-sweeps', undefined], ['POST', '/purges', {}]] as const) {
    expect([path, await status(writer, method, path, body), await status(purger, method, path, body)]).toEqual([path, 403, 200]);
  }
  expect([await status(reader, 'POST', '/run-changes', changes), await status(writer, 'POST', '/run-changes', changes)]).toEqual([403, 404]);
  expect([await status(purger, 'GET', '/experiments/0/retention'), await status(reader, 'POST', '/experiments/0/retention-preview', { keepNewest: 1 })]).toEqual([403, 200]);
  await guarded.stop();
});

test('the daemon holds the rules by itself, once an hour, of several daemons one', async () => {
  const { db } = app.database;
  const id = await experiment();
  await run(id, { name: 'a' });
  await app.call('PUT', `/experiments/${id}/retention`, { keepNewest: 0 });
  let sweeps = 0;
  const sweep = (): Promise<object> => ((sweeps += 1), app.call('POST', '/retention-sweeps'));
  const timers = [0, 1, 2].map(() => createUpkeepTimer({ db, sweep, log: createLog('error'), lookMs: 20 }));
  await db.updateTable('upkeep').set({ swept_at: new Date(Date.now() - 2 * 3_600_000) }).execute();
  timers.forEach(timer => timer.start());
  await until(async () => (await names(id)) === '');
  await sleep(200);
  await Promise.all(timers.map(timer => timer.stop()));
  expect(sweeps).toBe(1);
});
