import { setTimeout as sleep } from 'node:timers/promises';
import type { Proof, Sweep, SweepTrial } from '@slipway/schema';
import { Home, type Daemon } from '../daemon/slipway';
import { notebook } from '../notebook-fixtures';
import { until } from '../running-app';
import { createTestDatabase } from '../test-database';

jest.setTimeout(300_000);

const KILLS = 3;
const TRIALS = 9;
const home = new Home();
afterAll(() => home.remove());

const book = notebook({
  settings: 'import time\nfrom sklearn.metrics import mean_absolute_error\nX = 1.0\nN = 3\nWAIT = 0.0',
  score: 'time.sleep(WAIT)\nloss = mean_absolute_error([0.0], [(X - 2.0) ** 2 + abs(N - 4)])\nprint("loss", loss)'
});

async function call<T>(daemon: Daemon, method: string, path: string, body?: unknown): Promise<T> {
  const response = await fetch(`${daemon.url}/api/v1${path}`, { method, ...(body !== undefined && { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }) });
  if (!response.ok) {
    throw new Error(`${path} was answered ${response.status}: ${await response.text()}`);
  }
  return (await response.json()) as T;
}

test('a daemon killed with -9 in mid-sweep loses no trial, asks none twice, and tries what it would have tried', async () => {
  let daemon = await home.serve();
  const { id: proofId } = await call<Proof>(daemon, 'POST', '/proofs', { name: 'bowl', notebookPath: book.path, notebook: book.json });
  await until(async () => (await call<Proof>(daemon, 'GET', `/proofs/${proofId}`)).status === 'same', 120_000);
  await call(daemon, 'POST', '/pipelines', { proofId });
  const ask = { pipeline: 'bowl', space: { X: { type: 'float', low: 0, high: 4 }, N: { type: 'int', low: 1, high: 8 } }, objective: { metric: 'loss', direction: 'minimize' }, sampler: { kind: 'tpe', seed: 3, startupTrials: 3 }, maxTrials: TRIALS, useCache: false };
  const trialsOf = async (sweep: string): Promise<SweepTrial[]> => (await call<{ items: SweepTrial[] }>(daemon, 'GET', `/sweeps/${sweep}/trials`)).items;
  const ended = (sweep: string): Promise<Sweep> => until(async () => {
    const found = await call<Sweep>(daemon, 'GET', `/sweeps/${sweep}`);
    return ['succeeded', 'failed', 'cancelled'].includes(found.state) && found;
  }, 120_000);
  const undisturbed = (await call<Sweep>(daemon, 'POST', '/sweeps', ask)).id;
  await ended(undisturbed);

  const { id } = await call<Sweep>(daemon, 'POST', '/sweeps', { ...ask, params: { WAIT: 0.3 } });
  for (let kill = 0; kill < KILLS; kill++) {
    await until(async () => (await trialsOf(id)).length > 2 * kill);
    await sleep(70 * kill); // in asking, in making the run, in the run
    await daemon.kill('SIGKILL');
    daemon = await home.serve();
  }
  const sweep = await ended(id);
  const trials = await trialsOf(id);
  expect(sweep).toMatchObject({ state: 'succeeded', counts: { asked: TRIALS, succeeded: TRIALS } });
  expect(trials.map(t => t.params)).toEqual((await trialsOf(undisturbed)).map(t => t.params));
  const runs = (await call<{ items: { origin: { sweep?: { id: string } } }[] }>(daemon, 'GET', '/pipelines/bowl/runs?limit=500')).items;
  expect(runs.filter(r => r.origin.sweep?.id === id)).toHaveLength(TRIALS);
});

test('two daemons on one database ask each trial once between them', async () => {
  const database = await createTestDatabase();
  const homes = [new Home(), new Home()];
  homes.forEach(each => (each.extraEnv = { SLIPWAY_DATABASE_URL: database.url }));
  try {
    const first = await homes[0]!.serve();
    // One step, and its proof by one daemon: what steps hand on lies in the home of the daemon that ran them.
    const whole = notebook({ all: 'from sklearn.metrics import mean_absolute_error\nX = 1.0\nloss = mean_absolute_error([0.0], [(X - 2.0) ** 2])\nprint("loss", loss)' });
    const { id: proofId } = await call<Proof>(first, 'POST', '/proofs', { name: 'shared', notebookPath: whole.path, notebook: whole.json });
    await until(async () => (await call<Proof>(first, 'GET', `/proofs/${proofId}`)).status === 'same', 120_000);
    await call(first, 'POST', '/pipelines', { proofId });
    const ask = { pipeline: 'shared', space: { X: { type: 'float', low: 0, high: 4 } }, objective: { metric: 'loss', direction: 'minimize' }, sampler: { kind: 'random', seed: 1 }, maxTrials: 12, maxParallel: 3, useCache: false };
    const second = await homes[1]!.serve();
    const { id } = await call<Sweep>(second, 'POST', '/sweeps', ask);
    const sweep = await until(async () => {
      const found = await call<Sweep>(first, 'GET', `/sweeps/${id}`);
      return found.state === 'succeeded' && found;
    }, 120_000);
    const trials = (await call<{ items: SweepTrial[] }>(second, 'GET', `/sweeps/${id}/trials`)).items;
    expect(trials.map(t => t.number)).toEqual([...Array(12).keys()]);
    expect(new Set(trials.map(t => t.runId)).size).toBe(12);
    expect(sweep.counts).toMatchObject({ asked: 12, succeeded: 12 });
    const runs = (await call<{ items: { trigger: string }[] }>(first, 'GET', '/pipelines/shared/runs?limit=500')).items;
    expect(runs.filter(r => r.trigger === 'sweep')).toHaveLength(12);
  } finally {
    await Promise.all(homes.map(each => each.remove()));
    await database.drop();
  }
});
