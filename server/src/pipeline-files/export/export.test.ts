import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';
import fc from 'fast-check';
import { Environment } from '../../pipelines/cel';
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
  expect(Object.keys(spec.root.dag.tasks).sort()).toEqual(['add-up', 'alarm', 'few', 'load', 'many', 'report', 'square', 'tell', 'tidy']);
  expect(spec.root.inputDefinitions.parameters).toMatchObject({ ROWS: { parameterType: 'NUMBER_INTEGER', defaultValue: 4 }, UNIT: { parameterType: 'NUMBER_DOUBLE', defaultValue: 1 } });
  expect(named(kfp.warnings, /fan-out of square/) && named(kfp.warnings, /The schedule/)).toBe(true);
  const argo = parse(exported('argo').text) as { kind: string; spec: { timezone: string; workflowSpec: { onExit: string; templates: { name: string; suspend?: object }[] } } };
  expect([argo.kind, argo.spec.timezone, argo.spec.workflowSpec.onExit]).toEqual(['CronWorkflow', 'Europe/Berlin', 'at-exit']);
  expect(argo.spec.workflowSpec.templates.find(t => t.name === 'look')?.suspend).toEqual({});
});

test('alternatives run by their conditions, and steps for failures only after one', () => {
  const airflow = exported('airflow').text;
  expect(airflow).toContain('def step_few():\n        params = get_current_context()["params"]\n        if not ((params["ROWS"] < 3) and (params["UNIT"] > 0)):\n            raise AirflowSkipException(');
  expect(airflow).toContain('if not not ((params["ROWS"] < 3) and (params["UNIT"] > 0)):');
  expect(airflow).toContain('@task(task_id="alarm", trigger_rule="one_failed")');
  type Tasks = Record<string, { inputs?: { parameters: object }; triggerPolicy?: { condition?: string; strategy?: string } }>;
  const kfp = exported('kfp');
  const { few, many, alarm } = (parse(kfp.text) as { root: { dag: { tasks: Tasks } } }).root.dag.tasks;
  expect(few!.triggerPolicy).toEqual({ condition: "((inputs.parameter_values['ROWS'] < 3.0) && (inputs.parameter_values['UNIT'] > 0.0))" });
  expect(Object.keys(few!.inputs!.parameters)).toEqual(['ROWS', 'UNIT']);
  expect(many!.triggerPolicy).toEqual({ condition: `!${few!.triggerPolicy!.condition}` });
  expect([alarm!.triggerPolicy, named(kfp.warnings, /steps for failures alarm.*never run/)]).toEqual([{ condition: '1 == 0' }, true]);
  expect(named(kfp.warnings, /verdict of tell is taken from many, never from few/)).toBe(true);
  const argo = parse(exported('argo').text) as { spec: { workflowSpec: { templates: { dag?: { failFast: boolean; tasks: { name: string; when?: string; depends?: string }[] } }[] } } };
  const { failFast, tasks } = argo.spec.workflowSpec.templates[0]!.dag!;
  const task = (wanted: string) => tasks.find(t => t.name === wanted)!;
  expect([failFast, task('few').when]).toEqual([false, '{{=((asFloat(workflow.parameters.ROWS) < 3) && (asFloat(workflow.parameters.UNIT) > 0))}}']);
  expect(task('alarm').depends).toBe('(square.Failed || square.Errored || (square.Omitted && (load.Failed || load.Errored)))');
});

test('a condition that only Slipway can judge is named, and so is what starts a pipeline besides one clock', () => {
  const text = files[0]!.text.replace("params.ROWS < 3 && params.UNIT > 0", 'metrics.total > 3.0').replace(/schedule: .*/, 'schedules:\n  nightly: {cron: 0 3 * * *}\n  often: {intervalMs: 60000}\ntriggers:\n  told: {when: {any: [{all: [{kind: event, type: x}]}]}}');
  const { content: other, starters: more } = buildContent(readSources(FOLDER, [{ ...files[0]!, text }, files[1]!]));
  for (const target of ['airflow', 'kfp', 'argo'] as const) {
    const { warnings } = exportPipeline(target, { name, content: other, starters: wholeStarters(more) });
    expect(warnings).toEqual(expect.arrayContaining([
      'The condition of few (`metrics.total` is known to Slipway alone): it always runs.',
      'The condition of many (`metrics.total` is known to Slipway alone): it always runs.',
      'The schedules often: only nightly is exported.',
      'The triggers told.'
    ]));
  }
});

