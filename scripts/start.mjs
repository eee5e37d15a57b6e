// `npm start`: sets up what is missing, then the daemon in the background and
// JupyterLab in the foreground.
import { parseArgs } from 'node:util';
import { startDaemon, stopDaemon } from './start/daemon.mjs';
import { startLab } from './start/lab.mjs';
import { ensureReady } from './setup.mjs';
import { say } from './setup/steps.mjs';

const { values: options } = parseArgs({
  options: {
    home: { type: 'string' },
    port: { type: 'string' },
    'lab-port': { type: 'string' },
    sandbox: { type: 'string', default: 'auto' },
    foreground: { type: 'boolean', default: false }
  }
});
if (options.home) {
  process.env.SLIPWAY_HOME = options.home;
}
await ensureReady({ parts: ['npm', 'python', ...(options.sandbox === 'none' ? [] : ['sandbox']), 'daemon', 'lab', 'labPackage'] });

const signalled = new Promise(resolve => {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, resolve);
});
const [daemon, lab] = await Promise.all([startDaemon(options), startLab({ port: options['lab-port'] })]).catch(error => {
  say(error.message);
  process.exit(error.exitCode ?? 1);
});
process.stdout.write(`
  JupyterLab   ${lab.url}
  Slipway API  ${daemon.url}   (its reference: ${daemon.url}/docs)

Ctrl-C ends JupyterLab${options.foreground ? ' and the daemon' : '; the daemon goes on'}.
`);

const ended = await Promise.race([signalled.then(() => 'signal'), lab.ended]);
await lab.stop();
if (options.foreground) {
  await stopDaemon();
  say('JupyterLab and the daemon have ended.');
} else {
  say(`\nJupyterLab has ended. The daemon goes on at ${daemon.url}, so schedules run; end it with: npx slipway stop`);
}
process.exit(ended === 'signal' ? 0 : 1);
