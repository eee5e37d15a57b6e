import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, delimiter, join } from 'node:path';
import type { PipelineRun, Proof, Sweep, SweepTrial, TrainingFinding } from '@slipway/schema';
import { notebook } from '../notebook-fixtures';
import { isOver } from '../proved-pipeline';
import { until } from '../running-app';
import { engineDaemon, type EngineDaemon } from './daemon';
import { startFakeKubernetesApi } from './fake-kubernetes-api';

jest.setTimeout(240_000);

const PATIENCE_MS = 120_000;
/** A training that diverges at the epoch it is told to; at a high level it takes a hundred times as long. */
const BOOK = notebook({
  setup: 'import time\nfrom sklearn.metrics import mean_absolute_error\nEPOCHS = 3\nPAUSE = 0.0\nDIVERGES_AT = 1000\nLEVEL = 0.0',
  train: `for epoch in range(EPOCHS if LEVEL < 1 else 100 * EPOCHS):
    error = LEVEL + (1.0 / (epoch + 1) if epoch < DIVERGES_AT else 1e8)
    loss = mean_absolute_error([0.0], [error])
    print("loss", loss)
    time.sleep(PAUSE)`
});
const ON_CLUSTER = { engine: 'cluster', resources: { memoryBytes: 2 ** 29, gpus: 1 } };
/** There is no GPU where our tests run: a program of the driver's name tells of one on the node. */
const DRIVER = "#!/bin/sh\ncase \"$1\" in\n*utilization*) echo 'GPU-fake, 20, 9000, 81920' ;;\n*) echo '0, GPU-fake' ;;\nesac\n";

const folder = mkdtempSync(join(tmpdir(), 'slipway-kubeconfig-'));
const path = process.env.PATH;
let cluster: Awaited<ReturnType<typeof startFakeKubernetesApi>>;
let daemon: EngineDaemon;

beforeAll(async () => {
  cluster = await startFakeKubernetesApi();
  daemon = await engineDaemon({ kind: 'kubernetes', ...cluster.configFor(cluster.url, folder), limits: { cpus: 4, memory: '4GiB', gpus: 1 } });
  await daemon.start();
  writeFileSync(join(folder, 'nvidia-smi'), DRIVER, { mode: 0o755 });
  process.env.PATH = `${folder}${delimiter}${path}`; // of the pods: the daemon has none
  const { id } = await daemon.call('POST', '/proofs', { name: 'trained', notebookPath: BOOK.path, notebook: BOOK.json, sinks: ['train'], grouping: [{ name: 'train', cells: ['setup', 'train'] }] });
  const proof = await until(async () => {
    const now = (await daemon.call('GET', `/proofs/${id}`)) as Proof;
    return now.status !== 'running' && now;
  }, PATIENCE_MS);
  expect(proof).toMatchObject({ status: 'same' });
  await daemon.call('POST', '/pipelines', { proofId: id });
});
afterAll(async () => {
  process.env.PATH = path;
  await daemon.remove();
  await cluster.end();
  rmSync(folder, { recursive: true });
});

const ended = (runId: string): Promise<PipelineRun> => until(async () => {
  const run = (await daemon.call('GET', `/pipeline-runs/${runId}`)) as PipelineRun;
  return isOver(run) && run;
}, PATIENCE_MS);
/** Once there, a parcel is whole: it is laid out under another name. */
const parcels = (): string[] => {
  const jobs = join(daemon.shared, 'jobs');
  return existsSync(jobs) ? readdirSync(jobs).filter(name => !name.startsWith('.')).map(name => join(jobs, name)) : [];
};

test('a step on an engine is judged while it runs, and stopped there by its rule, though the daemon ends as it asks for it: each finding once, one attempt', async () => {
  const rules = [{ kind: 'vanishing', metric: 'loss', below: 0.2 }, { kind: 'exploding', metric: 'loss', points: 4, action: 'stop' }];
  await daemon.call('PUT', '/pipelines/trained/options', { steps: { train: { ...ON_CLUSTER, rules, retry: { maxRetries: 3, on: ['any'] } } } });
  const { runId } = await daemon.call('POST', '/pipelines/trained/runs', { params: { EPOCHS: 5_000, PAUSE: 0.05, DIVERGES_AT: 60 }, useCache: false });
  const parcel = await until(() => parcels()[0], PATIENCE_MS);
  await until(() => existsSync(join(parcel, 'cancel')), PATIENCE_MS);
  await daemon.kill(); // it has asked for the end, and has not heard of it
  await until(() => existsSync(join(parcel, 'outcome.json')), PATIENCE_MS);
  await daemon.start();

  const run = await ended(runId);
  expect([run.status, run.steps[0]!.attempts, run.steps[0]!.error]).toMatchObject(['failed', 1, { code: 'training_rule', cellId: 'train', message: expect.stringMatching(/^Stopped by the rule exploding on loss\. It is 1e8 at step 60/) }]);
  const findings = (await daemon.call('GET', `/pipeline-runs/${runId}/findings`)).items as TrainingFinding[];
  expect(findings.map(f => [f.rule.kind, f.metric, f.attempt])).toEqual([['vanishing', 'loss', 1], ['exploding', 'loss', 1]]);
  expect(findings[1]!.evidence.slice(-2)).toEqual([{ at: 59, value: 1 / 60 }, { at: 60, value: 1e8 }]);
  expect(run.steps[0]).toMatchObject({ peakGpuMemoryBytes: 9_000 * 2 ** 20, gpuPercent: 20 });
  await until(() => parcels().length === 0);
});

