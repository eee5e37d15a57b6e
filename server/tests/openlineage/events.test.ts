import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { OpenLineageEvent, PipelineRun, Proof } from '@slipway/schema';
import { hookSession, metric, read, sha, wrote } from '../lineage/hook-session';
import { notebook } from '../notebook-fixtures';
import { registryOf } from '../registry/registry-fixtures';
import { startApp, until, type RunningApp } from '../running-app';
import { startReceiver } from '../webhooks/receiver';

jest.setTimeout(240_000);

const ROOT = join(__dirname, '../../..');
type Event = any; // eslint-disable-line @typescript-eslint/no-explicit-any -- the client's classes check its shape
let app: RunningApp;
let receiver: Awaited<ReturnType<typeof startReceiver>>;
beforeAll(async () => {
  await promisify(execFile)(process.execPath, ['--input-type=module', '-e', `import { ensureReady } from './scripts/setup.mjs'; await ensureReady({ parts: ['openlineage'] })`], { cwd: ROOT });
  receiver = await startReceiver();
  process.env.SLIPWAY_OPENLINEAGE_URL = new URL('/base/', receiver.url).href;
  process.env.SLIPWAY_OPENLINEAGE_API_KEY = 'k3y';
  app = await startApp();
});
afterAll(async () => {
  await app.stop();
  await receiver.stop();
});

const events = (): Event[] => receiver.received.map(r => JSON.parse(r.body) as Event);
const ofRun = (runId: string): Event[] => events().filter(e => e.run.runId === runId || e.run.facets.parent?.run.runId === runId);
const dashed = (hex: string): string => hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');

async function shown(runId: string): Promise<OpenLineageEvent[]> {
  const { status, body } = await app.call('GET', `/openlineage/events?runId=${runId}`);
  expect({ status, body }).toMatchObject({ status: 200 });
  return body.items as OpenLineageEvent[];
}

/** All that was delivered so far holds against OpenLineage's own client. */
async function check(): Promise<void> {
  const schema = await (await fetch(`${app.url}${new URL(events()[0].job.facets.slipway_notebookCell._schemaURL).pathname}`)).json();
  const child = promisify(execFile)(join(ROOT, '.venv/bin/python'), [join(__dirname, 'check_events.py')], { env: { ...process.env, PYTHONPATH: join(ROOT, '.cache/openlineage') } });
  child.child.stdin!.end(JSON.stringify({ events: events(), schema }));
  expect((await child).stdout.trim()).toBe(String(events().length));
}

