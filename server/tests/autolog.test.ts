import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Trial } from '@slipway/schema';
import { startApp, until, type RunningApp } from './running-app';

jest.setTimeout(240_000);

const ROOT = join(__dirname, '../..');
let app: RunningApp;
beforeAll(async () => {
  app = await startApp();
  writeFileSync(join(app.home, 'daemon.json'), JSON.stringify({ pid: process.pid, url: app.url, socket: '', version: '0', build: '' }));
});
afterAll(() => app.stop());

test('autolog, fit with 10 then 200 trees: two trials with the right params, and no warning', async () => {
  const { stdout, stderr } = await promisify(execFile)(join(ROOT, '.venv/bin/python'), [join(__dirname, 'autolog_story.py'), join(app.home, 'wine.ipynb')], {
    env: { ...process.env, SLIPWAY_HOME: app.home, SLIPWAY_PYTHON_PATH: join(ROOT, 'kernels-bridge/python'), GIT_PYTHON_REFRESH: 'quiet' }
  });
  expect(stdout + stderr).not.toMatch(/WARNING mlflow|Changing param values/);
  const session = await until(async () => (await app.call('GET', '/sessions')).body.items.find((s: { status: string }) => s.status === 'finished'));
  const trials = (await app.call('GET', `/sessions/${session.id}/trials`)).body.items as Trial[];
  expect(trials.map(t => t.params['RandomForestClassifier.n_estimators'])).toEqual([200, 10]);
  expect(trials[0]!.changedParams).toContain('RandomForestClassifier.n_estimators');
  expect(trials.map(t => t.metrics.map(m => m.name))).toEqual([expect.arrayContaining(['accuracy']), expect.arrayContaining(['accuracy'])]);
  expect(trials.map(t => t.mlflowRunIds.length)).toEqual([1, 1]);
  // One argument, one row: autolog's `n_estimators` is our `RandomForestClassifier.n_estimators`; its own run keeps it.
  expect(trials.map(t => t.params)).toEqual([200, 10].map(trees => expect.objectContaining({ 'RandomForestClassifier.n_estimators': trees, max_depth: 'None' })));
  expect(trials.flatMap(t => Object.keys(t.params).filter(name => ['n_estimators', 'random_state'].includes(name)))).toEqual([]);
  expect(trials[0]!.changedParams).toEqual(['RandomForestClassifier.n_estimators']);
  const { run } = (await (await fetch(`${app.url}/api/2.0/mlflow/runs/get?run_id=${trials[0]!.mlflowRunIds[0]}`)).json()) as { run: { data: { params: { key: string; value: string }[] } } };
  expect(run.data.params).toEqual(expect.arrayContaining([{ key: 'n_estimators', value: '200' }, { key: 'random_state', value: '0' }]));
});
