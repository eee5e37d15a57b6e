// `npm run openapi`: writes schema/openapi.json, and the JSON Schema of
// pipeline files beside it, from the contract; with
// `--check` only says whether the committed ones are what the contract says.
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { ensureReady } from './setup.mjs';
import { ROOT, run, say } from './setup/steps.mjs';

await ensureReady({ parts: ['npm'] });
await run(join(ROOT, 'node_modules', '.bin', 'tsc'), ['-b', 'schema']);
const { pipelineFileSchema, toOpenApi } = createRequire(import.meta.url)('../schema/lib/openapi.js');
const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
for (const [name, document] of [['openapi.json', toOpenApi(version)], ['pipeline-file.schema.json', pipelineFileSchema()]]) {
  const file = join(ROOT, 'schema', name);
  const text = `${JSON.stringify(document, null, 2)}\n`;
  if (!process.argv.includes('--check')) {
    writeFileSync(file, text);
  } else if (JSON.stringify(JSON.parse(readFileSync(file, 'utf8'))) !== JSON.stringify(JSON.parse(text))) {
    say(`schema/${name} is not what the contract says: run \`npm run openapi\` and commit it.`);
    process.exit(1);
  }
}