test('a trial is told with its cells, what they read and wrote, and its session as parent', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'slipway-openlineage-'));
  const file = join(folder, 'rows.csv');
  writeFileSync(file, 'x,"y, z"\n1,2\n');
  const digest = createHash('sha256').update('x,"y, z"\n1,2\n').digest('hex');
  const { mlflow } = registryOf(app);
  const logged = (await mlflow('POST', '/runs/create', { experiment_id: '0', start_time: 1 })).body.run.info.run_id as string;
  const dataset = { name: 'rows', digest: 'abcd1234', source_type: 'http', source: '{"url": "https://data.example/rows.parquet"}', schema: '{"mlflow_colspec": [{"type": "double", "name": "x", "required": true}]}' };
  await mlflow('POST', '/runs/log-inputs', { run_id: logged, datasets: [{ dataset, tags: [] }] });
  const session = hookSession(app, join(folder, 'a.ipynb'));
  await session.run(
    { id: 'load', source: `rows = open(${JSON.stringify(file)}).read()`, bound: ['rows'], data: [read(file, digest), read('/gone/z.csv', sha('f')), wrote('/out/t.parquet', sha('b'))] },
    { id: 'fit', source: 'score = fit(rows)', bound: ['score'], read: ['rows'], metrics: [metric('score', 0.9)], mlflowRuns: [{ runId: logged, isExplicit: false }] }
  );
  const [trial] = await session.trials();
  const [start, complete] = await until(() => ofRun(dashed(trial!.id)).length >= 2 && ofRun(dashed(trial!.id)));
  expect([start!.eventType, complete!.eventType]).toEqual(['START', 'COMPLETE']);
  expect(start).toMatchObject({ eventTime: '2026-03-01T10:01:00.000Z', inputs: [], job: { namespace: 'slipway', name: `${join(folder, 'a.ipynb')}.trial` } });
  expect(complete!.run.facets.parent).toMatchObject({ run: { runId: session.sessionId }, job: { name: join(folder, 'a.ipynb') } });
  expect(complete!.job.facets).toMatchObject({ jobType: { jobType: 'TRIAL', processingType: 'BATCH' }, sourceCode: { language: 'python', sourceCode: expect.stringContaining('score = fit(rows)') } });
  const [cell] = complete!.job.facets.slipway_notebookCell.cells;
  expect((await app.call('GET', `/lineage?uri=${encodeURIComponent(cell.uri)}&direction=down`)).body.nodes.map((n: { uri: string }) => n.uri)).toContain(`run:${trial!.id}`);
  expect(complete!.inputs).toMatchObject([
    { namespace: 'file', name: file, facets: { version: { datasetVersion: `sha256:${digest}` }, schema: { fields: [{ name: 'x' }, { name: 'y, z' }] } } },
    { namespace: 'file', name: '/gone/z.csv', facets: { version: { datasetVersion: `sha256:${sha('f')}` } } },
    { namespace: 'https://data.example', name: 'rows.parquet', facets: { version: { datasetVersion: 'mlflow:abcd1234' }, schema: { fields: [{ name: 'x', type: 'double' }] } } }
  ]);
  expect(complete!.inputs[1].facets.schema).toBeUndefined();
  expect(complete!.outputs).toMatchObject([{ namespace: 'file', name: '/out/t.parquet' }]);
  expect(receiver.received[0]).toMatchObject({ path: '/base/api/v1/lineage', headers: { authorization: 'Bearer k3y', 'content-type': 'application/json' } });
  await check();
});

test('what the consumer did not take comes again, the same bytes, before anything else', async () => {
  receiver.received.length = 0;
  receiver.answers = [503, 429, 200];
  const session = hookSession(app, '/w/retry.ipynb');
  await session.run({ id: 'fit', source: 'score = fit(1)', bound: ['score'], metrics: [metric('score', 0.5)] });
  const [trial] = await session.trials();
  const list = await until(() => receiver.received.length >= 4 && receiver.received);
  expect(new Set(list.slice(0, 3).map(r => r.body)).size).toBe(1);
  expect(list.map(r => JSON.parse(r.body).eventType)).toEqual(['START', 'START', 'START', 'COMPLETE']);
  expect(new Set(events().map(e => e.run.runId))).toEqual(new Set([dashed(trial!.id)]));
  const kept = await until(async () => {
    const items = await shown(trial!.id);
    return items.every(i => i.status === 'delivered') && items;
  });
  expect(kept.map(i => [i.attempts, i.lastStatus])).toEqual([[3, 200], [1, 200]]);
  expect(kept.map(i => i.event)).toEqual([events()[0], events()[3]]);
});

test('an event that the consumer refuses is given up, and the next one comes', async () => {
  receiver.received.length = 0;
  receiver.answers = [422, 200];
  const session = hookSession(app, '/w/refused.ipynb');
  await session.run({ id: 'fit', source: 'score = fit(2)', bound: ['score'], metrics: [metric('score', 0.5)] });
  const [trial] = await session.trials();
  const items = await until(async () => {
    const found = await shown(trial!.id);
    return found.every(i => i.status !== 'pending') && found;
  });
  expect(items.map(i => [i.status, i.lastError])).toEqual([['failed', 'Answered 422.'], ['delivered', null]]);
  expect((await app.call('GET', '/openlineage')).body).toMatchObject({ consumer: `${new URL('/base/api/v1/lineage', receiver.url).href}`, namespace: 'slipway', pending: 0, failed: 1, lastError: 'Answered 422.' });
});

