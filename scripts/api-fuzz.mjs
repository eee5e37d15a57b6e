// `npm run test:api-fuzz [-- SECONDS]`: schemathesis sends what the OpenAPI
// document allows, and what it does not, to every route of Slipway's own API;
// no answer may be a 5xx. The daemon stands in a network of its own, so that
// no webhook made up on the way reaches anybody.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureReady } from './setup.mjs';
import { UV } from './setup/python.mjs';
import { CACHE, ROOT, VENV_PYTHON, digestOf, once as make, run, say } from './setup/steps.mjs';

const SECONDS = Number(process.argv[2] ?? 300);
const LOCK = 'scripts/python/schemathesis.txt';
const FOLDER = join(CACHE, 'schemathesis');
const NETWORK = ['-n', '-rn'].find(flags => spawnSync('unshare', [flags, 'sh', '-c', 'ip link set lo up']).status === 0);

if (process.env.SLIPWAY_FUZZ_INSIDE === undefined) {
  await ensureReady({ parts: ['npm', 'python', 'sandbox', 'daemon'] });
  await make('schemathesis', { key: digestOf([LOCK]), output: FOLDER }, async () => {
    say('Installing schemathesis …');
    rmSync(FOLDER, { recursive: true, force: true });
    await run(UV, ['venv', '--python', VENV_PYTHON, FOLDER], { env: { UV_PYTHON_DOWNLOADS: 'never' } });
    await run(UV, ['pip', 'sync', '--python', join(FOLDER, 'bin', 'python'), '--require-hashes', LOCK], { env: { UV_PYTHON_DOWNLOADS: 'never' } });
  });
  const command = [process.execPath, ...process.argv.slice(1)];
  const [program, ...args] = NETWORK ? ['unshare', NETWORK, 'sh', '-c', 'ip link set lo up && exec "$0" "$@"', ...command] : command;
  const child = spawn(program, args, { stdio: 'inherit', env: { ...process.env, SLIPWAY_FUZZ_INSIDE: NETWORK ? 'alone' : 'here' } });
  process.exit((await once(child, 'exit'))[0] ?? 1);
}

const home = mkdtempSync(join(tmpdir(), 'slipway-fuzz-'));
const daemon = spawn(process.execPath, [join(ROOT, 'bin/slipway.mjs'), 'serve', '--home', home, '--port', '0', '--auth', 'none'], { stdio: ['ignore', 'pipe', 'inherit'] });
let code = 1;
try {
  const url = await readyUrl(daemon);
  const where = ['run', join(ROOT, 'schema/openapi.json'), '--url', `${url}/api/v1`];
  const how = ['--checks', 'not_a_server_error', '--phases', 'coverage,fuzzing', '--max-time', String(SECONDS), '--continue-on-failure', '--suppress-health-check', 'all', '--request-timeout', '30', '--warnings', 'off'];
  const without = process.env.SLIPWAY_FUZZ_INSIDE === 'alone' ? [] : ['--exclude-path-regex', 'webhook|openlineage'];
  [code] = await once(spawn(join(FOLDER, 'bin', 'schemathesis'), [...where, ...how, ...without], { stdio: 'inherit', cwd: home }), 'exit');
} finally {
  const ended = once(daemon, 'exit');
  daemon.kill('SIGTERM');
  await ended;
  rmSync(home, { recursive: true, force: true });
}
process.exit(code ?? 1);

/** Goes on reading afterwards: a daemon whose output nobody takes ends on it. */
function readyUrl(child) {
  return new Promise((resolve, reject) => {
    let text = '';
    child.stdout.on('data', chunk => {
      text += chunk;
      const ready = /^ready (\S+)$/m.exec(text)?.[1];
      if (ready) resolve(ready);
    });
    child.once('exit', () => reject(new Error('The daemon did not start.')));
  });
}
