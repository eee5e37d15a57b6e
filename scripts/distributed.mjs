// `npm run test:distributed`: the example that trains in several processes, as a
// gang of steps and under torchrun. PyTorch is large, so it has an environment of its own.
import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { ensureReady } from './setup.mjs';
import { UV } from './setup/python.mjs';
import { CACHE, VENV_PYTHON, digestOf, once, run, say } from './setup/steps.mjs';
import { jest, summarize } from './test/suites.mjs';

const LOCKS = 'scripts/python';
/** By pip, not by a lock: it takes the small CPU wheel where the machine's pip knows one, else the index's. */
const TORCH = 'torch==2.13.0';
const FOLDER = join(CACHE, 'distributed');
const PYTHON = join(FOLDER, 'bin', 'python');

await ensureReady({ parts: ['npm', 'python', 'sandbox', 'daemon'] });
await once('distributed', { key: `${TORCH} ${digestOf([join(LOCKS, 'requirements.txt'), join(LOCKS, 'mlflow.txt')])}`, output: PYTHON }, async () => {
  say('Installing PyTorch …');
  const env = { UV_PYTHON_DOWNLOADS: 'never' };
  const into = ['--python', PYTHON, '--require-hashes'];
  if (existsSync(FOLDER)) rmSync(FOLDER, { recursive: true });
  await run(UV, ['venv', '--python', VENV_PYTHON, FOLDER], { env });
  await run(UV, ['pip', 'sync', ...into, join(LOCKS, 'requirements.txt')], { env });
  await run(UV, ['pip', 'install', ...into, '--no-deps', '-r', join(LOCKS, 'mlflow.txt')], { env });
  await run(PYTHON, ['-m', 'ensurepip']);
  await run(PYTHON, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', TORCH]);
});
process.exit(summarize([await jest(['--testMatch', '<rootDir>/server/tests/distributed/*.distributed.ts', ...process.argv.slice(2)])]) ? 0 : 1);
