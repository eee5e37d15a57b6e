import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { execFileSync } from 'node:child_process';
import { startApp, type RunningApp } from '../running-app';
import { folderWith, slipway } from './command-line';

jest.setTimeout(240_000);

let app: RunningApp;
beforeAll(async () => {
  app = await startApp();
  process.env.SLIPWAY_URL = app.url;
});
afterAll(() => app.stop());

const FLOW = `import math
import pandas as pd
import slipway

SCALE = 2.0

def scaled(x):
    return x * SCALE

@slipway.step
def load(rows: int) -> pd.DataFrame:
    return pd.DataFrame({'x': range(rows)})

@slipway.step(timeout_ms=60_000)
def total(frame: pd.DataFrame, power: int = 1) -> float:
    value = scaled(float(frame['x'].sum())) ** power
    print('total', value)
    return value

@slipway.step
def parts(frame: pd.DataFrame) -> list[int]:
    return [int(v) for v in frame['x']]

@slipway.step
def square(v: int) -> int:
    return v * v

@slipway.step
def add_up(values: list) -> float:
    print('squares', math.fsum(values))
    return math.fsum(values)

@slipway.pipeline(max_active_runs=1)
def flow(rows: int = 4):
    frame = load(rows)
    return total(frame), add_up(square.map(parts(frame)))

if __name__ == '__main__':
    print(flow(3))
`;

test('a module becomes a pipeline that runs as it does when called', async () => {
  const folder = folderWith({ 'flow.py': FLOW });
  const python = join(__dirname, '../../../.venv/bin/python');
  const env = { ...process.env, PYTHONPATH: join(__dirname, '../../../kernels-bridge/python') };
  expect(execFileSync(python, [join(folder, 'flow.py')], { env, encoding: 'utf8' })).toBe('total 6.0\nsquares 5.0\n(6.0, 5.0)\n');
  const applied = await slipway('apply', join(folder, 'flow.py'), '--json');
  expect([applied.code, JSON.parse(applied.stdout)]).toMatchObject([0, [{ pipeline: 'flow', version: 1, warnings: [] }]]);
  const version = (await app.call('GET', '/pipelines/flow/versions/1')).body;
  expect(version).toMatchObject({ notebookPath: join(folder, 'flow.py'), params: [{ name: 'rows', value: 4 }], options: { maxActiveRuns: 1, steps: { total: { timeoutMs: 60_000 }, square: { map: { over: 'parts_value' } } } } });
  expect(version.steps.find((s: { name: string }) => s.name === 'total')).toMatchObject({ after: ['load'], inputs: ['load_value'], types: { load_value: 'dataframe', total_value: 'number' } });
  expect((await slipway('apply', join(folder, 'flow.py'))).stdout).toBe('flow is unchanged: version 1.\n');
  const run = await slipway('run', 'flow', '--param', 'rows=3', '--wait', '--json');
  expect([run.code, JSON.parse(run.stdout).status]).toEqual([0, 'succeeded']);
  const logs = (await slipway('logs', JSON.parse(run.stdout).runId)).stdout;
  expect(logs).toContain('total 6.0');
  expect(logs).toContain('squares 5.0');
  expect((await slipway('pull', 'flow', folder)).code).toBe(0);
  expect(readFileSync(join(folder, 'flow.pipeline.yaml'), 'utf8')).toContain('notebook: flow.py');
  expect((await slipway('apply', join(folder, 'flow.pipeline.yaml'))).stdout).toBe('flow is unchanged: version 1.\n');
});

const HEAD = 'import slipway\n\n@slipway.step\ndef one() -> int:\n    return 1\n\n';
test.each([
  ['a lambda', 'f = slipway.step(lambda: 1)\n', /:7: A lambda cannot be a step/],
  ['a closure', 'def outer():\n    x = 1\n    @slipway.step\n    def inner():\n        return x\n    return inner\nouter()\n', /: inner uses x of the function around it/],
  ['a name the module does not bind', '@slipway.step\ndef two():\n    return missing\n\n@slipway.pipeline\ndef p():\n    two()\n', /:8: two uses missing, which its module does not bind/],
  ['an argument no cell can hold', '@slipway.step\ndef two(x):\n    return x\n\n@slipway.pipeline\ndef p():\n    two(open)\n', /:13: two: x is builtin_function_or_method, which cannot be written into a cell/],
  ['a look into a value', '@slipway.pipeline\ndef p():\n    if one():\n        one()\n', /:9: What one gives is not there while the pipeline is built/],
  ['a type mismatch', '@slipway.step\ndef two(x: str):\n    return x\n\n@slipway.pipeline\ndef p():\n    two(one())\n', /:13:1: two takes one_value as text, but one gives it as integer/],
  ['a parameter without a default', '@slipway.pipeline\ndef p(x):\n    one()\n', /:7: The parameter x of the pipeline p needs a default/],
  ['an unknown option', '@slipway.step(retires=2)\ndef two():\n    return 1\n\n@slipway.pipeline\ndef p():\n    two()\n', /:13:1: There is no field `retires` in steps.two/],
  ['a syntax error', 'def broken(:\n', /:7: SyntaxError/],
  ['no pipeline', '', /:1: The module declares no pipeline/]
])('%s is refused with the line of the module', async (_name, text, wanted) => {
  const { code, stdout } = await slipway('validate', join(folderWith({ 'flow.py': HEAD + text }), 'flow.py'), '--json');
  expect(code).toBe(2);
  expect(JSON.parse(stdout).error.message).toMatch(wanted);
});
