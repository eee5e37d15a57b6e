import { spawnSync } from 'node:child_process';
import { closeSync, openSync, readdirSync, rmSync, statfsSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { PipelineRun } from '@slipway/schema';
import { notebook } from '../notebook-fixtures';
import { until } from '../running-app';
import { Home, type Daemon } from './slipway';

const MB = 1_000_000;
/** What is left when the disk is nearly full, and what is too large for it. */
const LEFT = 24 * MB;
const TOO_LARGE = 64 * MB;
const ARTIFACTS = '/api/2.0/mlflow-artifacts/artifacts';
const UNSHARE = ['-m', '-rm'].find(flags => spawnSync('unshare', [flags, 'sh', '-c', 'mount -t tmpfs none /mnt']).status === 0);
const testOnRealDisk = UNSHARE === undefined ? test.skip : test;
jest.setTimeout(180_000);

const home = new Home();
let daemon: Daemon;
/** The small disk, seen from outside its mount namespace. */
let disk: string;
afterAll(() => home.remove());

testOnRealDisk(`a full disk is told as such, and all goes on once there is room${UNSHARE === undefined ? ' (needs a mount namespace: unshare -m or unshare -rm)' : ''}`, async () => {
  home.prefix = ['unshare', UNSHARE!, 'sh', '-c', `mount -t tmpfs -o size=400m,mode=0700 none ${home.folder} && exec "$0" "$@"`];
  daemon = await home.serve();
  disk = join('/proc', String(daemon.pid), 'root', home.folder);
  await makePipeline();
  const mlflowRun = ((await call('POST', '/api/2.0/mlflow/runs/create', { experiment_id: '0', start_time: 1 })).body as { run: { info: { run_id: string } } }).run.info.run_id;
  expect((await upload('kept.bin', MB)).status).toBe(200);

  // Nearly full: what does not fit is refused whole, what fits is taken.
  fill(LEFT);
  expect(await upload('large.bin', TOO_LARGE)).toMatchObject({ status: 507, body: { error_code: 'RESOURCE_EXHAUSTED', message: expect.stringContaining('disk is full') } });
  expect((await download('large.bin')).status).toBe(404);
  expect(readdirSync(join(disk, 'artifacts/incoming'))).toEqual([]);
  await expectFullDisk(await startRun({ FILL: true })); // by the step's own files
  const runId = await startRun({ ROWS: TOO_LARGE / 8 }); // by the value it hands on
  await expectFullDisk(runId);

  // Full to the last byte: nothing is half there, and the daemon answers.
  let tries = 0;
  const refused = await until(async () => {
    fill(0);
    const reply = await upload(`small-${++tries}.bin`, 100_000);
    return reply.status !== 200 && reply; // the folder of the last step may have been cleared away just now
  });
  expect((await fetch(`${daemon.url}/healthz`)).status).toBe(200);
  expect(refused).toMatchObject({ status: 507, body: { error_code: 'RESOURCE_EXHAUSTED' } });
  expect((await download(`small-${tries}.bin`)).status).toBe(404);
  const kept = await download('kept.bin');
  expect([kept.status, (await kept.arrayBuffer()).byteLength]).toEqual([200, MB]);
  const metrics = Array.from({ length: 2_000 }, (_, step) => ({ key: 'loss', value: step, step, timestamp: step }));
  const answers = await Promise.all(Array.from({ length: 20 }, (_, i) => call('POST', '/api/2.0/mlflow/runs/log-batch', { run_id: mlflowRun, metrics: metrics.slice(i * 100, i * 100 + 100) })));
  expect(answers.map(a => a.status).filter(status => ![200, 503, 507].includes(status))).toEqual([]);

  rmSync(join(disk, 'filler'));
  await until(async () => (await upload('small.bin', 100_000)).status === 200);
  const stored = (await call('GET', `/api/2.0/mlflow/metrics/get-history?run_id=${mlflowRun}&metric_key=loss&max_results=5000`)).body as { metrics?: unknown[] };
  expect(stored.metrics?.length ?? 0).toBe(100 * answers.filter(a => a.status === 200).length);
  expect((await call('POST', `/api/v1/pipeline-runs/${runId}/retry`, {})).status).toBeLessThan(300);
  const run = await until(async () => {
    const found = await runOf(runId);
    return found.status === 'succeeded' && found;
  });
  expect(run.metrics).toEqual({ mae: 1 });
});

async function startRun(params: object): Promise<string> {
  return ((await call('POST', '/api/v1/pipelines/rows/runs', { params, useCache: false })).body as { runId: string }).runId;
}

async function expectFullDisk(runId: string): Promise<void> {
  const run = await until(async () => {
    const found = await runOf(runId);
    return found.status === 'failed' && found;
  });
  expect(run.steps.map(s => [s.name, s.status, s.error?.code])).toEqual([['make', 'failed', 'storage_full'], ['m', 'skipped', undefined]]);
  expect(run.steps[0]!.error!.message).toContain('disk is full');
}

/** Writes until no more than so many bytes are free. */
function fill(leftBytes: number): void {
  const file = openSync(join(disk, 'filler'), 'a');
  const chunk = Buffer.alloc(4096, 1);
  try {
    for (let { bavail } = statfsSync(disk); leftBytes === 0 || bavail * 4096 > leftBytes; bavail--) {
      writeSync(file, chunk);
    }
  } catch (error) {
    expect(error).toMatchObject({ code: 'ENOSPC' });
  } finally {
    closeSync(file);
  }
}

async function makePipeline(): Promise<void> {
  const book = notebook({
    a: 'import numpy\nfrom sklearn.metrics import mean_absolute_error\nROWS = 1000\nFILL = False',
    make: [
      'table = numpy.ones(ROWS)',
      'while FILL:',
      '    try:',
      '        open("filler.bin", "ab", buffering=0).write(bytes(65536))',
      '    except OSError:',
      '        break'
    ].join('\n'),
    m: 'mae = mean_absolute_error([0.0], table[:1])\nprint("mae", mae)'
  });
  const grouping = [{ name: 'make', cells: ['a', 'make'] }, { name: 'm', cells: ['m'] }];
  const proof = (await call('POST', '/api/v1/proofs', { name: 'rows', notebookPath: book.path, notebook: book.json, grouping })).body as { id: string };
  await until(async () => ((await call('GET', `/api/v1/proofs/${proof.id}`)).body as { status: string }).status === 'same');
  expect(await call('POST', '/api/v1/pipelines', { proofId: proof.id })).toMatchObject({ status: 201 });
}

const runOf = async (runId: string): Promise<PipelineRun> => (await call('GET', `/api/v1/pipeline-runs/${runId}`)).body as PipelineRun;

async function call(method: string, path: string, body?: unknown): Promise<{ status: number; body: unknown }> {
  const response = await fetch(daemon.url + path, { method, ...(body !== undefined && { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }), signal: AbortSignal.timeout(30_000) });
  return { status: response.status, body: await response.json() };
}

async function upload(name: string, sizeBytes: number): Promise<{ status: number; body: unknown }> {
  const response = await fetch(`${daemon.url}${ARTIFACTS}/tests/${name}`, { method: 'PUT', headers: { 'content-type': 'application/octet-stream' }, body: Buffer.alloc(sizeBytes, 7), signal: AbortSignal.timeout(30_000) });
  return { status: response.status, body: await response.json() };
}

function download(name: string): Promise<Response> {
  return fetch(`${daemon.url}${ARTIFACTS}/tests/${name}`, { signal: AbortSignal.timeout(30_000) });
}
