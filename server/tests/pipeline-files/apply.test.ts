import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CLASSIFIER, CLASSIFIER_FILES, notebook } from '../notebook-fixtures';
import { startApp, type RunningApp } from '../running-app';
import { folderWith, slipway } from './command-line';

jest.setTimeout(240_000);

let app: RunningApp;
beforeAll(async () => {
  app = await startApp();
  process.env.SLIPWAY_URL = app.url;
});
afterAll(() => app.stop());

const SCRIPT = `# %% [load]
import pandas as pd
ROWS = 4
frame = pd.DataFrame({'x': range(ROWS)})

# %% [score] Sum it up
total = float(frame['x'].sum())
print('total', total)
`;
const YAML = `# Owned by the data team.
slipway: 1
name: sums
steps:
  load:
    outputs: {frame: dataframe}
  score:
    inputs: {frame: dataframe}
    timeoutMs: 60000 # a minute is plenty
schedule: {cron: 0 3 * * *, timeZone: Europe/Berlin}
`;

test('a file becomes a pipeline that runs, and is told to be unchanged', async () => {
  const folder = folderWith({ 'sums.pipeline.yaml': YAML, 'sums.py': SCRIPT });
  const file = join(folder, 'sums.pipeline.yaml');
  expect((await slipway('diff', file)).code).toBe(1);
  const applied = await slipway('apply', file, '--json');
  expect(applied.code).toBe(0);
  expect(JSON.parse(applied.stdout)).toMatchObject([{ pipeline: 'sums', version: 1, status: 'saved', steps: ['load', 'score'] }]);
  const version = (await app.call('GET', '/pipelines/sums/versions/1')).body;
  expect(version).toMatchObject({ notebookPath: join(folder, 'sums.py'), options: { steps: { score: { timeoutMs: 60_000 } } }, params: [{ name: 'ROWS', value: 4 }] });
  expect(version.steps).toMatchObject([{ outputs: ['frame'], after: [] }, { inputs: ['frame'], after: ['load'], types: { frame: 'dataframe' } }]);
  expect((await app.call('GET', '/pipelines/sums')).body.schedule).toMatchObject({ cron: '0 3 * * *', timeZone: 'Europe/Berlin' });
  expect((await slipway('apply', file)).stdout).toBe('sums is unchanged: version 1.\n');
  expect(await slipway('diff', file)).toMatchObject({ code: 0, stdout: 'sums is unchanged: version 1.\n' });

  const run = await slipway('run', 'sums', '--param', 'ROWS=5', '--wait', '--json');
  expect([run.code, JSON.parse(run.stdout).status]).toEqual([0, 'succeeded']);
  expect((await slipway('logs', JSON.parse(run.stdout).runId)).stdout).toContain('total 10.0');

  const pulled = await slipway('pull', 'sums', folder);
  expect(pulled.stdout.match(/unchanged/g)).toHaveLength(2);
  expect(readFileSync(file, 'utf8')).toBe(YAML);
  expect(readFileSync(join(folder, 'sums.py'), 'utf8')).toBe(SCRIPT);

  writeFileSync(join(folder, 'sums.py'), SCRIPT.replace('ROWS = 4', 'ROWS = 6'));
  const differs = await slipway('diff', file);
  expect(differs.code).toBe(1);
  expect(differs.stdout).toContain('-ROWS = 4\n+ROWS = 6\n');
  expect(JSON.parse((await slipway('apply', file, '--json')).stdout)).toMatchObject([{ version: 2, status: 'saved' }]);
});

