import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { PipelineRun } from '@slipway/schema';
import { HOME_PREFIX } from './leftovers';
import { notebook } from './notebook-fixtures';
import { until } from './running-app';
import { createTestDatabase } from './test-database';

jest.setTimeout(240_000);

const BIN = join(__dirname, '../../bin/slipway.mjs');

/** `slipway serve` as its owner starts it, on a database of the test's. */
async function serve(home: string, databaseUrl: string): Promise<{ child: ChildProcess; call: (method: string, path: string, body?: unknown) => Promise<any> }> { // eslint-disable-line @typescript-eslint/no-explicit-any -- each test knows its reply
  const child = spawn(process.execPath, [BIN, 'serve', '--home', home, '--port', '0', '--auth', 'none'], {
    env: { ...process.env, SLIPWAY_DATABASE_URL: databaseUrl, SLIPWAY_LOG_LEVEL: 'error' },
    stdio: ['ignore', 'pipe', 'inherit']
  });
  const url = await new Promise<string>((resolve, reject) => {
    let text = '';
    child.stdout!.on('data', chunk => {
      text += String(chunk);
      const ready = /^ready (\S+)$/m.exec(text)?.[1];
      if (ready !== undefined) resolve(ready);
    });
    child.on('exit', code => reject(new Error(`slipway serve ended with ${code}`)));
  });
  const call = async (method: string, path: string, body?: unknown): Promise<unknown> => {
    const response = await fetch(`${url}/api/v1${path}`, { method, ...(body !== undefined && { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }) });
    return response.json();
  };
  return { child, call };
}

test('a daemon killed in the middle of a run goes on with it after its restart; no step counts twice', async () => {
  const database = await createTestDatabase();
  const home = mkdtempSync(join(tmpdir(), `${HOME_PREFIX}${process.pid}-`));
  const book = notebook({
    a: 'import time\nfrom sklearn.metrics import mean_absolute_error\nWAIT = 0.0',
    first: 'one = [1.0]',
    slow: 'two = one + [2.0]\ntime.sleep(WAIT)',
    m: 'mae = mean_absolute_error([0.0, 0.0], two)\nprint("mae", mae)'
  });
  const grouping = ['first', 'slow', 'm'].map(id => ({ name: id, cells: id === 'first' ? ['a', 'first'] : [id] }));
  let daemon = await serve(home, database.url);
  try {
    const proof = await daemon.call('POST', '/proofs', { name: 'long', notebookPath: book.path, notebook: book.json, grouping });
    await until(async () => (await daemon.call('GET', `/proofs/${proof.id}`)).status === 'same');
    await daemon.call('POST', '/pipelines', { proofId: proof.id });
    const { runId } = await daemon.call('POST', '/pipelines/long/runs', { params: { WAIT: 4.0 }, useCache: false });
    const pid = await until(async () => ((await daemon.call('GET', `/pipeline-runs/${runId}`)) as PipelineRun).steps.find(s => s.name === 'slow' && s.status === 'running' && s.pid !== null)?.pid ?? undefined);
    await sleep(300);
    daemon.child.removeAllListeners('exit');
    daemon.child.kill('SIGKILL');
    await new Promise(resolve => daemon.child.once('exit', resolve));
    await until(() => !isAlive(pid), 5_000);
    const restarted = Date.now();
    daemon = await serve(home, database.url);
    const run = await until(async () => {
      const found = (await daemon.call('GET', `/pipeline-runs/${runId}`)) as PipelineRun;
      return found.status === 'succeeded' && found;
    });
    expect(Date.now() - restarted).toBeLessThan(25_000); // at once, not after the lease
    expect(run.steps.map(s => [s.name, s.status, s.attempts])).toEqual([['first', 'succeeded', 1], ['slow', 'succeeded', 2], ['m', 'succeeded', 1]]);
    expect(run.metrics).toEqual({ mae: 1.5 });
    const jobs = await database.db.selectFrom('job').select(['retries', 'losses']).where('losses', '>', 0).execute();
    expect(jobs).toEqual([{ retries: 0, losses: 1 }]);
  } finally {
    daemon.child.removeAllListeners('exit');
    const ended = new Promise(resolve => daemon.child.once('exit', resolve));
    daemon.child.kill('SIGTERM');
    await ended;
    await database.drop();
    rmSync(home, { recursive: true, force: true });
  }
});

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
