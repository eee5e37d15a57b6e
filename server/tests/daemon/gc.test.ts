import { randomBytes } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Home, type Daemon } from './slipway';

jest.setTimeout(180_000);
const home = new Home();
afterAll(() => home.remove());

const RUNS = 60;
const FILES = 4;
const API = '/api/2.0/mlflow';

async function post(daemon: Daemon, path: string, body: unknown): Promise<any> /* eslint-disable-line @typescript-eslint/no-explicit-any -- each call knows its reply */ {
  const response = await fetch(`${daemon.url}${path}`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
  expect([path, response.status]).toEqual([path, 200]);
  return response.json();
}

/** A run with its files, one of which every run has. */
async function run(daemon: Daemon, index: number): Promise<string> {
  const { run_id } = (await post(daemon, `${API}/runs/create`, { experiment_id: '0', run_name: `r${index}`, start_time: 1 })).run.info;
  for (let i = 0; i < FILES; i++) {
    const body = i === 0 ? Buffer.alloc(4_000, 'shared') : randomBytes(4_000);
    expect((await fetch(`${daemon.url}/api/2.0/mlflow-artifacts/artifacts/0/${run_id}/artifacts/f${i}.bin`, { method: 'PUT', body })).status).toBe(200);
  }
  return run_id;
}

function blobCount(): number {
  const root = join(home.folder, 'artifacts/sha256');
  return readdirSync(root).flatMap(prefix => readdirSync(join(root, prefix))).length;
}

/** Every file that a run names can be read. */
async function allReadable(daemon: Daemon, runIds: readonly string[]): Promise<number> {
  let readable = 0;
  for (const id of runIds) {
    const response = await fetch(`${daemon.url}${API}/runs/get?run_id=${id}`);
    if (response.status === 404) continue;
    for (let i = 0; i < FILES; i++) {
      const file = await fetch(`${daemon.url}/api/2.0/mlflow-artifacts/artifacts/0/${id}/artifacts/f${i}.bin`);
      expect([id, i, file.status, (await file.arrayBuffer()).byteLength]).toEqual([id, i, 200, 4_000]);
      readable += 1;
    }
  }
  return readable;
}

test('slipway gc: killed with -9 in the middle nothing that is named is lost, and the next one frees the rest', async () => {
  let daemon = await home.serve();
  const ids = await Promise.all(Array.from({ length: RUNS }, (_, i) => run(daemon, i)));
  const going = ids.filter((_, i) => i % 2 === 0);
  await post(daemon, '/api/v1/run-changes', { changes: [{ type: 'delete', runIds: going }] });
  const before = blobCount();
  await sleep(31_000); // unused files go when they are half a minute old
  for (const pause of [5, 15, 30]) {
    const asked = fetch(`${daemon.url}/api/v1/purges`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ olderThanSeconds: 0 }) }).catch(() => null);
    await sleep(pause);
    await daemon.kill('SIGKILL');
    await asked;
    daemon = await home.serve();
    expect(await allReadable(daemon, ids)).toBeGreaterThanOrEqual((RUNS / 2) * FILES);
  }
  const dry = home.run('gc', '--older-than', '0s', '--dry-run', '--json');
  expect(dry).toMatchObject({ code: 0 });
  const left = blobCount();
  const told = JSON.parse(dry.stdout) as { isDryRun: boolean; freedFiles: number; freedBytes: number };
  expect(told.isDryRun).toBe(true);
  expect(blobCount()).toBe(left);
  const done = home.run('gc', '--older-than', '0s', '--json');
  expect(JSON.parse(done.stdout)).toMatchObject({ freedFiles: told.freedFiles, freedBytes: told.freedFiles * 4_000, waitingFiles: 0 });
  expect(blobCount()).toBe(before - (RUNS / 2) * (FILES - 1));
  expect(await allReadable(daemon, ids)).toBe((RUNS / 2) * FILES);

  expect(home.run('gc').stdout).toMatch(/^Removed 0 runs and 0 experiments; freed 0 bytes in 0 files\.\n$/);
  const bad = ['soon', '-1d', '3w', ''].map(age => home.run('gc', '--older-than', age, '--json'));
  expect(bad.map(r => [r.code, (JSON.parse(r.stdout) as { error: { code: string } }).error.code])).toEqual(Array(4).fill([2, 'bad_arguments']));
  expect(home.run('gc', '--experiment', 'no such', '--json')).toMatchObject({ code: 2 });
  await daemon.kill('SIGTERM');
  expect(home.run('gc', '--json')).toMatchObject({ code: 3 });
});
