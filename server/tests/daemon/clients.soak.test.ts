import { readFileSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { Home, type Daemon } from './slipway';

/** `npm run test:soak` gives five minutes. */
const SECONDS = Math.min(300, Number(process.env.SLIPWAY_SOAK_SECONDS ?? 10));
const CLIENTS = 200;
const API = '/api/2.0/mlflow';
const MB = 2 ** 20;
jest.setTimeout((SECONDS + 180) * 1000);
const home = new Home();
let daemon: Daemon;
beforeAll(async () => {
  daemon = await home.serve();
}, 120_000);
afterAll(() => home.remove());

const agent = new Agent({ keepAlive: true, maxSockets: CLIENTS });

function call(method: string, path: string, body?: object | Buffer): Promise<{ status: number; text: string }> {
  const isJson = body !== undefined && !Buffer.isBuffer(body);
  return new Promise((resolve, reject) => {
    const req = request(daemon.url + path, { method, agent, headers: { 'content-type': isJson ? 'application/json' : 'application/octet-stream' } }, res => {
      const parts: Buffer[] = [];
      res.on('data', (part: Buffer) => parts.push(part)).on('end', () => resolve({ status: res.statusCode!, text: Buffer.concat(parts).toString() })).on('error', reject);
    });
    req.on('error', reject);
    req.end(isJson ? JSON.stringify(body) : body);
  });
}

function memoryMb(): number {
  return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${daemon.pid}/status`, 'utf8'))![1]) / 1024;
}

/** What one client does over and over: a run with params, metrics and a file, then a look at it. */
async function train(answers: Map<string, number>, until: number): Promise<void> {
  const ask = async (method: string, path: string, body?: object | Buffer): Promise<string> => {
    const { status, text } = await call(method, path, body);
    const key = status === 200 ? '200' : `${status} ${text.slice(0, 200)}`;
    answers.set(key, (answers.get(key) ?? 0) + 1);
    return text;
  };
  while (Date.now() < until) {
    const { run } = JSON.parse(await ask('POST', `${API}/runs/create`, { experiment_id: '0', start_time: Date.now() })) as { run: { info: { run_id: string } } };
    const run_id = run.info.run_id;
    await ask('POST', `${API}/runs/log-batch`, { run_id, params: [{ key: 'lr', value: '0.1' }], metrics: Array.from({ length: 50 }, (_, step) => ({ key: 'loss', value: 1 / (step + 1), timestamp: step, step })) });
    for (let step = 0; step < 5; step++) {
      await ask('POST', `${API}/runs/log-metric`, { run_id, key: 'acc', value: step / 5, timestamp: step, step });
    }
    await ask('PUT', `/api/2.0/mlflow-artifacts/artifacts/0/${run_id}/artifacts/note.txt`, Buffer.alloc(20_000, run_id));
    await ask('GET', `/api/2.0/mlflow-artifacts/artifacts/0/${run_id}/artifacts/note.txt`);
    await ask('POST', `${API}/runs/search`, { experiment_ids: ['0'], filter: 'metrics.acc > 0.5', order_by: ['metrics.acc DESC'], max_results: 10 });
    await ask('POST', `${API}/runs/update`, { run_id, status: 'FINISHED', end_time: Date.now() });
  }
}

test(`${CLIENTS} clients at once for ${SECONDS} s: no error, and memory stays where it was`, async () => {
  const answers = new Map<string, number>();
  const until = Date.now() + SECONDS * 1000;
  const working = Promise.all(Array.from({ length: CLIENTS }, () => train(answers, until)));
  const memory: number[] = [];
  while (Date.now() < until) {
    await sleep(SECONDS * 20);
    memory.push(memoryMb());
  }
  await working;
  const calls = answers.get('200') ?? 0;
  const quarter = Math.max(1, Math.floor(memory.length / 4));
  const mean = (values: number[]): number => values.reduce((a, b) => a + b, 0) / values.length;
  const [early, late] = [mean(memory.slice(quarter, 2 * quarter)), mean(memory.slice(-quarter))];
  process.stderr.write(`${calls} calls in ${SECONDS} s, memory ${early.toFixed(0)} → ${late.toFixed(0)} MB, at most ${Math.max(...memory).toFixed(0)} MB\n`);
  expect([...answers.keys()]).toEqual(['200']);
  expect(calls).toBeGreaterThan(CLIENTS);
  expect(late - early).toBeLessThan(100);
  expect(Math.max(...memory)).toBeLessThan(500);
});

test.each([
  ['that say their length', true, 4, 64],
  ['that do not say it: no more than the limit is held', false, 2, 4 * 64]
])('bodies over the limit %s are 413 and cost no memory', async (_what, isSaid, atOnce, mostMb) => {
  const before = memoryMb();
  let most = before;
  const watch = setInterval(() => (most = Math.max(most, memoryMb())), 20);
  const statuses = await Promise.all(Array.from({ length: atOnce }, () => sendTooMuch(isSaid)));
  clearInterval(watch);
  process.stderr.write(`memory ${before.toFixed(0)} MB, with too large bodies at most ${most.toFixed(0)} MB\n`);
  expect(statuses).toEqual(Array.from({ length: atOnce }, () => 413));
  expect(most - before).toBeLessThan(mostMb);
  expect((await call('GET', `${API}/experiments/get?experiment_id=0`)).status).toBe(200);
});

/** Sends up to 300 MB where 64 are taken; gives the status. */
function sendTooMuch(isSaid: boolean): Promise<number> {
  const chunk = Buffer.alloc(MB, 0x20);
  return new Promise((resolve, reject) => {
    const headers = { 'content-type': 'application/json', ...(isSaid ? { 'content-length': 300 * MB } : { 'transfer-encoding': 'chunked' }) };
    const req = request(`${daemon.url}${API}/runs/log-batch`, { method: 'POST', headers }, res => {
      resolve(res.statusCode!);
      req.destroy();
    });
    req.on('error', reject);
    const pump = (left: number): void => {
      if (left === 0) req.end();
      else if (!req.destroyed) req.write(chunk, () => pump(left - 1));
    };
    pump(300);
  });
}
