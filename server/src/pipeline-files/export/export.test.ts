import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';
import { buildContent } from '../build';
import { readSources } from '../read-sources';
import { wholeStarters } from '../starters';
import { exportPipeline } from '.';

const FOLDER = join(__dirname, '../../../tests/pipeline-files/exported');
const files = ['parts.pipeline.yaml', 'parts.py'].map(path => ({ path, text: readFileSync(join(FOLDER, path), 'utf8') }));
const { name, content, starters } = buildContent(readSources(FOLDER, files));
const exported = (target: 'airflow' | 'kfp' | 'argo') => exportPipeline(target, { name, content, starters: wholeStarters(starters) });
const named = (warnings: string[], words: RegExp) => warnings.some(w => words.test(w));

test('an Airflow DAG is Python that maps tasks, retries and tears down', () => {
  const { text, fileName, warnings } = exported('airflow');
  expect(fileName).toBe('parts_dag.py');
  const path = join(mkdtempSync(join(tmpdir(), 'slipway-dag-')), fileName);
  writeFileSync(path, text);
  execFileSync('python3', ['-c', 'import ast, sys; ast.parse(open(sys.argv[1], encoding="utf-8").read())', path]);
  expect(text).toContain('square_task = step_square.expand(index=load_task)');
  expect(text).toContain('retries=3, retry_delay=datetime.timedelta(milliseconds=1000)');
  expect(text).toContain('tidy_task = step_tidy().as_teardown()');
  expect(text).toContain('CronTriggerTimetable("0 3 * * *", timezone="Europe/Berlin")');
  expect(named(warnings, /human steps look/)).toBe(true);
  warnings.forEach(w => expect(text).toContain(w));
});

test('KFP and Argo have the same steps, and say what they lack', () => {
  const kfp = exported('kfp');
  const spec = parse(kfp.text) as { root: { dag: { tasks: Record<string, { dependentTasks?: string[] }> }; inputDefinitions: { parameters: object } } };
  expect(Object.keys(spec.root.dag.tasks).sort()).toEqual(['add-up', 'load', 'report', 'square', 'tidy']);
  expect(spec.root.inputDefinitions.parameters).toMatchObject({ ROWS: { parameterType: 'NUMBER_INTEGER', defaultValue: 4 }, UNIT: { parameterType: 'NUMBER_DOUBLE', defaultValue: 1 } });
  expect(named(kfp.warnings, /fan-out of square/) && named(kfp.warnings, /The schedule/)).toBe(true);
  const argo = parse(exported('argo').text) as { kind: string; spec: { timezone: string; workflowSpec: { onExit: string; templates: { name: string; suspend?: object }[] } } };
  expect([argo.kind, argo.spec.timezone, argo.spec.workflowSpec.onExit]).toEqual(['CronWorkflow', 'Europe/Berlin', 'at-exit']);
  expect(argo.spec.workflowSpec.templates.find(t => t.name === 'look')?.suspend).toEqual({});
});
