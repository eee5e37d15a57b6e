import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

jest.setTimeout(300_000);

const ROOT = join(__dirname, '../../..');
type Told = Record<string, { optuna: { params: object; stopped: number | null }[]; ours: { params: object; stopped: number | null }[] }>;
let told: Told;
beforeAll(async () => {
  const args = [join(__dirname, 'against_optuna.py'), join(ROOT, 'kernels-bridge/python/slipway/optimize.py')];
  told = JSON.parse((await promisify(execFile)(join(ROOT, '.venv/bin/python'), args, { maxBuffer: 2 ** 24 })).stdout) as Told;
});

test.each(['random', 'tpe', 'tpe, multivariate', 'cma-es', 'grid'])('%s: a search that is broken off again and again tries what Optuna tries in one go', search => {
  expect(told[search]!.ours).toEqual(told[search]!.optuna);
});

test('the grid has every point once', () => {
  expect(new Set(told.grid!.ours.map(t => JSON.stringify(t.params))).size).toBe(4 * 3 * 4);
});

test.each(['median', 'asha', 'hyperband'])('%s stops the same trials at the same step as in Optuna', search => {
  expect(told[search]!.ours).toEqual(told[search]!.optuna);
  expect(told[search]!.ours.some(t => t.stopped !== null)).toBe(true);
});
