import type { Job, LiveJob, PipelineRun, TrainingFinding } from '@slipway/schema';
import { isOver, savePipeline } from './proved-pipeline';
import { startApp, until, type RunningApp } from './running-app';

jest.setTimeout(240_000);

let app: RunningApp;
beforeAll(async () => {
  app = await startApp();
  await savePipeline(app, 'trained', CELLS, { sinks: ['train'], grouping: [{ name: 'train', cells: ['setup', 'train'] }] });
});
afterAll(() => app.stop());

/** A training that diverges at the epoch it is told to, and would go on for a minute. */
const CELLS = {
  setup: 'import time\nfrom sklearn.metrics import mean_absolute_error\nEPOCHS = 3\nPAUSE = 0.0\nDIVERGES_AT = 1000',
  train: `for epoch in range(EPOCHS):
    error = 1.0 / (epoch + 1) if epoch < DIVERGES_AT else 10.0 ** epoch
    loss = mean_absolute_error([0.0], [error])
    print("loss", loss)
    time.sleep(PAUSE)`
};

async function run(options: object, params: object): Promise<{ run: PipelineRun; findings: TrainingFinding[] }> {
  expect(await app.call('PUT', '/pipelines/trained/options', options)).toMatchObject({ status: 200 });
  const { body } = await app.call('POST', '/pipelines/trained/runs', { params, useCache: false });
  const over = await until(async () => {
    const now = await app.call('GET', `/pipeline-runs/${body.runId}`);
    return isOver(now.body) && (now.body as PipelineRun);
  }, 120_000);
  const findings = await app.call('GET', `/pipeline-runs/${body.runId}/findings`);
  expect(findings.status).toBe(200);
  return { run: over, findings: findings.body.items };
}

test('a training that diverges is stopped in its midst, named, with what it was judged on; it is not tried again', async () => {
  const rules = [{ kind: 'exploding', metric: 'loss', points: 4, action: 'stop' }];
  const { run: stopped, findings } = await run({ steps: { train: { rules, retry: { maxRetries: 3, on: ['any'] } } } }, { EPOCHS: 300, PAUSE: 0.2, DIVERGES_AT: 8 });
  const [step] = stopped.steps;
  expect([stopped.status, step!.attempts, step!.error]).toMatchObject(['failed', 1, { code: 'training_rule', cellId: 'train', message: expect.stringMatching(/^Stopped by the rule exploding on loss\. It is 1e8 at step 8, more than 100 times/) }]);
  expect(stopped.durationMs).toBeLessThan(40_000); // of the sixty it would have taken
  expect(findings).toMatchObject([{ step: 'train', item: null, attempt: 1, metric: 'loss', rule: { kind: 'exploding', action: 'stop', factor: 100 } }]);
  expect(findings[0]!.evidence.slice(-2)).toEqual([{ at: 7, value: 0.125 }, { at: 8, value: 1e8 }]);
  // What was measured until then is the run's, as of any step.
  const history = await fetch(`${app.url}/api/2.0/mlflow/metrics/get-history?run_id=${stopped.mlflowRunId}&metric_key=loss`);
  expect(((await history.json()) as { metrics: unknown[] }).metrics.length).toBeGreaterThanOrEqual(9);
  const { body: mine } = await app.call('GET', '/jobs?mine=true&limit=5');
  expect(mine.items[0]).toMatchObject({ label: 'trained / train', state: 'failed' });
});

test('a rule that only alerts is told once a metric, and the training goes on to its end', async () => {
  const rules = [{ kind: 'not_decreasing', points: 3 }, { kind: 'vanishing', metric: 'loss', below: 1e-12 }];
  const { run: over, findings } = await run({ steps: { train: { rules } } }, { EPOCHS: 14, DIVERGES_AT: 3 });
  expect([over.status, findings.map(f => [f.rule.kind, f.metric, f.rule.action])]).toEqual(['succeeded', [['not_decreasing', 'loss', 'alert']]]);
});

test('rules that make no sense are refused with their place', async () => {
  const refuse = (rule: object, more: object = {}) => app.call('PUT', '/pipelines/trained/options', { steps: { train: { rules: [rule], ...more } } });
  expect(await refuse({ kind: 'nonsense' })).toMatchObject({ status: 400 });
  expect(await refuse({ kind: 'exploding', factor: 0 })).toMatchObject({ status: 400 });
  expect(await refuse({ kind: 'gpu_idle', percent: 101 })).toMatchObject({ status: 400 });
  expect(await app.call('GET', `/pipeline-runs/00000000-0000-4000-8000-000000000000/findings`)).toMatchObject({ status: 404, body: { code: 'run_not_found' } });
});

test('what a running job measures and uses is seen while it runs, and its owner is its run', async () => {
  expect(await app.call('PUT', '/pipelines/trained/options', {})).toMatchObject({ status: 200 });
  const { body: started } = await app.call('POST', '/pipelines/trained/runs', { params: { EPOCHS: 300, PAUSE: 0.2 }, useCache: false });
  const job = await until(async () => (await app.call('GET', '/jobs?state=running')).body.items.find((j: Job) => j.owner === started.runId) as Job | undefined);
  const live = await until(async () => {
    const { body } = await app.call('GET', `/jobs/${job.id}/live`);
    const now = body as LiveJob;
    return now.metrics.some(m => m.steps.length > 2) && now.usage.some(u => u.memoryBytes !== null) && now;
  });
  expect(live.isHere).toBe(true);
  expect(live.metrics).toMatchObject([{ name: 'loss', steps: expect.arrayContaining([0, 1, 2]), values: expect.arrayContaining([1, 0.5]) }]);
  expect(live.usage.find(u => u.memoryBytes !== null)!.memoryBytes).toBeGreaterThan(1_000_000);

  await app.call('POST', `/pipeline-runs/${started.runId}/cancel`);
  await until(async () => !(await app.call('GET', `/jobs/${job.id}/live`)).body.isHere);
  expect(await app.call('GET', `/jobs/${job.id}/live`)).toMatchObject({ status: 200, body: { isHere: false, usage: [], metrics: [] } });
  expect(await app.call('GET', '/jobs/00000000-0000-4000-8000-000000000000/live')).toMatchObject({ status: 404, body: { code: 'no_such_job' } });
  expect(await app.call('GET', '/jobs/nonsense/live')).toMatchObject({ status: 400, body: { code: 'invalid_job_id' } });
});