test.each(['SIGTERM', 'SIGKILL'] as const)('a step whose job is suspended for another (%s) goes back to the queue: its next attempt is a job of its own, and a cancel ends it', async signal => {
  await daemon.call('PUT', '/pipelines/trained/options', { steps: { train: ON_CLUSTER } });
  const { runId } = await daemon.call('POST', '/pipelines/trained/runs', { params: { EPOCHS: 5_000, PAUSE: 0.05 }, useCache: false });
  const begun = async (attempt: number): Promise<string> => {
    const parcel = await until(() => parcels().find(path => path.endsWith(`-${attempt}`) && existsSync(join(path, 'claim'))), PATIENCE_MS);
    const log = join(parcel, 'log');
    await until(() => existsSync(log) && readFileSync(log, 'utf8').includes('loss'), PATIENCE_MS);
    return parcel;
  };
  const first = await begun(1);
  cluster.evict(signal);
  const second = await begun(2);
  const ofStep = cluster.names().filter(name => name.startsWith(basename(second).slice(0, -2)));
  expect([existsSync(first), ofStep]).toEqual([false, [basename(second)]]);
  expect(((await daemon.call('GET', `/pipeline-runs/${runId}`)) as PipelineRun).steps[0]).toMatchObject({ status: 'running', attempts: 2 });
  await daemon.call('POST', `/pipeline-runs/${runId}/cancel`);
  expect(await ended(runId)).toMatchObject({ status: 'cancelled' });
  await until(() => cluster.running() === 0 && parcels().length === 0);
});

test.each([
  [{ gpus: 2 }, 'It asks for 2 GPUs; a job on Kubernetes (cluster) has at most 1.'],
  [{ gpus: 0.5 }, 'It asks for 0.5 of a GPU; Kubernetes (cluster) gives whole ones only.'],
  [{ gpus: 1, gpuTypes: ['H100'] }, 'It asks for H100; of Kubernetes (cluster) no GPU types are known: name them under `gpuTypes` in engines.yaml.']
])('options that ask an engine for %j are refused as they are saved', async (asked, reason) => {
  const saving = daemon.call('PUT', '/pipelines/trained/options', { steps: { train: { engine: 'cluster', resources: { memoryBytes: 2 ** 29, ...asked } } } });
  await expect(saving).rejects.toThrow(`options.steps.train.resources: ${reason}`);
});

test('a trial on an engine that others were better than is stopped there while it runs', async () => {
  await daemon.call('PUT', '/pipelines/trained/options', { steps: { train: ON_CLUSTER } });
  const ask = { pipeline: 'trained', space: { LEVEL: { type: 'choice', values: [0.1, 5] } }, params: { EPOCHS: 20, PAUSE: 0.05 }, objective: { metric: 'loss', direction: 'minimize' }, sampler: { kind: 'grid', seed: 1 }, pruner: { kind: 'median', startupTrials: 1 }, maxTrials: 2, useCache: false };
  const { id } = (await daemon.call('POST', '/sweeps', ask)) as Sweep;
  const sweep = await until(async () => {
    const now = (await daemon.call('GET', `/sweeps/${id}`)) as Sweep;
    return ['succeeded', 'failed', 'cancelled'].includes(now.state) && now;
  }, PATIENCE_MS);
  const [first, second] = (await daemon.call('GET', `/sweeps/${id}/trials`)).items as SweepTrial[];
  expect([sweep.state, first, second]).toMatchObject(['succeeded', { params: { LEVEL: 0.1 }, state: 'succeeded' }, { params: { LEVEL: 5 }, state: 'pruned', value: null }]);
  expect(await ended(second!.runId!)).toMatchObject({ status: 'cancelled' });
  const { points } = await daemon.call('GET', `/sweeps/${id}/trials/1/reports`);
  expect(points[0]).toEqual({ step: 0, value: 6 });
  expect(points.length).toBeLessThan(2_000);
  await until(() => cluster.running() === 0);
});
