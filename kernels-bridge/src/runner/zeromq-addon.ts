import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** In the bundle, in place of zeromq's own loader: the build of its addon for this machine, which lies beside the bundle. */
function loadAddon(): unknown {
  const { header } = process.report.getReport() as { header: { glibcVersionRuntime?: string } };
  const libc = header.glibcVersionRuntime === undefined ? 'musl' : 'glibc';
  const file = join(__dirname, `zeromq-${process.platform}-${process.arch}-${libc}.node`);
  if (!existsSync(file)) {
    throw new Error(`Slipway's step runner does not run on ${process.platform} ${process.arch}: it needs Linux on x64 or arm64.`);
  }
  const target = { exports: {} };
  process.dlopen(target, file);
  return target.exports;
}

export default loadAddon();
