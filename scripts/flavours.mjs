// `npm run test:flavours [-- NAME]`: models of scikit-learn, XGBoost, LightGBM,
// ONNX, PyTorch, TensorFlow and pyfunc through the real client and back over
// HTTP. Their libraries take 3 GB, so they have an environment of their own.
import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { ensureReady } from './setup.mjs';
import { UV } from './setup/python.mjs';
import { CACHE, VENV_PYTHON, digestOf, once, run, say } from './setup/steps.mjs';
import { jest, summarize } from './test/suites.mjs';

const LOCKS = 'scripts/python';
/** By pip, not by the lock: it takes the small CPU wheel where the machine's pip knows one, else the index's. */
const TORCH = 'torch==2.13.0';
const FOLDER = join(CACHE, 'flavours');
const PYTHON = join(FOLDER, 'bin', 'python');

await ensureReady({ parts: ['npm', 'python', 'sandbox', 'daemon'] });
await once('flavours', { key: `${TORCH} ${digestOf([join(LOCKS, 'flavours.txt'), join(LOCKS, 'mlflow.txt')])}`, output: PYTHON }, async () => {
  say('Installing XGBoost, LightGBM, ONNX, TensorFlow and PyTorch (3 GB) …');
  const env = { UV_PYTHON_DOWNLOADS: 'never' };
  const into = ['--python', PYTHON, '--require-hashes'];
  if (existsSync(FOLDER)) rmSync(FOLDER, { recursive: true });
  await run(UV, ['venv', '--python', VENV_PYTHON, FOLDER], { env });
  await run(UV, ['pip', 'sync', ...into, join(LOCKS, 'flavours.txt')], { env });
  await run(UV, ['pip', 'install', ...into, '--no-deps', '-r', join(LOCKS, 'mlflow.txt')], { env });
  await run(PYTHON, ['-m', 'ensurepip']);
  await run(PYTHON, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', TORCH]);
});
const only = process.argv.slice(2).flatMap(name => ['--testNamePattern', name]);
process.exit(summarize([await jest(['--testMatch', '<rootDir>/server/tests/flavours/*.flavours.ts', ...only])]) ? 0 : 1);
