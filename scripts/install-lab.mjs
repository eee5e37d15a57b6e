// `npm run install:lab -- --python PATH [--uninstall]`: the extension, the proxy
// entry and the kernel's hook into the JupyterLab of an environment of your own.
import { spawnSync } from 'node:child_process';
import { parseArgs } from 'node:util';
import { ensureReady } from './setup.mjs';
import { UV, buildWheel } from './setup/python.mjs';
import { ask, say } from './setup/steps.mjs';

const options = { python: { type: 'string' }, uninstall: { type: 'boolean', default: false } };
const { python, uninstall } = readOptions();

const version = ask(python, ['-c', 'import jupyterlab; print(jupyterlab.__version__)']);
if (uninstall) {
  await ensureReady({ parts: ['npm', 'python'] });
  finish(pip('uninstall', 'slipway'), 'Slipway is out of this JupyterLab. Your experiments stay in Slipway’s home.');
} else if (version === null) {
  fail(`${python} has no JupyterLab. Install it there first:\n\n    ${python} -m pip install "jupyterlab>=4.6,<5"\n`);
} else if (!/^4\.([6-9]|\d\d)/.test(version)) {
  fail(`Slipway's extension is for JupyterLab 4.6 and later 4.x; ${python} has ${version}.`);
} else {
  await ensureReady({ parts: ['npm', 'python', 'lab'] });
  const wheel = await buildWheel();
  // First the wheel whatever version is there, then what it needs and lacks.
  const code = pip('install', '--force-reinstall', '--no-deps', wheel) || pip('install', wheel);
  finish(code, 'Slipway is in this JupyterLab. Restart it, and start the daemon with `npx slipway start`.');
}

function readOptions() {
  try {
    const { values } = parseArgs({ options });
    if (values.python) return values;
  } catch (error) {
    fail(`${error.message}\n${usage()}`);
  }
  return fail(usage());
}

function usage() {
  return 'Usage: npm run install:lab -- --python PATH [--uninstall]\nPATH is the Python that runs your JupyterLab.';
}

/** The environment's own pip; uv where it has none, as in environments made by uv. */
function pip(command, ...args) {
  const hasPip = ask(python, ['-m', 'pip', '--version']) !== null;
  const [program, ...rest] = hasPip
    ? [python, '-m', 'pip', '--disable-pip-version-check', command, ...(command === 'uninstall' ? ['--yes'] : [])]
    : [UV, 'pip', command, '--python', python];
  return spawnSync(program, [...rest, ...args.map(a => (a === '--force-reinstall' && !hasPip ? '--reinstall' : a))], { stdio: ['ignore', 2, 2] }).status ?? 1;
}

function finish(code, done) {
  if (code !== 0) fail(`pip failed (exit code ${code}).`);
  say(done);
}

function fail(message) {
  say(message);
  process.exit(1);
}
