import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { createClient } from '../../src/cli/client';
import { copyFrom } from '../../src/cli/transfer/copy';
import { daemonSink } from '../../src/cli/transfer/daemon-sink';
import { withMlflowOn } from '../../src/cli/transfer/mlflow-database';
import { openMlflow } from '../../src/cli/transfer/mlflow-source';
import { PYTHON } from '../mlflow/mlflow-server';
import { startApp, type RunningApp } from '../running-app';
import { contentsOf } from './contents';

/** `npm run test:soak` takes all ten thousand. */
const RUNS = process.env.SLIPWAY_SOAK_SECONDS === undefined ? 200 : 10_000;
jest.setTimeout(RUNS * 240 + 240_000);

let folder: string;
let app: RunningApp;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'slipway-mlflow-'));
  app = await startApp();
});
afterAll(async () => {
  await app.stop();
  rmSync(folder, { recursive: true, force: true });
});

test(`${RUNS} runs of a real MLflow server come over with nothing lost`, async () => {
  const [database, artifacts] = [join(folder, 'mlflow.db'), join(folder, 'artifacts')];
  mkdirSync(artifacts);
  const { stdout } = await promisify(execFile)(PYTHON, [join(__dirname, 'many_runs.py'), database, artifacts, String(RUNS)], { env: { ...process.env, GIT_PYTHON_REFRESH: 'quiet' } });
  await withMlflowOn(`sqlite:///${database}`, { python: PYTHON, artifacts }, async url => {
    const began = Date.now();
    const sink = daemonSink(createClient({ url: app.url, token: null }), null);
    const totals = await copyFrom(openMlflow(url, null, { proxied: artifacts }), sink, { experiments: [], withModels: true, onProgress: () => undefined });
    process.stderr.write(`${stdout.trim()}: imported in ${((Date.now() - began) / 1000).toFixed(1)} s\n`);
    expect(totals).toMatchObject({ runs: RUNS, models: RUNS / 100, versions: (RUNS / 100) * 3, files: RUNS / 2, left: [] });
    const [theirs, ours] = [await contentsOf(url, { proxied: artifacts }), await contentsOf(app.url)];
    expect(Object.keys(theirs)).toHaveLength(RUNS + RUNS / 100);
    // One by one: a difference is told for its run, not as ten thousand lines.
    for (const [id, content] of Object.entries(theirs)) {
      expect([id, (ours as Record<string, object>)[id]]).toEqual([id, content]);
    }
    expect(Object.keys(ours)).toHaveLength(Object.keys(theirs).length);
  });
});
