// `npm run bench:pipelines [-- chain|queue|fan-out|schedules …]`: all of them, or
// those named. Prints a table for each, then one line of JSON.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureReady } from '../scripts/setup.mjs';
import { chain } from './pipelines/chain.mjs';
import { fanOut } from './pipelines/fan-out.mjs';
import { queue } from './pipelines/queue.mjs';
import { schedules } from './pipelines/schedules.mjs';

const PARTS = { chain, queue, 'fan-out': fanOut, schedules };
const wanted = process.argv.slice(2);
const unknown = wanted.filter(name => !(name in PARTS));
if (unknown.length > 0) {
  console.error(`There is no part ${unknown.join(', ')}: ${Object.keys(PARTS).join(', ')}.`);
  process.exit(2);
}

await ensureReady({ parts: ['npm', 'python', 'sandbox', 'daemon'] });
const folder = await mkdtemp(join(tmpdir(), 'slipway-bench-'));
try {
  const all = {};
  for (const name of wanted.length > 0 ? wanted : Object.keys(PARTS)) {
    const { title, rows, figures } = await PARTS[name](folder);
    console.log(title);
    for (const [what, value, aim] of rows) console.log(`  ${what.padEnd(72)} ${value.padStart(10)}  ${aim}`);
    all[name] = figures;
  }
  console.log(JSON.stringify({ bench: 'pipelines', ...all, node: process.version }));
} finally {
  await rm(folder, { recursive: true, force: true });
}
