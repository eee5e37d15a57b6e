import { join } from 'node:path';
import { ROOT, digestOf, once, run, say } from './steps.mjs';

const bin = name => join(ROOT, 'node_modules', '.bin', name);
const SHARED = ['package-lock.json', 'tsconfig.base.json', 'schema/src', 'schema/tsconfig.json'];

/** `build/slipway.js`: the daemon and the command line. */
export async function buildDaemon() {
  const sources = [...SHARED, 'kernels-bridge/src', 'kernels-bridge/python/slipway/metric_functions.json', 'server/src', 'webpack.config.js'];
  await once('daemon', { key: digestOf(sources, { quick: true }), output: join(ROOT, 'build', 'slipway.js') }, async () => {
    say('Building the daemon …');
    await run(bin('webpack'), []);
  });
}

/** `build/labextension`: the JupyterLab extension. */
export async function buildLab() {
  const sources = [...SHARED, 'schema/settings', 'extension/src', 'extension/package.json', 'style'];
  await once('lab', { key: digestOf(sources, { quick: true }), output: join(ROOT, 'build', 'labextension', 'package.json') }, async () => {
    say('Building the JupyterLab extension …');
    await run(bin('tsc'), ['-b', 'extension']);
    await run('npm', ['run', '--silent', 'build:lab', '-w', 'extension']);
  });
}
