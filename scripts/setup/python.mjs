import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { CACHE, ROOT, SetupError, VENV_PYTHON, apt, ask, digestOf, once, run, say } from './steps.mjs';

const OLDEST = [3, 11];
const CANDIDATES = ['python3', 'python3.13', 'python3.12', 'python3.11', 'python'];
const LOCKS = 'scripts/python';
export const UV = join(CACHE, 'uv', 'bin', 'uv');
const UV_ENV = { UV_PYTHON_DOWNLOADS: 'never' };

/** `.venv` with everything of the lock file: JupyterLab, kernels, the MLflow client. */
export async function pythonEnvironment() {
  await once('python', { key: digestOf([join(LOCKS, 'requirements.txt'), join(LOCKS, 'mlflow.txt')]), output: VENV_PYTHON }, async () => {
    const python = await findPython();
    await installUv(python);
    say('Installing the Python environment (JupyterLab, scikit-learn, MLflow client, …) …');
    if (!isEnvironmentOf(python)) {
      await run(UV, ['venv', '--clear', '--python', python, join(ROOT, '.venv')], { env: UV_ENV });
    }
    const into = ['--python', VENV_PYTHON, '--require-hashes'];
    await run(UV, ['pip', 'sync', ...into, join(LOCKS, 'requirements.txt')], { env: UV_ENV });
    await run(UV, ['pip', 'install', ...into, '--no-deps', '-r', join(LOCKS, 'mlflow.txt')], { env: UV_ENV });
    rmSync(join(CACHE, 'labPackage.stamp'), { force: true });
  });
}

/** OpenLineage's client, for tests: in a folder of its own, read with `PYTHONPATH`. */
export async function openLineageClient() {
  const folder = join(CACHE, 'openlineage');
  const lock = join(LOCKS, 'openlineage.txt');
  await once('openlineage', { key: digestOf([lock]), output: folder }, async () => {
    await installUv(await findPython());
    say('Installing OpenLineage’s client …');
    rmSync(folder, { recursive: true, force: true });
    await run(UV, ['pip', 'install', '--python', VENV_PYTHON, '--target', folder, '--require-hashes', '--no-deps', '-r', lock], { env: UV_ENV });
  });
}

/** A server of S3's protocol, for tests. */
export async function motoServer() {
  const folder = join(CACHE, 'moto');
  const lock = join(LOCKS, 'moto.txt');
  await once('moto', { key: digestOf([lock]), output: folder }, async () => {
    const python = await findPython();
    await installUv(python);
    say('Installing moto …');
    await run(UV, ['venv', '--clear', '--python', python, folder], { env: UV_ENV });
    await run(UV, ['pip', 'sync', '--python', join(folder, 'bin', 'python'), '--require-hashes', lock], { env: UV_ENV });
  });
}

/** Our own wheel in `.venv`: the kernel hook, the proxy entry and the built extension. */
export async function labPackage() {
  await once('labPackage', { key: digestOf(['kernels-bridge/python', 'build/labextension']) }, async () => {
    await installUv(await findPython());
    say('Installing the extension into JupyterLab …');
    await run(UV, ['pip', 'install', '--python', VENV_PYTHON, '--no-deps', '--reinstall', await buildWheel()], { env: UV_ENV });
  });
}

/** Path of the freshly built wheel; the build backend is the one of the lock file. */
export async function buildWheel() {
  const folder = join(CACHE, 'wheel');
  rmSync(folder, { recursive: true, force: true });
  await run(VENV_PYTHON, ['-m', 'hatchling', 'build', '-t', 'wheel', '-d', folder], { cwd: join(ROOT, 'kernels-bridge', 'python') });
  return join(folder, readdirSync(folder).find(name => name.endsWith('.whl')));
}

async function findPython() {
  const found = CANDIDATES.map(usable).find(Boolean);
  if (found) return found;
  await apt(['python3', 'python3-venv', 'python3-pip'], `Slipway needs Python ${OLDEST.join('.')} or later with venv and pip; none is here.`);
  const installed = CANDIDATES.map(usable).find(Boolean);
  if (installed) return installed;
  throw new SetupError(`Slipway needs Python ${OLDEST.join('.')} or later; this system's own is older. Install a newer one and put it first on the PATH.`);
}

/** Path of the interpreter where it is new enough and can make environments with pip. */
function usable(name) {
  const check = 'import sys, venv, ensurepip; print(sys.executable if sys.version_info >= (3, 11) else "")';
  return ask(name, ['-c', check]) || null;
}

/** An environment of the same Python is brought up to date in place, under the feet of what runs in it. */
function isEnvironmentOf(python) {
  const version = ['-c', 'import sys; print(sys.version_info[:3], sys.base_prefix)'];
  return existsSync(VENV_PYTHON) && ask(VENV_PYTHON, version) === ask(python, version);
}

async function installUv(python) {
  await once('uv', { key: `${digestOf([join(LOCKS, 'uv.txt')])} ${python}`, output: UV }, async () => {
    say('Installing uv …');
    await run(python, ['-m', 'venv', '--clear', join(CACHE, 'uv')]);
    await run(join(CACHE, 'uv', 'bin', 'python'), ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--require-hashes', '-r', join(ROOT, LOCKS, 'uv.txt')]);
  });
}
