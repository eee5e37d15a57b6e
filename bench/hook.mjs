// `npm run bench:hook [-- CELLS]`: what the hook adds to a trivial cell, in IPython itself.
import { spawnSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const python = process.env.SLIPWAY_PYTHON ?? join(root, '.venv/bin/python');
process.exitCode = spawnSync(python, [join(root, 'bench/hook.py'), ...process.argv.slice(2)], { stdio: 'inherit' }).status ?? 1;
