import type { PipelineRun, Proof, SameInputs } from '@slipway/schema';
import { CLASSIFIER, CLASSIFIER_FILES, notebook } from '../notebook-fixtures';
import { registryOf } from '../registry/registry-fixtures';
import { startApp, until, type RunningApp } from '../running-app';
import { hookSession, metric, read, sha } from './hook-session';

jest.setTimeout(180_000);

let app: RunningApp;
let mlflow: ReturnType<typeof registryOf>['mlflow'];
beforeAll(async () => {
  app = await startApp();
  mlflow = registryOf(app).mlflow;
});
afterAll(() => app.stop());

async function same(runId: string, query = ''): Promise<SameInputs> {
  const { status, body } = await app.call('GET', `/runs/${runId}/same-inputs${query}`);
  expect({ status, body }).toMatchObject({ status: 200 });
  return body as SameInputs;
}

const LOAD = 'rows = open("rows.csv").read()';
const fit = (depth: number): string => `tree = Tree(max_depth=${depth}).fit(rows)`;

/** A session that trains once; gives its trial's id. */
async function train(at: string, of: { depth: number; digest: string | null; comment?: string; measure?: boolean; fluent?: string }): Promise<string> {
  const session = hookSession(app, '/work/same.ipynb', new Date(at));
  await session.run(
    { id: 'load', source: LOAD, bound: ['rows'], data: [read('/work/rows.csv', of.digest)] },
    { id: 'fit', source: `${fit(of.depth)}${of.comment ?? ''}`, bound: ['tree'], read: ['rows'], mlflowRuns: of.fluent === undefined ? [] : [{ runId: of.fluent, isExplicit: false }] },
    { id: 'score', source: 'accuracy = accuracy_score(y, tree.predict(rows))', bound: ['accuracy'], read: ['tree', 'rows'], metrics: [metric('accuracy', 0.5)] },
    ...(of.measure ? [{ id: 'f1', source: 'f1 = f1_score(y, tree.predict(rows))', bound: ['f1'], read: ['tree', 'rows'], metrics: [metric('f1', 0.4)] }] : [])
  );
  const [trial] = await session.trials();
  return trial!.id;
}

test('a trial finds those of the same code, params and data; what differs is told apart', async () => {
  const first = await train('2026-01-01T10:00:00.000Z', { depth: 3, digest: sha('a') });
  const again = await train('2026-01-02T10:00:00.000Z', { depth: 3, digest: sha('a'), comment: '  # once more', measure: true });
  const deeper = await train('2026-01-03T10:00:00.000Z', { depth: 9, digest: sha('a') });
  const other = await train('2026-01-04T10:00:00.000Z', { depth: 3, digest: sha('b') });
  const unknown = await train('2026-01-05T10:00:00.000Z', { depth: 3, digest: null });

  const found = await same(again);
  expect(found).toMatchObject({ isKnown: { code: true, data: true }, total: 1, items: [{ runId: first, kind: 'trial', isEarlier: true, metrics: { accuracy: 0.5 }, agrees: { code: true, params: true, data: true } }] });
  expect((await same(first)).items).toMatchObject([{ runId: again, isEarlier: false }]);
  const some = await same(first, '?match=some');
  expect(some.total).toBe(1);
  expect(new Map(some.items.map(i => [i.runId, i.agrees]))).toEqual(
    new Map([
      [again, { code: true, params: true, data: true }],
      [deeper, { code: true, params: false, data: true }],
      [other, { code: true, params: true, data: false }],
      [unknown, { code: true, params: true, data: null }]
    ])
  );
  expect(some.items[0]!.runId).toBe(again);
  expect(await same(unknown)).toMatchObject({ isKnown: { code: true, data: false }, total: 4 - 1 });
});

test('a run of MLflow’s client joined to a trial is answered by the trial', async () => {
  const fluent = (await mlflow('POST', '/runs/create', { experiment_id: '0', start_time: 1 })).body.run.info.run_id as string;
  const joined = await train('2026-02-01T10:00:00.000Z', { depth: 5, digest: sha('c'), fluent });
  const twin = await train('2026-02-02T10:00:00.000Z', { depth: 5, digest: sha('c') });
  expect((await same(fluent)).items.map(i => i.runId)).toEqual([twin]);
  expect((await same(joined)).items.map(i => i.runId)).toEqual([twin]);
});

