// An eight-step chain of trivial steps: Slipway, every step in a process of its
// own, beside papermill's Python API running the same eight cells as notebooks
// one after the other. Prints a table, then one line of JSON.
import { execFile, spawn, spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { promisify } from 'node:util';
import { UV } from '../scripts/setup/python.mjs';

const run = promisify(execFile);
const ROOT = join(import.meta.dirname ?? new URL('.', import.meta.url).pathname, '..');
const STEPS = 8;
const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 10);
const PEER_ROUNDS = Number(process.env.BENCH_PEER_ROUNDS ?? 2);

const cells = Array.from({ length: STEPS }, (_, i) => ({
  id: `step${i}`,
  cell_type: 'code',
  metadata: {},
  outputs: [],
  execution_count: null,
  source:
    i === 0 ? 'value0 = [1.0]' : i < STEPS - 1 ? `value${i} = value${i - 1} + [${i}.0]` : `from sklearn.metrics import mean_absolute_error\nmae = mean_absolute_error(value${i - 1}, [0.0] * ${i})\nprint("mae", mae)`
}));
const notebook = { nbformat: 4, nbformat_minor: 5, metadata: { kernelspec: { name: 'python3', display_name: 'Python 3' }, language_info: { name: 'python' } }, cells };

const median = values => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
const seconds = ms => `${(ms / 1000).toFixed(3)} s`;

async function startDaemon(home) {
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
  return { url, stop: () => new Promise(resolve => (child.once('exit', resolve), child.kill('SIGTERM'))) };
}

const api = url => async (method, path, body) => {
  const response = await fetch(`${url}/api/v1${path}`, { method, ...(body && { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }) });
  const json = await response.json();
  if (!response.ok) throw new Error(`${path}: ${json.detail}`);
  return json;
};

/** Waits by the daemon's own news, as every client does. */
async function createWatcher(url) {
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
        if (event?.type === 'run.changed' && ['succeeded', 'failed', 'cancelled'].includes(event.data.status)) {
          seen.set(event.subject, event.data.status);
          waiters.get(event.subject)?.(event.data.status);
        }
      }
    }
  })().catch(() => undefined);
  return { ended: runId => new Promise(resolve => (seen.has(runId) ? resolve(seen.get(runId)) : waiters.set(runId, resolve))), stop: () => abort.abort() };
}

async function timeRun(call, watcher, useCache, isCached = useCache) {
  const start = performance.now();
  const started = await call('POST', '/pipelines/bench/runs', { useCache });
  const status = ['succeeded', 'failed'].includes(started.status) ? started.status : await watcher.ended(started.runId);
  const ms = performance.now() - start;
  const shown = await call('GET', `/pipeline-runs/${started.runId}`);
  if (status !== 'succeeded') throw new Error(`the run ${status}: ${JSON.stringify(shown.steps.find(s => s.error))}`);
  const pids = new Set(shown.steps.map(s => s.pid));
  if (isCached ? shown.steps.some(s => !s.cached) : pids.size !== STEPS) throw new Error('the run was not what is measured');
  return ms;
}

async function slipway(folder) {
  const home = join(folder, 'home');
  const daemon = await startDaemon(home);
  try {
    const call = api(daemon.url);
    const path = join(folder, 'chain.ipynb');
    await writeFile(path, JSON.stringify(notebook));
    const grouping = cells.map((c, i) => ({ name: `step ${i + 1}`, cells: [c.id] }));
    let proof = await call('POST', '/proofs', { name: 'bench', notebookPath: path, grouping });
    while (proof.status === 'running') {
      await new Promise(resolve => setTimeout(resolve, 100));
      proof = await call('GET', `/proofs/${proof.id}`);
    }
    if (proof.status !== 'same') throw new Error(`the proof is ${proof.status}: ${JSON.stringify(proof.differences)}`);
    await call('POST', '/pipelines', { proofId: proof.id });
    const watcher = await createWatcher(daemon.url);
    const cold = await timeRun(call, watcher, true, false); // fills the cache, warms the pool
    const warm = [];
    for (let i = 0; i < ROUNDS; i++) warm.push(await timeRun(call, watcher, false));
    const cached = [];
    for (let i = 0; i < ROUNDS; i++) cached.push(await timeRun(call, watcher, true));
    watcher.stop();
    return { coldMs: cold, warmMs: median(warm), cachedMs: median(cached) };
  } finally {
    await daemon.stop();
  }
}

