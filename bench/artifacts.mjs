// One file of a gigabyte up to Slipway and down again, beside MLflow's own
// server and beside a bare socket into a file (both ends on this machine, and
// stored means on the disk for all but MLflow, which does not ask for it).
// Prints a table, then one line of JSON.
import { spawn } from 'node:child_process';
import { randomFillSync } from 'node:crypto';
import { once } from 'node:events';
import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setInterval as every } from 'node:timers';
import { ensureReady } from '../scripts/setup.mjs';
import { median } from './lab/processes.mjs';
import { get, put, remove, seconds, sendPlain, takePlain } from './artifacts/transfer.mjs';
import { memoryBytes, startServers } from './tracking/servers.mjs';

const MB = Number(process.env.BENCH_MB ?? 1_000);
const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 3);
const PATH = '/api/2.0/mlflow-artifacts/artifacts/0/bench/artifacts/large.bin';

await ensureReady({ parts: ['npm', 'python', 'sandbox', 'daemon'] });
const folder = mkdtempSync(join(tmpdir(), 'slipway-bench-'));
const file = join(folder, 'large.bin');
fill(file);
const { ours, theirs, stop } = await startServers(folder);
const plain = spawn(process.execPath, [join(import.meta.dirname, 'artifacts/plain.mjs'), folder], { stdio: ['ignore', 'pipe', 'inherit'] });
const [upPort, downPort] = String((await once(plain.stdout, 'data'))[0]).split(' ').map(Number);
try {
  const ways = {
    plain: { up: () => sendPlain(upPort, file), down: into => takePlain(downPort, into), pid: plain.pid },
    Slipway: { up: () => put(ours.url + PATH, file, MB * 1e6), down: into => get(ours.url + PATH, into), pid: ours.pid },
    MLflow: { up: () => put(theirs.url + PATH, file, MB * 1e6), down: into => get(theirs.url + PATH, into), pid: theirs.pid }
  };
  const figures = Object.fromEntries(Object.keys(ways).map(name => [name, { upMbps: [], downMbps: [], grownMb: 0 }]));
  // Round by round, each way after the other: what else the machine does hits them alike.
  for (let round = 0; round < ROUNDS; round++) {
    for (const [name, way] of Object.entries(ways)) {
      await measure(way, figures[name]);
    }
  }
  print(figures);
} finally {
  plain.kill();
  await stop();
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
}

async function measure({ up, down, pid }, figures) {
  const before = memoryBytes(pid);
  let most = before;
  const watch = every(() => (most = Math.max(most, memoryBytes(pid))), 50);
  figures.upMbps.push(MB / (await seconds(up)));
  const into = join(folder, 'down.bin');
  figures.downMbps.push(MB / (await seconds(() => down(into))));
  clearInterval(watch);
  figures.grownMb = Math.max(figures.grownMb, (most - before) / 2 ** 20);
  await remove(into);
}

function fill(path) {
  const fd = openSync(path, 'w');
  const chunk = Buffer.alloc(1e6);
  for (let i = 0; i < MB; i++) writeSync(fd, randomFillSync(chunk));
  closeSync(fd);
}

function print(figures) {
  const base = figures.plain;
  const row = ([name, f]) => {
    const [up, down] = [median(f.upMbps), median(f.downMbps)];
    return [name, `${Math.round(up)} MB/s`, `${Math.round((100 * up) / median(base.upMbps))} %`, `${Math.round(down)} MB/s`, `${Math.round((100 * down) / median(base.downMbps))} %`, `${Math.round(f.grownMb)} MB`];
  };
  const rows = [[`${MB} MB`, 'up', 'of plain', 'down', 'of plain', 'memory grew by'], ...Object.entries(figures).map(row)];
  const widths = rows[0].map((_, i) => Math.max(...rows.map(r => r[i].length)));
  rows.forEach(r => console.log(r.map((cell, i) => cell.padEnd(widths[i])).join('  ').trimEnd()));
  console.log(JSON.stringify({ bench: 'artifacts', mb: MB, ...figures }));
}
