// Remakes the lock files of scripts/python from their `.in` files. The files
// name no index, so that anybody's mirror serves them.
import { join } from 'node:path';
import { ensureReady } from './setup.mjs';
import { UV } from './setup/python.mjs';
import { ROOT, run, say } from './setup/steps.mjs';

const LOCKS = join('scripts', 'python');
const COMMON = ['--generate-hashes', '--no-emit-index-url', '--no-header', '--python-version', '3.11', '--quiet'];

await ensureReady({ parts: ['python'] });
for (const [name, flags] of Object.entries({ requirements: ['--universal'], flavours: ['--universal'], schemathesis: ['--universal'], moto: ['--universal'], mlflow: ['--no-deps'], openlineage: ['--no-deps'], uv: [] })) {
  say(`Locking ${name} …`);
  await run(UV, ['pip', 'compile', ...COMMON, ...flags, join(LOCKS, `${name}.in`), '-o', join(LOCKS, `${name}.txt`), ...(process.argv.includes('--upgrade') ? ['--upgrade'] : [])], { cwd: ROOT });
}