test('what joins a trial later is told as more of the same run', async () => {
  receiver.received.length = 0;
  receiver.answers = [200];
  const session = hookSession(app, '/w/joined.ipynb');
  await session.run(
    { id: 'fit', source: 'm = fit(3)', bound: ['m'] },
    { id: 'score', source: 'accuracy = accuracy_score(y, m.predict(x))', bound: ['accuracy'], read: ['m'], metrics: [metric('accuracy', 0.5)] }
  );
  await until(() => receiver.received.length === 2);
  await session.run({ id: 'f1', source: 'f1 = f1_score(y, m.predict(x))', bound: ['f1'], read: ['m'], data: [read('/w/test.csv', sha('e'))], metrics: [metric('f1', 0.4)] });
  const list = await until(() => receiver.received.length === 3 && events());
  expect(list.map(e => e.eventType)).toEqual(['START', 'COMPLETE', 'OTHER']);
  expect(new Set(list.map(e => e.run.runId)).size).toBe(1);
  expect(list[2].inputs).toMatchObject([{ name: '/w/test.csv' }]);
  expect(list[2].job.facets.slipway_notebookCell.cells.map((c: Event) => c.id)).toEqual(['fit', 'score', 'f1']);
  await check();
});

describe('a pipeline', () => {
  const TABLE = 'a,b,target\n' + Array.from({ length: 40 }, (_, i) => `${i},${(i * 7) % 11},${i % 2}`).join('\n') + '\n';
  const book = notebook(
    {
      setup: 'import time\nimport joblib\nimport pandas as pd\nfrom sklearn.tree import DecisionTreeClassifier\nfrom sklearn.metrics import accuracy_score',
      constants: 'DEPTH = 3\nNAP = 0',
      load: "data = pd.read_csv('train.csv')\nX = data[['a', 'b']]\ny = data['target']",
      train: "time.sleep(NAP)\nmodel = DecisionTreeClassifier(max_depth=DEPTH, random_state=0).fit(X, y)",
      score: "accuracy = accuracy_score(y, model.predict(X))\nprint('accuracy', accuracy)",
      save: "joblib.dump(model, 'model.joblib')"
    },
    { 'train.csv': TABLE }
  );
  let prior = 0;
  beforeAll(async () => {
    receiver.answers = [200];
    receiver.received.length = 0;
    const started = await app.call('POST', '/proofs', { name: 'trees', notebookPath: book.path, notebook: book.json });
    const proof = await until(async () => {
      const { body } = await app.call('GET', `/proofs/${started.body.id}`);
      return body.status !== 'running' && (body as Proof);
    }, 120_000);
    expect((await app.call('POST', '/pipelines', { proofId: proof.id })).body).toMatchObject({ version: 1 });
    prior = receiver.received.length;
  });

  const start = async (params: object): Promise<string> => (await app.call('POST', '/pipelines/trees/runs', { params })).body.runId as string;
  const ended = (runId: string): Promise<PipelineRun> =>
    until(async () => {
      const { body } = await app.call('GET', `/pipeline-runs/${runId}`);
      return ['succeeded', 'failed', 'cancelled'].includes(body.status) && (body as PipelineRun);
    });
  const told = (runId: string, end: string): Promise<Event[]> => until(() => ofRun(runId).some(e => e.run.runId === runId && e.eventType === end) && ofRun(runId));

  test('a proof is no run of it', () => expect(prior).toBe(0));

  test('its run and each step start and complete, the model with the columns it was trained on', async () => {
    const run = await ended(await start({ DEPTH: 2 }));
    const list = await told(run.runId, 'COMPLETE');
    expect(list[0]).toMatchObject({ eventType: 'START', run: { runId: run.runId }, job: { name: 'trees', facets: { jobType: { jobType: 'PIPELINE' } } } });
    for (const step of run.steps) {
      const own = list.filter(e => e.job.name === `trees.${step.name}`);
      expect(own.map(e => e.eventType)).toEqual(['START', 'COMPLETE']);
      expect(new Set(own.map(e => e.run.runId)).size).toBe(1);
      expect(own[0].run.facets.parent).toMatchObject({ run: { runId: run.runId }, job: { namespace: 'slipway', name: 'trees' } });
    }
    const complete = list.at(-1);
    expect(complete).toMatchObject({ eventType: 'COMPLETE', run: { runId: run.runId } });
    expect(complete.inputs).toMatchObject([{ namespace: 'file', name: join(book.folder, 'train.csv'), facets: { schema: { fields: [{ name: 'a' }, { name: 'b' }, { name: 'target' }] } } }]);
    const model = complete.outputs.find((o: Event) => o.name === 'models/trees');
    expect(model.facets.version.datasetVersion).toBe('1');
    const [fields] = Object.values(model.facets.columnLineage.fields) as Event[];
    expect(fields.inputFields.map((f: Event) => [f.name, f.field])).toEqual([[join(book.folder, 'train.csv'), 'a'], [join(book.folder, 'train.csv'), 'b']]);
    const made = (await app.call('GET', `/lineage?uri=run:${run.mlflowRunId}&direction=down`)).body.nodes.map((n: { uri: string }) => n.uri) as string[];
    expect(made).toContain('model:trees@1');
    expect(made.find(uri => uri.startsWith('dataset:'))).toMatch(/^dataset:mlflow-artifacts:\/.*\/files\/model\.joblib@sha256:/);
    expect((await shown(run.mlflowRunId!)).map(i => i.event)).toEqual((await shown(run.runId)).map(i => i.event));
    await check();
  });

  test('steps from the cache start and complete at once', async () => {
    const run = await ended(await start({ DEPTH: 2 }));
    expect(run.steps.every(s => s.cached)).toBe(true);
    const list = await told(run.runId, 'COMPLETE');
    expect(list.map(e => e.eventType).sort()).toEqual([...run.steps, run].flatMap(() => ['COMPLETE', 'START']).sort());
  });

  test('a step that fails says why; tried again it is another run of the same pipeline run', async () => {
    const run = await ended(await start({ DEPTH: -5 }));
    expect(run.status).toBe('failed');
    const list = await told(run.runId, 'FAIL');
    const failed = list.find(e => e.eventType === 'FAIL' && e.job.name !== 'trees');
    expect(failed.run.facets.errorMessage).toMatchObject({ programmingLanguage: 'python', message: expect.stringContaining('max_depth') });
    await app.call('POST', `/pipeline-runs/${run.runId}/retry`, {});
    const again = await until(() => ofRun(run.runId).filter(e => e.run.runId === run.runId && e.eventType === 'FAIL').length === 2 && ofRun(run.runId));
    expect(new Set(again.filter(e => e.eventType === 'FAIL' && e.job.name === failed.job.name).map(e => e.run.runId)).size).toBe(2);
    await check();
  });

  test('a run that is cancelled is aborted, and so is its step', async () => {
    const runId = await start({ NAP: 60 });
    const napping = await until(() => ofRun(runId).find(e => e.eventType === 'START' && e.job.name !== 'trees' && e.job.facets.sourceCode.sourceCode.includes('sleep(')));
    await app.call('POST', `/pipeline-runs/${runId}/cancel`);
    const list = await told(runId, 'ABORT');
    expect(list.filter(e => e.eventType === 'ABORT').map(e => e.job.name)).toEqual([napping.job.name, 'trees']);
    await check();
  });
});

test('the list goes on where a page ended; what is no run of ours is a 404', async () => {
  const first = (await app.call('GET', '/openlineage/events?limit=3')).body;
  expect(first.items).toHaveLength(3);
  const next = (await app.call('GET', `/openlineage/events?limit=3&cursor=${first.nextCursor}`)).body;
  expect(Number(next.items[0].seq)).toBeGreaterThan(Number(first.items[2].seq));
  expect(await app.call('GET', `/openlineage/events?runId=${sha('0').slice(0, 32)}`)).toMatchObject({ status: 404, body: { code: 'no_events' } });
  expect(await app.call('GET', '/openlineage/events?cursor=x')).toMatchObject({ status: 400, body: { code: 'invalid_cursor' } });
  expect(await app.call('GET', '/openlineage/events?runId=x')).toMatchObject({ status: 400, body: { code: 'invalid_input' } });
});
