import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { ROOT } from '../setup/steps.mjs';

/** The daemon of the home: the one that runs, or a new one in the background. */
export async function startDaemon({ port, sandbox }) {
  const args = ['start', '--json', '--sandbox', sandbox, ...(port === undefined ? [] : ['--port', port])];
  const { code, stdout } = await slipway(args);
  const reply = parse(stdout);
  if (code !== 0 || !reply.url) {
    throw Object.assign(new Error(reply.error?.message ?? 'The daemon did not start.'), { exitCode: code || 1 });
  }
  return reply;
}

export async function stopDaemon() {
  await slipway(['stop', '--json']);
}

function slipway(args) {
  return new Promise((resolve, reject) => {
    // A group of its own: Ctrl-C here is not for the daemon.
    const child = spawn(process.execPath, [join(ROOT, 'bin', 'slipway.mjs'), ...args], { stdio: ['ignore', 'pipe', 'inherit'], detached: true });
    let stdout = '';
    child.stdout.on('data', chunk => (stdout += chunk));
    child.on('error', reject);
    child.on('close', code => resolve({ code, stdout }));
  });
}

function parse(text) {
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
}