test('a pipeline of a notebook goes to files and back without becoming another', async () => {
  const book = notebook(CLASSIFIER, CLASSIFIER_FILES);
  expect(await slipway('productionize', book.path, '--name', 'forest', '--param', 'TREES=9', '--allow-differences')).toMatchObject({ code: 0 });
  const elsewhere = folderWith({});
  expect((await slipway('pull', 'forest', elsewhere)).code).toBe(0);
  const file = join(elsewhere, 'forest.pipeline.yaml');
  expect(readFileSync(file, 'utf8')).toContain('notebook: ../');
  expect(JSON.parse((await slipway('apply', file, '--json')).stdout)).toMatchObject([{ pipeline: 'forest', version: 1, status: 'unchanged' }]);
  expect(JSON.parse((await slipway('validate', file, '--json')).stdout)).toMatchObject([{ pipeline: 'forest', params: expect.arrayContaining(['SEED', 'TREES']) }]);
});

test('the daemon refuses what cannot be, with the place named', async () => {
  const files = (yaml: string, script = SCRIPT) => [{ path: 'sums.pipeline.yaml', text: yaml }, { path: 'sums.py', text: script }];
  const folder = folderWith({});
  const refuse = async (yaml: string) => {
    const { status, body } = await app.call('POST', '/pipeline-files', { folder, files: files(yaml) });
    expect([status, body.code]).toEqual([400, 'pipeline_file_invalid']);
    return body.errors as { path: string; message: string }[];
  };
  expect(await refuse(YAML.replace('timeoutMs: 60000', 'resources: {gpus: 900}'))).toEqual([{ path: 'sums.pipeline.yaml:9:23', message: expect.stringContaining('asks for 900 gpus; this machine has') }]);
  expect(await refuse(YAML.replace('0 3 * * *', '99 3 * * *'))).toEqual([{ path: 'sums.pipeline.yaml:10:18', message: expect.stringContaining('99 3 * * *') }]);
  expect((await app.call('POST', '/pipeline-files', { folder, files: files(YAML.replace('name: sums', 'name: sums\nkernel: cobol')) })).body.code).toBe('kernel_not_found');
  expect((await app.call('POST', '/pipeline-files', { folder: 'here', files: files(YAML) })).body.code).toBe('path_not_absolute');
  expect((await app.call('POST', '/pipeline-files', { folder: join(folder, 'gone'), files: files(YAML) })).body.code).toBe('folder_not_found');
});

