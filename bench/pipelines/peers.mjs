// Peers, each in a Python environment of its own that goes with the figures.
import { execFile, spawnSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { UV } from '../../scripts/setup/python.mjs';

const run = promisify(execFile);

async function inEnvironment(folder, name, packages, script, args, env = {}) {
  const venv = join(folder, name);
  // uv as the set-up left it, else the machine's own, else Python's.
  const uv = [UV, 'uv'].find(program => spawnSync(program, ['--version']).status === 0);
  if (uv) {
    await run(uv, ['venv', '--quiet', venv]);
    await run(uv, ['pip', 'install', '--quiet', '--python', join(venv, 'bin/python'), ...packages]);
  } else {
    await run('python3', ['-m', 'venv', venv]);
    await run(join(venv, 'bin/python'), ['-m', 'pip', 'install', '--quiet', ...packages]);
  }
  const file = join(folder, `peer-${name}.py`); // a name of its own: Python would import it in place of the peer
  await writeFile(file, script);
  const { stdout } = await run(join(venv, 'bin/python'), [file, ...args.map(String)], { cwd: folder, maxBuffer: 1 << 26, timeout: 300_000, env: { ...process.env, ...env } });
  return JSON.parse(stdout.trim().split('\n').at(-1));
}

/** Eight notebooks by papermill's API one after the other, values handed on as JSON. */
export const papermill = (folder, steps, rounds) => inEnvironment(folder, 'papermill', ['papermill', 'ipykernel'], PAPERMILL, [steps, rounds]);

/** A flow of as many tasks, in one process; its own server, started by it, beside. Newer FastAPIs refuse what Prefect asks of them. */
export const prefect = (folder, steps, rounds) =>
  inEnvironment(folder, 'prefect', ['prefect', 'fastapi<0.116'], PREFECT, [steps, rounds], { HOME: folder, PREFECT_HOME: join(folder, 'prefect-home'), PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS: '120', PREFECT_LOGGING_LEVEL: 'ERROR', PREFECT_SERVER_ANALYTICS_ENABLED: 'false', DO_NOT_TRACK: '1' });

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

const PREFECT = `
import json, sys, time, statistics, prefect
from prefect import flow, task
steps, rounds = int(sys.argv[1]), int(sys.argv[2])
@task
def step(value, i):
    return value + [float(i)]
@flow
def chain():
    value = []
    for i in range(steps):
        value = step(value, i)
    return sum(value) / len(value)
if __name__ == "__main__":
    chain()  # starts its server
    times = []
    for _ in range(rounds):
        start = time.perf_counter()
        chain()
        times.append((time.perf_counter() - start) * 1000)
    print(json.dumps({"version": prefect.__version__, "ms": statistics.median(times)}))
`;
