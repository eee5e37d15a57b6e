// Starts daemons for the figures of pipelines, and speaks with them as clients do.
import { fork, spawn } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const ROOT = join(import.meta.dirname, '../..');
const FINAL = ['succeeded', 'failed', 'cancelled'];

export const quantile = (values, q) => [...values].sort((a, b) => a - b)[Math.min(values.length - 1, Math.floor(q * values.length))];
export const median = values => quantile(values, 0.5);
export const seconds = ms => `${(ms / 1000).toFixed(3)} s`;

/** `slipway serve` on a home of its own. */
export async function startDaemon(home) {
  const child = spawn(process.execPath, [join(ROOT, 'bin/slipway.mjs'), 'serve', '--home', home, '--port', '0', '--auth', 'none'], { stdio: ['ignore', 'pipe', 'inherit'] });
  const url = await new Promise((resolve, reject) => {
    let text = '';
    child.stdout.on('data', chunk => {
      text += chunk;
      const ready = /^ready (\S+)$/m.exec(text);
      if (ready) resolve(ready[1]);
    });
    child.on('exit', code => reject(new Error(`the daemon ended with ${code}`)));
  });
  return { url, call: api(url), stop: () => ended(child) };
}

/** A daemon whose executor can be stubbed, on a machine taken to have `cpus`. */
export async function startStubbed(home, cpus = 64) {
  const child = fork(join(import.meta.dirname, 'stubbed-daemon.mjs'), [home, String(cpus)], { execArgv: process.env.BENCH_NODE_ARGS?.split(' ') ?? [] });
  const url = await new Promise((resolve, reject) => {
    child.once('message', message => resolve(message.url));
    child.once('exit', code => reject(new Error(`the daemon ended with ${code}`)));
  });
  let asked = 0;
  const ask = message =>
    new Promise(resolve => {
      const id = ++asked;
      const listen = reply => reply.id === id && (child.off('message', listen), resolve(reply));
      child.on('message', listen);
      child.send({ id, ...message });
    });
  return {
    url,
    call: api(url),
    /** From now on steps are stubbed, but for those named. */
    stub: (...labels) => ask({ ask: 'stub', labels }),
    reset: () => ask({ ask: 'reset' }),
    usage: () => ask({ ask: 'usage' }),
    stop: () => ended(child)
  };
}

const ended = child => new Promise(resolve => (child.once('exit', resolve), child.kill('SIGTERM')));

const api = url => async (method, path, body) => {
  const response = await fetch(`${url}/api/v1${path}`, { method, ...(body && { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }) });
  const json = await response.json();
  if (!response.ok) throw new Error(`${path}: ${json.detail}`);
  return json;
};

/** Saves a notebook of these cells (by id), each a step of its own, as a pipeline. */
export async function savePipeline({ call }, folder, name, sources, options) {
  const cells = Object.entries(sources).map(([id, source]) => ({ id, cell_type: 'code', metadata: {}, outputs: [], execution_count: null, source }));
  const notebook = { nbformat: 4, nbformat_minor: 5, metadata: { kernelspec: { name: 'python3', display_name: 'Python 3' }, language_info: { name: 'python' } }, cells };
  const path = join(folder, `${name}.ipynb`);
  await writeFile(path, JSON.stringify(notebook));
  let proof = await call('POST', '/proofs', { name, notebookPath: path, sinks: cells.map(c => c.id), grouping: cells.map(c => ({ name: c.id, cells: [c.id] })) });
  while (proof.status === 'running') {
    await sleep(100);
    proof = await call('GET', `/proofs/${proof.id}`);
  }
  if (proof.status !== 'same') throw new Error(`the proof is ${proof.status}: ${JSON.stringify(proof.differences)}`);
  await call('POST', '/pipelines', { proofId: proof.id });
  if (options) await call('PUT', `/pipelines/${name}/options`, options);
}

/** Runs the pipeline and gives the run, once it has succeeded. */
export async function runOnce({ call }, name, body = {}) {
  let run = await call('POST', `/pipelines/${name}/runs`, { useCache: false, ...body });
  while (!FINAL.includes(run.status)) {
    await sleep(100);
    run = await call('GET', `/pipeline-runs/${run.runId}`);
  }
  if (run.status !== 'succeeded') throw new Error(`the run ${run.status}: ${JSON.stringify(run.steps.find(s => s.error)?.error)}`);
  return run;
}

/** Waits by the daemon's own news, as every client does. */
export async function createWatcher(url) {
  const abort = new AbortController();
  const response = await fetch(`${url}/api/v1/events`, { signal: abort.signal });
  const waiters = new Map();
  const seen = new Map();
  (async () => {
    let text = '';
    for await (const chunk of response.body) {
      text += Buffer.from(chunk).toString();
      for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
        const data = /^data: (.*)$/m.exec(text.slice(0, end));
        text = text.slice(end + 2);
        const event = data && JSON.parse(data[1]);
        if (event?.type === 'run.changed' && FINAL.includes(event.data.status)) {
          seen.set(event.subject, event.data.status);
          waiters.get(event.subject)?.(event.data.status);
        }
      }
    }
  })().catch(() => undefined);
  return { ended: runId => new Promise(resolve => (seen.has(runId) ? resolve(seen.get(runId)) : waiters.set(runId, resolve))), stop: () => abort.abort() };
}

/** A chain of so many trivial steps; the last gives a metric. */
export function chainOf(steps) {
  const source = i =>
    i === 0 ? 'value0 = [1.0]' : i < steps - 1 ? `value${i} = value${i - 1} + [${i}.0]` : `from sklearn.metrics import mean_absolute_error\nmae = mean_absolute_error(value${i - 1}, [0.0] * ${i})\nprint("mae", mae)`;
  return Object.fromEntries(Array.from({ length: steps }, (_, i) => [`step${i}`, source(i)]));
}