test('a file holds all that starts its pipeline: what it names is so, what it does not is gone', async () => {
  const folder = folderWith({ 'sums.py': SCRIPT });
  const file = (name: string) => join(folder, `${name}.pipeline.yaml`);
  const write = (name: string, starters: string) => writeFileSync(file(name), YAML.replace('name: sums', `name: ${name}\nscript: sums.py`).replace(/schedule: .*\n/, starters));
  const apply = async (...names: string[]) => {
    const { code, stdout, stderr } = await slipway('apply', ...names.map(file), '--json');
    expect([code, stderr]).toEqual([0, expect.not.stringContaining('error')]);
    return JSON.parse(stdout) as { pipeline: string; status: string; starters: { kind: string; name: string; change: string }[]; hooks: { trigger: string; path: string; secret: string }[] }[];
  };
  const schedules = async () => (await app.call('GET', '/pipelines/flow/schedules')).body.items as { id: string; name: string; nextFireAt: string }[];
  const triggers = async () => (await app.call('GET', '/pipelines/flow/triggers')).body.items as { id: string; name: string; hookPath: string | null }[];
  const STARTERS = `schedules:
  # By the clock of the office.
  nightly: {cron: 0 3 * * *, timeZone: Europe/Berlin, catchUp: all, maxCatchUp: 3}
  often: {intervalMs: 3600000, overlap: queue, params: {ROWS: 2}} # every hour
triggers:
  push or data:
    when:
      any:
        - all: [{kind: webhook, verify: github, branch: main}]
        - all: [{kind: files, glob: ${folder}/*.csv}, {kind: pipeline, pipeline: upstream}]
    debounceMs: 2000
`;
  write('flow', STARTERS);
  write('upstream', '');
  // Given in the wrong order, and neither is there yet.
  const [upstream, flow] = await apply('flow', 'upstream');
  expect([upstream!.pipeline, flow!.pipeline]).toEqual(['upstream', 'flow']);
  expect(flow!.starters).toEqual([
    { kind: 'schedule', name: 'nightly', change: 'added' },
    { kind: 'schedule', name: 'often', change: 'added' },
    { kind: 'trigger', name: 'push or data', change: 'added' }
  ]);
  expect(flow!.hooks).toEqual([{ trigger: 'push or data', path: (await triggers())[0]!.hookPath, secret: expect.stringMatching(/.{20}/) }]);
  expect(await schedules()).toMatchObject([{ name: 'nightly', cron: '0 3 * * *', catchUp: 'all', maxCatchUp: 3 }, { name: 'often', intervalMs: 3_600_000, overlap: 'queue', params: { ROWS: 2 } }]);
  const before = [await schedules(), await triggers()];
  expect((await slipway('apply', file('flow'))).stdout).toBe('flow is unchanged: version 1.\n');
  expect((await slipway('pull', 'flow', folder)).stdout.match(/unchanged/g)).toHaveLength(2);
  expect([await schedules(), await triggers()]).toEqual(before);

  const spec = { name: 'by hand', cron: '0 6 * * *' };
  expect((await app.call('POST', '/pipelines/flow/schedules', spec)).status).toBe(201);
  expect(await slipway('diff', file('flow'))).toMatchObject({ code: 1, stdout: expect.stringContaining('-  by hand:') });
  expect((await slipway('pull', 'flow', folder)).code).toBe(0);
  expect(readFileSync(file('flow'), 'utf8')).toContain(`${STARTERS.split('triggers:')[0]}  by hand:\n    cron: 0 6 * * *\ntriggers:`);

  write('flow', STARTERS.replace('overlap: queue', 'overlap: skip').replace('verify: github', 'verify: gitlab'));
  expect(await apply('flow')).toMatchObject([{
    status: 'saved',
    hooks: [],
    starters: [{ kind: 'schedule', name: 'often', change: 'changed' }, { kind: 'schedule', name: 'by hand', change: 'removed' }, { kind: 'trigger', name: 'push or data', change: 'changed' }]
  }]);
  const after = await schedules();
  expect(after.map(s => [s.id, s.nextFireAt])).toEqual(before[0]!.map(s => [s.id, (s as { nextFireAt: string }).nextFireAt]));

  write('flow', ''); // says nothing of them: they stay
  expect(await apply('flow')).toMatchObject([{ status: 'unchanged', starters: [] }]);
  expect(await schedules()).toEqual(after);
  write('flow', 'schedule: {cron: 0 4 * * *, timeZone: UTC}\n'); // the older form: of one schedule only
  expect(await apply('flow')).toMatchObject([{ starters: [{ name: 'default', change: 'added' }] }]);
  write('flow', 'schedules: {}\ntriggers:\n');
  expect((await slipway('apply', file('flow'))).stdout).toBe('flow keeps version 1; schedule nightly removed, schedule often removed, schedule default removed, trigger push or data removed.\n');
  expect([await schedules(), await triggers()]).toEqual([[], []]);
});