test('what a schedule does about runs under way and times missed is the target’s own way where it has one, and named where it has none', () => {
  const exportedWith = (habits: string) => {
    const text = files[0]!.text.replace(/ *maxActiveRuns: .*\n/, '').replace(/schedule: .*/, `schedules:\n  nightly: {cron: 0 3 * * *, ${habits}}`);
    const { content: other, starters: more } = buildContent(readSources(FOLDER, [{ ...files[0]!, text }, files[1]!]));
    return (target: 'airflow' | 'argo') => {
      const { text: made, warnings } = exportPipeline(target, { name, content: other, starters: wholeStarters(more) });
      return { made, habits: warnings.filter(w => /nightly does/.test(w)) };
    };
  };
  const cronOf = (made: string) => (parse(made) as { spec: { concurrencyPolicy: string; startingDeadlineSeconds?: number } }).spec;
  const plain = exportedWith('overlap: skip, catchUp: none');
  expect(cronOf(plain('argo').made)).toMatchObject({ concurrencyPolicy: 'Forbid' });
  expect([cronOf(plain('argo').made).startingDeadlineSeconds, plain('argo').habits]).toEqual([undefined, []]);
  expect(plain('airflow').habits).toEqual(['What the schedule nightly does while a run of it is under way (overlap: skip): here the next run waits for its end.']);
  const replacing = exportedWith('overlap: replace, catchUp: latest');
  expect([cronOf(replacing('argo').made), replacing('argo').habits]).toMatchObject([{ concurrencyPolicy: 'Replace', startingDeadlineSeconds: 86_400 }, []]);
  const queueing = exportedWith('overlap: queue, catchUp: all, maxConcurrent: 3');
  expect(queueing('airflow').made).toContain('max_active_runs=3');
  expect(queueing('airflow').habits).toEqual(['What the schedule nightly does about times missed (catchUp: all): here they are not made up for.']);
  expect(queueing('argo').habits).toEqual([
    'What the schedule nightly does while 3 runs of it are under way (overlap: queue): here the next run starts beside it.',
    'What the schedule nightly does about times missed (catchUp: all): here the latest alone is made up for.'
  ]);
});

test('what Airflow and KFP are told to judge is what the condition says', () => {
  const number = fc.oneof(fc.constant('params.ROWS'), fc.constant('params.UNIT'), fc.integer({ min: -3, max: 9 }).map(n => `${n}.0`));
  const comparison = fc.tuple(number, fc.constantFrom('<', '<=', '>', '>=', '==', '!='), number).map(parts => `(${parts.join(' ')})`);
  const { condition } = fc.letrec<{ condition: string }>(tie => ({
    condition: fc.oneof({ maxDepth: 3 }, comparison, fc.constantFrom('true', 'params.ROWS in [1.0, 4.0]'), tie('condition').map(c => `!(${c})`), fc.tuple(tie('condition'), fc.constantFrom('&&', '||'), tie('condition')).map(([a, op, b]) => `((${a}) ${op} (${b}))`))
  }));
  const given = { ROWS: 4, UNIT: 1 };
  const judged = fc.sample(condition, 20).map(when => {
    const plain = { ...content, options: { ...content.options!, steps: { ...content.options!.steps, few: { when } } } };
    const write = (target: 'airflow' | 'kfp') => exportPipeline(target, { name, content: plain, starters: { schedules: [], triggers: [] } }).text;
    const python = /def step_few\(\):\n.*\n {8}if not (.*):\n/.exec(write('airflow'))![1]!;
    const cel = (parse(write('kfp')) as { root: { dag: { tasks: Record<string, { triggerPolicy: { condition: string } }> } } }).root.dag.tasks.few!.triggerPolicy.condition;
    const wanted = new Environment().registerVariable('params', 'map').evaluate(when, { params: given });
    expect([when, new Environment().registerVariable('inputs', 'map').evaluate(cel, { inputs: { parameter_values: given } })]).toEqual([when, wanted]);
    return { python, wanted };
  });
  const answers = execFileSync('python3', ['-c', 'import json, sys\nparams = {"ROWS": 4, "UNIT": 1}\nprint(json.dumps([bool(eval(text)) for text in json.load(sys.stdin)]))'], { input: JSON.stringify(judged.map(j => j.python)) });
  expect(JSON.parse(answers.toString())).toEqual(judged.map(j => j.wanted));
});
