import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { notebook } from '../notebook-fixtures';
import { startApp, type RunningApp } from '../running-app';

jest.setTimeout(180_000);

const BIN = join(__dirname, '../../../bin/slipway.mjs');
let app: RunningApp;
beforeAll(async () => {
  app = await startApp();
});
afterAll(() => app.stop());

function slipway(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  return new Promise(resolve => {
    execFile(process.execPath, [BIN, ...args], { env: { ...process.env, SLIPWAY_URL: app.url, SLIPWAY_HOME: app.home } }, (error, stdout, stderr) => resolve({ code: error ? Number(error.code) : 0, stdout, stderr }));
  });
}

const book = notebook({
  a: 'from sklearn.metrics import mean_absolute_error\nX = 1.0\ncfg = {"n": 3}',
  m: 'mae = mean_absolute_error([0.0], [(X - 2.0) ** 2 + abs(cfg["n"] - 4)])\nprint("mae", mae)'
});

test('a notebook is made a pipeline and searched, and the exit code says how it went', async () => {
  const done = await slipway('sweep', book.path, '--pipeline-name', 'cli-bowl', '--space', 'X=float:1:3:1', '--space', 'cfg.n=choice:3,4', '--minimize', 'mae', '--sampler', 'grid', '--parallel', '2', '--wait', '--json');
  expect({ code: done.code, said: done.stderr + done.stdout.slice(0, 500) }).toMatchObject({ code: 0 });
  const sweep = JSON.parse(done.stdout);
  expect(sweep).toMatchObject({ pipeline: 'cli-bowl', state: 'succeeded', maxTrials: 6, best: { value: 0, params: { X: 2, 'cfg.n': 4 } } });
  const shown = await slipway('sweeps', 'show', sweep.id);
  expect(shown.stdout).toContain('6 of 6 trials (6 succeeded)');
  expect(shown.stdout).toContain('best mae = 0');
  expect(JSON.parse((await slipway('sweeps', 'list', '--pipeline', 'cli-bowl', '--json')).stdout)).toHaveLength(1);
});

test('what cannot be searched is refused with a code', async () => {
  const wrong = async (...args: string[]): Promise<unknown> => {
    const { code, stdout } = await slipway('sweep', 'cli-bowl', ...args, '--json');
    return [code, JSON.parse(stdout).error.code];
  };
  expect(await wrong('--space', 'X=float:1', '--minimize', 'mae')).toEqual([2, 'bad_argument']);
  expect(await wrong('--space', 'Y=float:1:2', '--minimize', 'mae')).toEqual([2, 'unknown_param']);
  expect(await wrong('--space', 'X=float:1:2', '--minimize', 'auc')).toEqual([2, 'unknown_metric']);
  expect(await wrong('--minimize', 'mae')).toEqual([2, 'bad_arguments']);
  expect(JSON.parse((await slipway('sweeps', 'show', 'nothing', '--json')).stdout).error.code).toBe('sweep_not_found');
});