test('what only the daemon can judge of a trigger is refused where it stands, and nothing is applied', async () => {
  const folder = folderWith({});
  const body = (name: string, trigger: string) => ({ folder, files: [{ path: `${name}.pipeline.yaml`, text: `slipway: 1\nname: ${name}\nscript: sums.py\nsteps: {load: {}, score: {}}\ntriggers:\n  after: {when: {any: [{all: [${trigger}]}]}}\n` }, { path: 'sums.py', text: SCRIPT }] });
  const refused = async (path: string, name: string, trigger: string) => {
    const { status, body: problem } = await app.call('POST', path, body(name, trigger));
    expect([status, problem.code]).toEqual([400, 'pipeline_file_invalid']);
    return problem.errors as object[];
  };
  for (const path of ['/pipeline-files', '/pipeline-files/check']) {
    expect(await refused(path, 'lone', '{kind: pipeline, pipeline: nobody}')).toEqual([{ path: 'lone.pipeline.yaml:6:58', message: 'There is no pipeline nobody to wait for.' }]);
    expect(await refused(path, 'lone', '{kind: pipeline, pipeline: lone}')).toEqual([{ path: 'lone.pipeline.yaml:6:58', message: expect.stringContaining('lone → lone') }]);
  }
  const ended = { ...body('lone', '{kind: event, type: x}') };
  ended.files[0]!.text += 'schedules:\n  past: {cron: 0 3 * * *, endAt: 2020-01-01T00:00:00Z}\n';
  for (const path of ['/pipeline-files', '/pipeline-files/check']) {
    expect((await app.call('POST', path, ended)).body.errors).toEqual([{ path: 'lone.pipeline.yaml:8:34', message: 'The schedule past never comes: it ended on 2020-01-01T00:00:00Z.' }]);
  }
  expect((await app.call('GET', '/pipelines/lone')).status).toBe(404);
  expect((await app.call('POST', '/pipeline-files', body('one', '{kind: event, type: x}'))).status).toBe(201);
  expect((await app.call('POST', '/pipeline-files', body('two', '{kind: pipeline, pipeline: one}'))).status).toBe(201);
  expect(await refused('/pipeline-files', 'one', '{kind: pipeline, pipeline: two}')).toEqual([{ path: 'one.pipeline.yaml:6:58', message: expect.stringContaining('one → two → one') }]);
});

test('whole notebooks are steps, with the cell tagged `parameters` honoured', async () => {
  const cell = (id: string, source: string, tags: string[] = []) => ({ id, cell_type: 'code', source, metadata: { tags }, outputs: [], execution_count: null });
  const book = (...cells: object[]) => JSON.stringify({ nbformat: 4, nbformat_minor: 5, metadata: { kernelspec: { name: 'python3', display_name: 'Python 3' } }, cells });
  const folder = folderWith({
    'etl.ipynb': book(cell('p', 'ROWS = 2\nUNIT = 1.0', ['parameters']), cell('w', "open('rows.txt', 'w').write(str(ROWS * UNIT))")),
    'report/report.ipynb': book(cell('r', "import os\nprint('report of', open('rows.txt').read(), os.environ['TEAM'])")),
    'notebooks.pipeline.yaml': 'slipway: 1\nname: notebooks\nsteps:\n  etl: {notebook: etl.ipynb, params: {ROWS: 5}}\n  report: {notebook: report/report.ipynb, after: [etl], env: {TEAM: data}}\n'
  });
  const applied = await slipway('apply', join(folder, 'notebooks.pipeline.yaml'));
  expect(applied).toMatchObject({ code: 0, stdout: 'notebooks has version 1: etl, report.\n' });
  expect((await app.call('GET', '/pipelines/notebooks/versions/1')).body.params).toMatchObject([{ name: 'ROWS', value: 5 }, { name: 'UNIT', value: 1 }]);
  const run = await slipway('run', 'notebooks', '--param', 'ROWS=7', '--wait', '--json');
  expect([run.code, JSON.parse(run.stdout).params]).toEqual([0, { ROWS: 7, UNIT: 1 }]);
  expect((await slipway('logs', JSON.parse(run.stdout).runId)).stdout).toContain('report of 7.0 data');
  const again = folderWith({});
  expect((await slipway('pull', 'notebooks', folder)).stdout).toMatch(/^unchanged/);
  expect((await slipway('pull', 'notebooks', again)).code).toBe(0);

  const alone = await slipway('run-notebook', join(folder, 'etl.ipynb'), '--param', 'ROWS=9', '--output', join(again, 'out.ipynb'), '--json');
  expect([alone.code, JSON.parse(alone.stdout)]).toMatchObject([0, { pipeline: 'etl', status: 'succeeded', params: { ROWS: 9, UNIT: 1 } }]);
  expect(readFileSync(join(again, 'out.ipynb'), 'utf8')).toContain('ROWS = 9');
});
