import type { ModelVersion, PipelineRun, Proof, RunDetail, Trial } from '@slipway/schema';
import { endKernels, startKernel } from '../../../kernels-bridge/tests/hook/kernel';
import { notebook } from '../notebook-fixtures';
import { startApp, until, type RunningApp } from '../running-app';

jest.setTimeout(240_000);

let app: RunningApp;
beforeAll(async () => {
  app = await startApp();
});
afterAll(async () => {
  endKernels();
  await app.stop();
});

const CELLS: Record<string, string> = {
  setup: 'import joblib\nfrom sklearn.datasets import load_iris\nfrom sklearn.tree import DecisionTreeClassifier\nfrom sklearn.metrics import accuracy_score',
  load: 'iris = load_iris(as_frame=True)\ndata = iris.frame.copy()\ndata["size"] = (data["sepal length (cm)"] > 5.8).map({True: "large", False: "small"})',
  train: 'DEPTH = 1\nmodel = DecisionTreeClassifier(max_depth=DEPTH, random_state=0)\nmodel.fit(data[iris.feature_names], data.target)',
  score: 'data["p"] = model.predict(data[iris.feature_names])\naccuracy = accuracy_score(data.target, data.p)\nprint(accuracy)',
  slices: 'accuracy_by_size = data.groupby("size")[["target", "p"]].apply(lambda g: accuracy_score(g.target, g.p))\naccuracy_by_size',
  save: 'joblib.dump(model, "model.joblib")'
};
const bySize = [{ metric: 'accuracy', column: 'size', overall: expect.any(Number), slices: [{ value: 'large', metric: expect.any(Number), rows: null }, { value: 'small', metric: expect.any(Number), rows: null }] }];

test('a metric by group in a notebook is a metric of slices of its trial, with the same params', async () => {
  const kernel = await startKernel({ home: app.home, notebook: 'slices.ipynb' });
  const { save: _save, ...cells } = CELLS;
  await kernel.run(...Object.entries(cells).map(([id, source]) => ({ id, source })));
  const trial = await until(async () => {
    const items = ((await app.call('GET', `/sessions/${kernel.records()[0]!.sessionId}/trials`)).body.items ?? []) as Trial[];
    return items.length === 1 && Object.keys(items[0]!.metrics).length === 3 && items[0]!;
  });
  const run = (await app.call('GET', `/runs/${trial.id}`)).body as RunDetail;
  expect(run.slices).toEqual(bySize);
  expect(run.params).toContainEqual({ key: 'DEPTH', value: '1' });
});

test('the pipeline made of it measures the same slices, and its model has them', async () => {
  const book = notebook(CELLS);
  const { id } = (await app.call('POST', '/proofs', { name: 'sized', notebookPath: book.path, notebook: book.json })).body as Proof;
  const proof = await until(async () => {
    const { body } = await app.call('GET', `/proofs/${id}`);
    return body.status !== 'running' && (body as Proof);
  }, 120_000);
  expect(proof).toMatchObject({ status: 'same' });
  await app.call('POST', '/pipelines', { proofId: id });
  const { runId } = (await app.call('POST', '/pipelines/sized/runs', {})).body as PipelineRun;
  await until(async () => (await app.call('GET', `/pipeline-runs/${runId}`)).body.status === 'succeeded');
  const version = (await app.call('GET', '/models/sized/versions/latest')).body as ModelVersion;
  expect(version.slices).toEqual(bySize);
  expect(version.metrics).toEqual({ accuracy: expect.any(Number) });
});