/** papermill in a Python environment of its own: eight notebooks by its API, values handed on as JSON. */
async function papermill(folder) {
  const venv = join(folder, 'papermill');
  // uv as the set-up left it, else the machine's own, else Python's.
  const uv = [UV, 'uv'].find(program => spawnSync(program, ['--version']).status === 0);
  if (uv) {
    await run(uv, ['venv', '--quiet', venv]);
    await run(uv, ['pip', 'install', '--quiet', '--python', join(venv, 'bin/python'), 'papermill', 'ipykernel']);
  } else {
    await run('python3', ['-m', 'venv', venv]);
    await run(join(venv, 'bin/python'), ['-m', 'pip', 'install', '--quiet', 'papermill', 'ipykernel']);
  }
  const script = join(folder, 'peer.py');
  await writeFile(script, PAPERMILL);
  const { stdout } = await run(join(venv, 'bin/python'), [script, String(STEPS), String(PEER_ROUNDS)], { cwd: folder, maxBuffer: 1 << 26 });
  return JSON.parse(stdout.trim().split('\n').at(-1));
}

const PAPERMILL = `
import json, sys, time, statistics, nbformat, papermill
steps, rounds = int(sys.argv[1]), int(sys.argv[2])
for i in range(steps):
    nb = nbformat.v4.new_notebook(metadata={"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}})
    body = "value = [1.0]" if i == 0 else "value = json.load(open('value.json')) + [%d.0]" % i
    if i == steps - 1:
        body += "\\nmae = sum(abs(v) for v in value) / len(value)\\nprint('mae', mae)"
    first = nbformat.v4.new_code_cell("n = 1"); first.metadata["tags"] = ["parameters"]
    nb.cells = [first, nbformat.v4.new_code_cell("import json\\n" + body + "\\njson.dump(value, open('value.json', 'w'))")]
    nbformat.write(nb, "in%d.ipynb" % i)
times = []
for _ in range(rounds):
    start = time.perf_counter()
    for i in range(steps):
        papermill.execute_notebook("in%d.ipynb" % i, "out%d.ipynb" % i, parameters={"n": i}, progress_bar=False)
    times.append((time.perf_counter() - start) * 1000)
print(json.dumps({"version": papermill.__version__, "ms": statistics.median(times)}))
`;

const folder = await mkdtemp(join(tmpdir(), 'slipway-bench-'));
try {
  const ours = await slipway(folder);
  const peer = await papermill(folder).catch(error => ({ error: String(error.message).split('\n')[0] }));
  const rows = [
    [`Slipway, warm (median of ${ROUNDS})`, seconds(ours.warmMs), '≤ 1.0 s'],
    [`Slipway, cached (median of ${ROUNDS})`, seconds(ours.cachedMs), '≤ 0.3 s'],
    ['Slipway, first run', seconds(ours.coldMs), ''],
    [`papermill ${peer.version ?? ''} (median of ${PEER_ROUNDS})`, peer.ms ? seconds(peer.ms) : `not measured: ${peer.error}`, '']
  ];
  console.log(`A chain of ${STEPS} trivial steps, each in a process of its own`);
  for (const [name, value, goal] of rows) console.log(`  ${name.padEnd(38)} ${value.padStart(10)}  ${goal}`);
  console.log(JSON.stringify({ bench: 'pipelines', steps: STEPS, ...ours, papermillMs: peer.ms ?? null, papermillVersion: peer.version ?? null, node: process.version }));
} finally {
  await rm(folder, { recursive: true, force: true });
}
