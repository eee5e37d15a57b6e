import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ModelComparison, PipelineRun, Proof, Trial } from '@slipway/schema';
import { endKernels, startKernel } from '../../../kernels-bridge/tests/hook/kernel';
import { CLASSIFIER, CLASSIFIER_FILES, notebook, type TestNotebook } from '../notebook-fixtures';
import { startApp, until, type RunningApp } from '../running-app';
import { registryOf } from './registry-fixtures';

jest.setTimeout(180_000);

let app: RunningApp;
let registry: ReturnType<typeof registryOf>;
beforeAll(async () => {
  app = await startApp();
  registry = registryOf(app);
});
afterAll(async () => {
  endKernels();
  await app.stop();
});

async function compare(name: string, query: string): Promise<ModelComparison> {
  const { status, body } = await app.call('GET', `/models/${name}/compare?${query}`);
  expect(status).toBe(200);
  return body as ModelComparison;
}

test('versions of MLflow’s client alone differ in params, metrics, packages and datasets; their cells are not known', async () => {
  const versions = [];
  for (const [i, accuracy] of [0.5, 0.75].entries()) {
    const made = await registry.version('plain', { accuracy, same: 1 }, { params: { trees: String(5 + i), seed: '7' } });
    const dataset = { name: 'wine', digest: `digest-${i}`, source_type: 'local', source: '{}' };
    await registry.mlflow('POST', '/runs/log-inputs', { run_id: made.runId, datasets: [{ dataset, tags: [] }] });
    const { artifact_uri } = (await registry.mlflow('GET', `/model-versions/get-download-uri?name=plain&version=${made.version}`)).body as { artifact_uri: string };
    const folder = artifact_uri.replace(/^mlflow-artifacts:\/*/, '');
    await fetch(`${app.url}/api/2.0/mlflow-artifacts/artifacts/${folder}/requirements.txt`, { method: 'PUT', body: `mlflow==3.18.0\nscikit-learn==1.${i}.0\ncloudpickle[x]==3.0 # why\n` });
    versions.push(made);
  }
  const [first, second] = versions;
  await app.call('PUT', '/models/plain/aliases/champion', { version: '1' });
  expect(await compare('plain', 'candidate=latest')).toEqual({
    model: 'plain',
    candidate: { version: '2', runId: second!.runId },
    champion: { version: '1', runId: first!.runId },
    params: [{ name: 'trees', candidate: '6', champion: '5' }],
    metrics: [{ name: 'accuracy', candidate: 0.75, champion: 0.5, change: 0.25 }],
    slices: [],
    signature: [],
    packages: [{ name: 'scikit-learn', candidate: '1.1.0', champion: '1.0.0' }],
    data: [{ path: 'wine', candidate: 'digest-1', champion: 'digest-0' }],
    cells: [],
    notes: ['The cells of version 2 are not known: its run came from elsewhere.', 'The cells of version 1 are not known: its run came from elsewhere.']
  });
  expect((await compare('plain', 'candidate=1&champion=1')).metrics).toEqual([]);
});

test('what is not there is a 404', async () => {
  await registry.version('lonely', {});
  expect(await app.call('GET', '/models/lonely/compare?candidate=1')).toMatchObject({ status: 404, body: { code: 'no_such_alias' } });
  expect(await app.call('GET', '/models/lonely/compare?candidate=9&champion=1')).toMatchObject({ status: 404, body: { code: 'no_such_version' } });
  expect(await app.call('GET', '/models/absent/compare?candidate=1&champion=1')).toMatchObject({ status: 404, body: { code: 'no_such_model' } });
  expect(await app.call('GET', '/models/lonely/compare')).toMatchObject({ status: 400, body: { code: 'invalid_input' } });
});

test('versions of two trials of a notebook differ in the cells that ran and in the file that was read; gates see what the hook measured', async () => {
  const file = join(mkdtempSync(join(tmpdir(), 'slipway-weights-')), 'weights.csv');
  const kernel = await startKernel({ home: app.home, notebook: 'trials.ipynb' });
  const fit = (trees: number) => ({ id: 'fit', source: `TREES = ${trees}\nmodel = RandomForestClassifier(n_estimators=TREES, random_state=0)\nmodel.fit(X, y)` });
  const cells = (trees: number) => [
    { id: 'setup', source: 'from sklearn.datasets import load_iris\nfrom sklearn.ensemble import RandomForestClassifier\nfrom sklearn.metrics import accuracy_score\nX, y = load_iris(return_X_y=True)' },
    { id: 'read', source: `weight = float(open(${JSON.stringify(file)}).read())` },
    fit(trees),
    { id: 'score', source: 'accuracy = accuracy_score(y, model.predict(X)) * weight\nprint(accuracy)' }
  ];
  const trials = (count: number) =>
    until(async () => {
      const items = ((await app.call('GET', `/sessions/${kernel.records()[0]!.sessionId}/trials`)).body.items ?? []) as Trial[];
      return items.length >= count && items;
    });
  writeFileSync(file, '0.5');
  await kernel.run(...cells(3));
  await trials(1); // the file is digested in the background: not changed before that
  writeFileSync(file, '0.25');
  await kernel.run(...cells(9));
  const [second, first] = await trials(2);
  const { version, runId } = await registry.version('tried', {});
  await registry.mlflow('POST', '/runs/set-tag', { run_id: runId, key: 'slipway.trial', value: first!.id });
  const next = await registry.version('tried', {});
  await registry.mlflow('POST', '/runs/set-tag', { run_id: next.runId, key: 'slipway.trial', value: second!.id });
  const difference = await compare('tried', `candidate=${next.version}&champion=${version}`);
  expect(difference.cells).toEqual([
    {
      cellId: 'fit',
      change: 'changed',
      lines: [
        { kind: 'removed', text: 'TREES = 3' },
        { kind: 'added', text: 'TREES = 9' },
        { kind: 'same', text: 'model = RandomForestClassifier(n_estimators=TREES, random_state=0)' },
        { kind: 'same', text: 'model.fit(X, y)' }
      ]
    }
  ]);
  expect(difference.data).toEqual([{ path: file, candidate: expect.stringMatching(/^[0-9a-f]{64}$/), champion: expect.stringMatching(/^[0-9a-f]{64}$/) }]);
  expect(difference.params).toEqual(expect.arrayContaining([{ name: 'TREES', candidate: '9', champion: '3' }]));
  expect(difference.metrics).toMatchObject([{ name: 'accuracy' }]);
  expect([difference.packages, difference.notes]).toEqual([[], []]);

  await app.call('PUT', '/models/tried/gates', { thresholds: [{ metric: 'accuracy', comparator: '>', value: 0.4 }] });
  expect((await app.call('POST', `/models/tried/versions/${version}/gates`)).body).toMatchObject({ verdict: 'passed' });
  expect((await app.call('POST', `/models/tried/versions/${next.version}/gates`)).body).toMatchObject({ verdict: 'failed' });
});

test('versions of two versions of a pipeline differ in its cells, its data and its metrics', async () => {
  await runOf('grown', notebook(CLASSIFIER, CLASSIFIER_FILES));
  const changed = { ...CLASSIFIER, split: CLASSIFIER.split!.replace('test_size=0.4', 'test_size=0.3') };
  await runOf('grown', notebook(changed, { 'extra.csv': 'w\n0.25\n0.5\n' }));
  const difference = await compare('grown', 'candidate=2&champion=1');
  expect(difference.cells).toMatchObject([{ cellId: 'split', change: 'changed', lines: [{ kind: 'removed', text: CLASSIFIER.split }, { kind: 'added', text: changed.split }] }]);
  expect(difference.data.map(d => [d.path.endsWith('/extra.csv'), d.candidate === null])).toEqual(expect.arrayContaining([[true, false], [true, true]]));
  expect(difference.metrics).toMatchObject([{ name: 'accuracy', candidate: expect.any(Number), champion: expect.any(Number) }]);
  expect([difference.packages, difference.notes]).toEqual([[], []]);
});

/** Proves, saves and runs a notebook as a version of a pipeline. */
async function runOf(name: string, book: TestNotebook): Promise<void> {
  const { id } = (await app.call('POST', '/proofs', { name, notebookPath: book.path, notebook: book.json })).body as Proof;
  const proof = await until(async () => {
    const { body } = await app.call('GET', `/proofs/${id}`);
    return body.status !== 'running' && (body as Proof);
  });
  expect(proof).toMatchObject({ status: 'same' });
  await app.call('POST', '/pipelines', { proofId: id });
  const { runId } = (await app.call('POST', `/pipelines/${name}/runs`, {})).body as PipelineRun;
  await until(async () => (await app.call('GET', `/pipeline-runs/${runId}`)).body.status === 'succeeded');
}
