import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Job, PipelineRun } from '@slipway/schema';
import { isOver, savePipeline } from './proved-pipeline';
import { startApp, until, type RunningApp } from './running-app';

jest.setTimeout(240_000);

let app: RunningApp;
beforeAll(async () => {
  app = await startApp();
});
afterAll(() => app.stop());

/** Counts to its goal from where its checkpoint stands; writes it when it is warned, and fails the first times where it is told to. */
const CELLS = {
  setup: `import os, pathlib, signal, time
from sklearn.metrics import mean_absolute_error
GOAL = 3
PAUSE = 0.0
FAILURES = 0`,
  count: `folder = pathlib.Path(os.environ.get("SLIPWAY_CHECKPOINT_DIR", "/tmp"))
state, failures = folder / "count.txt", folder / "failures.txt"
begun = int(state.read_text()) if state.exists() else 0
count = begun

def leave(*_):
    state.write_text(str(count))
    raise InterruptedError("making room")

signal.signal(signal.SIGUSR1, leave)
failed = len(failures.read_text()) if failures.exists() else 0
if failed < FAILURES:
    failures.write_text("x" * (failed + 1))
    raise ConnectionError("the storage is away")
while count < GOAL:
    time.sleep(PAUSE)
    count += 1
tries = failed`,
  score: 'resumed = mean_absolute_error([0.0], [float(begun)])\nprint("resumed", resumed)\nrepeats = mean_absolute_error([0.0], [float(tries)])\nprint("repeats", repeats)'
};

const folderOf = (runId: string): string => join(app.home, 'work/checkpoints', runId);

async function start(params: object): Promise<string> {
  const started = await app.call('POST', '/pipelines/counting/runs', { params });
  expect(started.status).toBe(201);
  return started.body.runId;
}
async function ended(runId: string): Promise<PipelineRun> {
  return until(async () => {
    const { body } = await app.call('GET', `/pipeline-runs/${runId}`);
    return isOver(body) && (body as PipelineRun);
  }, 120_000);
}
async function jobs(state: string): Promise<Job[]> {
  return (await app.call('GET', `/jobs?state=${state}`)).body.items;
}

beforeAll(async () => {
  await savePipeline(app, 'counting', CELLS, { sinks: ['score'], grouping: [{ name: 'count', cells: ['setup', 'count'] }, { name: 'score', cells: ['score'] }] });
  const options = { steps: { count: { isPreemptible: true, retry: { maxRetries: 1, backoffMs: 100, onExceptions: ['ConnectionError'] } } } };
  expect((await app.call('PUT', '/pipelines/counting/options', options)).status).toBe(200);
});

test('a step that has to make room is warned, writes its checkpoint, and goes on from there when there is room again', async () => {
  const runId = await start({ GOAL: 6, PAUSE: 1.0 });
  const running = await until(async () => (await jobs('running')).find(j => j.label === 'counting / count'), 60_000);
  await until(async () => (await app.call('GET', `/pipeline-runs/${runId}/steps/count/log`)).body.text.includes('[cell count]'));
  await new Promise(resolve => setTimeout(resolve, 2_500));

  const [node] = running.nodes;
  const reserved = await app.call('POST', '/cluster/reservations', { project: 'others', nodeIds: [node], from: new Date().toISOString(), until: new Date(Date.now() + 3_600_000).toISOString() });
  expect(reserved.status).toBe(201);
  const waiting = await until(async () => (await jobs('queued')).find(j => j.id === running.id), 40_000);
  expect(waiting).toMatchObject({ preemptions: 1, attempt: 1, createdBy: expect.any(String) });
  expect(readdirSync(folderOf(runId), { recursive: true }).map(String).some(path => path.endsWith('count.txt'))).toBe(true);

  await app.call('DELETE', `/cluster/reservations/${reserved.body.id}`);
  const run = await ended(runId);
  expect([run.status, run.steps[0]!.attempts, run.metrics.repeats]).toEqual(['succeeded', 2, 0]);
  expect(run.metrics.resumed).toBeGreaterThanOrEqual(1);
  await until(() => !existsSync(folderOf(runId))); // it was of use only until the step had succeeded
});

test('a retry finds what the attempt before left, and so does one that somebody asks for after the failure', async () => {
  const retried = await ended(await start({ FAILURES: 1 }));
  expect([retried.status, retried.steps[0]!.attempts, retried.metrics.repeats]).toEqual(['succeeded', 2, 1]);

  const failed = await ended(await start({ FAILURES: 3 }));
  expect([failed.status, failed.steps[0]!.attempts]).toEqual(['failed', 2]);
  expect(existsSync(folderOf(failed.runId))).toBe(true);
  await app.call('POST', `/pipeline-runs/${failed.runId}/retry`, {});
  const again = await ended(failed.runId);
  expect([again.status, again.metrics.repeats]).toEqual(['succeeded', 3]);
});

test('where its checkpoints lie is nothing a step depends on: the result is reused', async () => {
  const first = await ended(await start({ GOAL: 4 }));
  const second = await ended(await start({ GOAL: 4 }));
  expect([first.steps[0]!.cacheNote, second.steps.map(s => s.cached)]).toEqual([first.steps[0]!.cacheNote, [true, true]]);
});
