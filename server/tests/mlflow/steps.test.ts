import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { PipelineRun, RunDetail } from '@slipway/schema';
import { folderWith, slipway } from '../pipeline-files/command-line';
import { isOver } from '../proved-pipeline';
import { startApp, until, type RunningApp } from '../running-app';

jest.setTimeout(300_000);

let app: RunningApp;
beforeAll(async () => {
  app = await startApp();
  process.env.SLIPWAY_URL = app.url;
});
afterAll(() => app.stop());

const CELLS = `# %% [train]
import mlflow
from sklearn.dummy import DummyRegressor
RATE = 0.5
KIND = 'tree'
mlflow.log_params({'kind': KIND, 'net/depth': 3})
mlflow.set_tag('team', 'blue')
mlflow.log_metric('loss', RATE)
mlflow.log_text('hello', 'notes/a.txt')
mlflow.log_text('not a step’s file', 'files/b.txt')
mlflow.sklearn.log_model(DummyRegressor(strategy='constant', constant=7.0).fit([[0]], [0]), name='constant', registered_model_name='constants', pip_requirements=['scikit-learn'])
rates = [0.1]
rate = 0.0

# %% [tries]
import mlflow
for depth in (1, 2):
    with mlflow.start_run(run_name=f'depth {depth}'):
        mlflow.log_param('depth', depth)
        mlflow.log_metric('score', depth / 10, step=depth)
        mlflow.log_dict({'depth': depth}, 'tree.json')

# %% [each]
import mlflow
mlflow.log_param('rate', rate)

# %% [last]
import mlflow, pathlib
is_ready = pathlib.Path('ready.txt').read_text() == 'yes'
mlflow.log_params({'kind': 'linear', 'ready': is_ready})
if not is_ready:
    raise RuntimeError('not ready')
`;
const PIPELINE = `slipway: 1
name: told
steps:
  train: {outputs: {rates: list, rate: number}}
  tries: {after: [train]}
  each: {inputs: {rate: number}, after: [train], map: {over: rates, as: rate}}
  last: {after: [tries, each]}
`;

const READ = `import json, mlflow, sys
client = mlflow.MlflowClient()
def told(run):
    files, folders = [], [None]
    while folders:
        for entry in client.list_artifacts(run.info.run_id, folders.pop()):
            (folders if entry.is_dir else files).append(entry.path)
    users = {k: v for k, v in run.data.tags.items() if not k.startswith(("mlflow.", "slipway."))}
    return {"name": run.info.run_name, "status": run.info.status, "params": run.data.params, "metrics": run.data.metrics, "tags": users, "files": sorted(files), "item": run.data.tags.get("slipway.item")}
runs = []
for run_id in sys.argv[1:]:
    run = client.get_run(run_id)
    below = client.search_runs([run.info.experiment_id], f"tags.mlflow.parentRunId = '{run_id}'")
    runs.append({**told(run), "text": mlflow.artifacts.load_text(f"runs:/{run_id}/notes/a.txt"), "below": sorted(map(told, below), key=lambda r: (r["item"] or "", r["name"]))})
versions = [v.run_id for v in client.search_model_versions("name = 'constants'")]
print(json.dumps({"runs": runs, "versions": versions, "predicted": float(mlflow.pyfunc.load_model("models:/constants/1").predict([[1]])[0])}))
`;

async function run(): Promise<PipelineRun> {
  return over(((await app.call('POST', '/pipelines/told/runs', {})).body as { runId: string }).runId);
}

function over(runId: string): Promise<PipelineRun> {
  return until(async () => {
    const found = (await app.call('GET', `/pipeline-runs/${runId}`)).body as PipelineRun;
    return isOver(found) && found;
  }, 200_000);
}

async function paramsOf({ mlflowRunId }: PipelineRun): Promise<Record<string, string>> {
  const { body } = await app.call('GET', `/runs/${mlflowRunId}`);
  return Object.fromEntries((body as RunDetail).params.map(p => [p.key, p.value]));
}

test('what steps tell MLflow is what the real client reads of the pipeline’s run and the runs below it, from the cache too; a retry tells its params anew', async () => {
  const folder = folderWith({ 'told.pipeline.yaml': PIPELINE, 'told.py': CELLS, 'ready.txt': 'no' });
  const applied = await slipway('apply', join(folder, 'told.pipeline.yaml'));
  expect([applied.code, applied.code === 0 || applied.stderr]).toEqual([0, true]);
  const failed = await run();
  expect(failed.steps.at(-1)).toMatchObject({ name: 'last', status: 'failed', error: { message: 'RuntimeError: not ready' } });
  expect(await paramsOf(failed)).toMatchObject({ kind: 'tree', 'last/kind': 'linear', ready: 'False' });
  writeFileSync(join(folder, 'ready.txt'), 'yes');
  expect((await app.call('POST', `/pipeline-runs/${failed.runId}/retry`, {})).status).toBe(200);
  const first = await over(failed.runId);
  expect(first.steps.map(s => [s.name, s.status, s.error?.message])).toEqual(['train', 'tries', 'each', 'last'].map(name => [name, 'succeeded', undefined]));
  const again = await run();
  expect(again.steps.filter(s => s.kind === 'cells' && !s.cached).map(s => [s.name, s.cacheNote])).toEqual([]);
  expect(again.models).toEqual(first.models);

  const { stdout } = await promisify(execFile)(join(__dirname, '../../../.venv/bin/python'), ['-c', READ, first.mlflowRunId!, again.mlflowRunId!], { env: { ...process.env, MLFLOW_TRACKING_URI: app.url, GIT_PYTHON_REFRESH: 'quiet' } });
  const { runs, versions, predicted } = JSON.parse(stdout) as { runs: Told[]; versions: string[]; predicted: number };
  expect([versions, predicted]).toEqual([[first.mlflowRunId], 7]);
  for (const told of runs) {
    expect(told).toMatchObject({ status: 'FINISHED', params: { kind: 'tree', 'net/depth': '3', 'last/kind': 'linear', ready: 'True' }, tags: { team: 'blue' }, text: 'hello' });
    expect(told.metrics).toMatchObject({ loss: 0.5, score: 0.2 });
    expect(told.files).toEqual(expect.arrayContaining(['constant/MLmodel', 'logged/files/b.txt', 'notes/a.txt', 'notebooks/1-train.ipynb']));
    const below = (name: unknown, params: object, more: object = {}): object => ({ name, status: 'FINISHED', params, metrics: {}, files: [], tags: {}, item: null, ...more });
    expect(told.below).toEqual([
      ...[1, 2].map(depth => below(`depth ${depth}`, { depth: String(depth) }, { metrics: { score: depth / 10 }, files: ['tree.json'] })),
      ...['0.1'].map((rate, i) => below(expect.any(String), { rate }, { item: String(i) }))
    ]);
  }
});

interface Told {
  status: string;
  params: Record<string, string>;
  metrics: Record<string, number>;
  files: string[];
  below: object[];
}
