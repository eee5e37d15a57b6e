import { existsSync, lstatSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT, SetupError, digestOf, once, run, say } from './steps.mjs';

const OLDEST_NODE = [20, 19];

/** Node's version, then the locked npm packages. No package's install script is needed or run. */
export async function npmPackages() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major < OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor < OLDEST_NODE[1])) {
    throw new SetupError(`Slipway needs Node ${OLDEST_NODE.join('.')} or later; this is ${process.versions.node}.`);
  }
  // A link leads to somebody else's packages: `npm ci` would empty their folder.
  if (lstatSync(join(ROOT, 'node_modules'), { throwIfNoEntry: false })?.isSymbolicLink()) return;
  await once('npm', { key: digestOf(['package-lock.json']), output: join(ROOT, 'node_modules', '.package-lock.json') }, async () => {
    // `npm ci` by hand a moment ago is as good as ours.
    if (existsSync(join(ROOT, 'node_modules', '.package-lock.json')) && (await isInSync())) return;
    say('Installing npm packages …');
    await run('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund']);
    await run(process.execPath, ['-e', `require('zeromq')`]).catch(() => {
      throw new SetupError(`npm has no ready-made build of zeromq for this machine (${process.platform}-${process.arch}), which kernels need. Linux on x64 or arm64 with glibc or musl has one.`);
    });
  });
}

function isInSync() {
  return run('npm', ['ls', '--all', '--silent']).then(
    () => true,
    () => false
  );
}
