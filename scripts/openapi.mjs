// `npm run openapi`: writes schema/openapi.json from the contract; with
// `--check` only says whether the committed one is what the contract says.
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { ensureReady } from './setup.mjs';
import { ROOT, run, say } from './setup/steps.mjs';

await ensureReady({ parts: ['npm'] });
await run(join(ROOT, 'node_modules', '.bin', 'tsc'), ['-b', 'schema']);
const { toOpenApi } = createRequire(import.meta.url)('../schema/lib/openapi.js');
const file = join(ROOT, 'schema', 'openapi.json');
const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
const text = `${JSON.stringify(toOpenApi(version), null, 2)}\n`;
if (!process.argv.includes('--check')) {
  writeFileSync(file, text);
} else if (JSON.stringify(JSON.parse(readFileSync(file, 'utf8'))) !== JSON.stringify(JSON.parse(text))) {
  say('schema/openapi.json is not what the contract says: run `npm run openapi` and commit it.');
  process.exit(1);
}