test('code that is about to run is asked for by its cells, params and digests', async () => {
  const done = await train('2026-03-01T10:00:00.000Z', { depth: 7, digest: sha('d') });
  const ask = async (more: object): Promise<SameInputs> => (await app.call('POST', '/same-inputs', { sources: [LOAD, fit(7)], params: { 'Tree.max_depth': '7' }, digests: [sha('d')], ...more })).body as SameInputs;
  expect((await ask({})).items.map(i => i.runId)).toEqual([done]);
  expect((await ask({ sources: [fit(1), LOAD] })).items.map(i => i.runId)).toEqual([done]); // the param's value is the param's to say
  expect((await ask({ digests: [`sha256:${sha('d')}`] })).total).toBe(1);
  expect((await ask({ digests: null })).items[0]!.agrees).toEqual({ code: true, params: true, data: null });
  expect((await ask({ digests: [] })).total).toBe(0);
  expect((await ask({ params: { 'Tree.max_depth': '8' } })).total).toBe(0);
  expect(await ask({ sources: [], digests: null })).toEqual({ isKnown: { code: false, data: false }, total: 0, items: [] });
  expect(await app.call('POST', '/same-inputs', { params: { a: '\0' }, digests: [] })).toMatchObject({ status: 400, body: { code: 'invalid_text' } });
  expect(await ask({ params: { '\ud800': '7' } })).toMatchObject({ total: 0 });
  expect(await app.call('POST', '/same-inputs', { sources: ['x'.repeat(2_000_001)] })).toMatchObject({ status: 400, body: { code: 'invalid_input' } });
  expect(await app.call('POST', '/same-inputs', { digests: ['nonsense'] })).toMatchObject({ status: 400, body: { code: 'invalid_input' } });
});

test('runs of MLflow’s client agree by git commit, params and datasets, once they have ended', async () => {
  const run = async (commit: string | null, trees: string, digest: string): Promise<string> => {
    const tags = commit === null ? [] : [{ key: 'mlflow.source.git.commit', value: commit }, { key: 'mlflow.source.name', value: 'train.py' }];
    const runId = (await mlflow('POST', '/runs/create', { experiment_id: '0', start_time: 1, tags })).body.run.info.run_id as string;
    await mlflow('POST', '/runs/log-parameter', { run_id: runId, key: 'trees', value: trees });
    await mlflow('POST', '/runs/log-inputs', { run_id: runId, datasets: [{ dataset: { name: 'wine', digest, source_type: 'local', source: '{}' }, tags: [] }] });
    expect((await mlflow('POST', '/runs/update', { run_id: runId, status: 'FINISHED', end_time: 5 })).status).toBe(200);
    return runId;
  };
  const first = await run('abc', '5', 'w1');
  const again = await run('abc', '5', 'w1');
  const nameless = await run(null, '5', 'w1');
  await run('def', '5', 'w1');
  await run('abc', '6', 'w1');
  expect((await same(again)).items.map(i => i.runId)).toEqual([first]);
  expect((await same(nameless)).items.every(i => i.agrees.code === null)).toBe(true);
  expect((await same(again, '?match=some')).items).toHaveLength(4);
});

test('what is not there is a 404', async () => {
  expect(await app.call('GET', '/runs/none/same-inputs')).toMatchObject({ status: 404, body: { code: 'no_such_run' } });
});

test('a pipeline’s run finds the one before it, until a param or a file changes', async () => {
  const book = notebook(CLASSIFIER, CLASSIFIER_FILES);
  const started = await app.call('POST', '/proofs', { name: 'flowers', notebookPath: book.path, notebook: book.json });
  const proof = await until(async () => {
    const { body } = await app.call('GET', `/proofs/${started.body.id}`);
    return body.status !== 'running' && (body as Proof);
  });
  expect((await app.call('POST', '/pipelines', { proofId: proof.id })).status).toBe(201);
  const run = async (body: object = {}): Promise<string> => {
    const { runId } = (await app.call('POST', '/pipelines/flowers/runs', body)).body as { runId: string };
    const done = await until(async () => {
      const { body: got } = await app.call('GET', `/pipeline-runs/${runId}`);
      return got.status === 'succeeded' && (got as PipelineRun);
    });
    return done.mlflowRunId!;
  };
  const first = await run();
  const again = await run();
  const changed = await run({ params: { TREES: 1 } });
  expect(await same(again)).toMatchObject({ isKnown: { code: true, data: true }, total: 1, items: [{ runId: first, kind: 'pipeline' }] });
  expect((await same(changed)).total).toBe(0);
  expect((await same(changed, '?match=some')).items.map(i => i.agrees)).toEqual([{ code: true, params: false, data: true }, { code: true, params: false, data: true }]);
});
