import type { RunIf, StepOptions } from '@slipway/schema';
import { conditionOf, conditionWarnings, type Dialect } from './conditions';
import { habitWarnings } from './clock';
import { pythonData, pythonText, type Plan, type PlannedStep } from './plan';

const TRIGGER_RULES: Record<RunIf, string> = {
  all_succeeded: 'all_success',
  any_succeeded: 'one_success',
  any_failed: 'one_failed',
  all_failed: 'all_failed',
  none_failed: 'none_failed',
  all_done: 'all_done'
};

const PYTHON: Dialect = {
  and: 'and',
  or: 'or',
  not: text => `not ${text}`,
  number: String,
  plain: pythonData,
  numberParam: name => `params[${pythonText(name)}]`,
  param: name => `params[${pythonText(name)}]`,
  truth: name => `params[${pythonText(name)}]`
};

const HABITS: Parameters<typeof habitWarnings>[1] = {
  overlap: clock => (clock.overlap === 'queue' ? null : 'here the next run waits for its end'),
  catchUp: clock => (clock.catchUp === 'all' ? 'here they are not made up for' : null)
};

/** A DAG file for Airflow 3: each step a task in a process of its own, values between them as files of a shared folder. */
export function toAirflow(plan: Plan): { text: string; warnings: string[] } {
  const warnings = [...plan.warnings, ...habitWarnings(plan.schedule, HABITS), ...warningsOf(plan)];
  const lines = [
    `"""${plan.name}, exported from Slipway.`,
    '',
    'Needs no Slipway. Tasks run in the Python of Airflow, or in SLIPWAY_EXPORT_PYTHON; values between',
    'them are files beneath SLIPWAY_EXPORT_DIR, which all workers must see.',
    ...(warnings.length > 0 ? ['', 'What has no equivalent here:', ...warnings.map(w => `- ${w.replace(/\\/g, '\\\\').replace(/"""/g, "'''")}`)] : []),
    '"""',
    '',
    'import datetime',
    'import json',
    'import os',
    'import subprocess',
    'import sys',
    'import tempfile',
    '',
    ...(plan.steps.some(s => conditionOf(plan, s, PYTHON).text !== null) ? ['from airflow.exceptions import AirflowSkipException'] : []),
    'from airflow.sdk import DAG, Param, get_current_context, task',
    '',
    `RUNNER = ${pythonText(plan.runner)}`,
    `FOLDER = os.environ.get("SLIPWAY_EXPORT_FOLDER", ${pythonText(plan.folder)})`,
    'VALUES = os.environ.get("SLIPWAY_EXPORT_DIR", os.path.expanduser("~/slipway-exports"))',
    `STEPS = {`,
    ...plan.steps.map(step => `    ${pythonText(step.id)}: ${pythonData(specOf(step, spreadOf(plan, step)))},`),
    '}',
    '',
    HELPERS,
    '',
    dagHead(plan),
    ...plan.steps.flatMap(step => taskOf(plan, step).map(line => (line === '' ? '' : `    ${line}`))),
    ...orderOf(plan).map(line => `    ${line}`),
    ''
  ];
  return { text: lines.join('\n'), warnings };
}

const HELPERS = `
def run_step(step, index=None):
    """Run one step by the runner, in a process of its own."""
    context = get_current_context()
    root = os.path.join(VALUES, context["dag"].dag_id, context["run_id"].replace("/", "_").replace(":", "_"))
    told = STEPS[step]

    def path(maker, name, item=None):
        return os.path.join(root, maker, name + ".pkl" if item is None else os.path.join(name, "%d.pkl" % item))

    def items(maker):
        with open(os.path.join(root, STEPS[maker]["over"]["from"], STEPS[maker]["over"]["variable"] + ".count"), encoding="utf-8") as file:
            return json.load(file)

    spec = {"cells": told["cells"], "params": dict(context["params"]), "folder": FOLDER, "inputs": {}, "collect": {}}
    for entry in told["inputs"]:
        if entry["collected"]:
            spec["collect"][entry["variable"]] = [path(entry["from"], entry["variable"], i) for i in items(entry["from"])]
        else:
            made = [path(maker, entry["variable"]) for maker in [entry["from"], *entry["otherwise"]]]
            spec["inputs"][entry["variable"]] = next((each for each in made if os.path.exists(each)), made[0])
    spec["outputs"] = {name: path(step, name, index) for name in told["outputs"]}
    if index is not None:
        over = told["over"]
        spec["inputs"].pop(over["variable"], None)
        spec["item"] = {"over": path(over["from"], over["variable"]), "as": over["as"], "index": index}
    if told["spread"] is not None:
        os.makedirs(os.path.join(root, step), exist_ok=True)
        spec["spread"] = {"over": told["spread"], "path": os.path.join(root, step, told["spread"] + ".count")}
    with tempfile.TemporaryDirectory() as folder:
        for name, text in (("runner.py", RUNNER), ("spec.json", json.dumps(spec))):
            with open(os.path.join(folder, name), "w", encoding="utf-8") as file:
                file.write(text)
        python = os.environ.get("SLIPWAY_EXPORT_PYTHON", sys.executable)
        subprocess.run([python, os.path.join(folder, "runner.py"), os.path.join(folder, "spec.json")], check=True)
    if told["spread"] is not None:
        with open(spec["spread"]["path"], encoding="utf-8") as file:
            return json.load(file)
    return None
`;

function specOf(step: PlannedStep, spread: string | null): object {
  const over = overOf(step);
  return {
    cells: step.cells,
    inputs: step.inputs.map(i => ({ variable: i.variable, from: i.from, otherwise: i.otherwise, collected: i.isCollected })),
    outputs: step.outputs,
    over: over && { ...over, as: step.options.map!.as },
    spread
  };
}

/** The list a step runs over, and who makes it; null where there is none. */
function overOf(step: PlannedStep): { variable: string; from: string } | null {
  const input = step.options.map && step.inputs.find(i => i.variable === step.options.map!.over);
  return input ? { variable: input.variable, from: input.from } : null;
}

/** The list of a step that a later step runs over; null where there is none. */
function spreadOf({ steps }: Plan, step: PlannedStep): string | null {
  return steps.map(overOf).find(over => over?.from === step.id)?.variable ?? null;
}

function dagHead({ name, params, schedule, options }: Plan): string {
  const activeRuns = options.maxActiveRuns ?? schedule?.maxConcurrent;
  const given = [
    `dag_id=${pythonText(name)}`,
    `schedule=${schedule && !schedule.isPaused ? `CronTriggerTimetable(${pythonText(schedule.cron)}, timezone=${pythonText(schedule.timeZone)})` : 'None'}`,
    'start_date=datetime.datetime(2024, 1, 1, tzinfo=datetime.timezone.utc)',
    'catchup=False',
    `params={${Object.entries(params).map(([key, value]) => `${pythonText(key)}: Param(${pythonData(value)})`).join(', ')}}`,
    ...(activeRuns === undefined ? [] : [`max_active_runs=${activeRuns}`]),
    ...(options.timeoutMs !== undefined ? [`dagrun_timeout=${delta(options.timeoutMs)}`] : []),
    'tags=["slipway"]'
  ];
  const imports = schedule && !schedule.isPaused ? 'from airflow.timetables.trigger import CronTriggerTimetable  # noqa: E402\n\n' : '';
  return `${imports}with DAG(\n${given.map(g => `    ${g},\n`).join('')}) as dag:`;
}

const delta = (ms: number): string => `datetime.timedelta(milliseconds=${ms})`;

function taskOf(plan: Plan, step: PlannedStep): string[] {
  const over = overOf(step);
  const kind = step.options.isExitHandler ? [`task_id=${pythonText(step.id)}`, 'trigger_rule="all_done"'] : [`task_id=${pythonText(step.id)}`, ...ruleOf(step.options)];
  const given = [...kind, ...executionOf(step.options)].join(', ');
  const { text } = conditionOf(plan, step, PYTHON);
  const judged = text === null ? [] : ['    params = get_current_context()["params"]', `    if not ${text}:`, `        raise AirflowSkipException(${pythonText(`The condition of ${step.name} does not hold.`)})`];
  return over
    ? [`@task(${given})`, `def step_${step.id}(index):`, ...judged, `    return run_step(${pythonText(step.id)}, index)`, '', `${step.id}_task = step_${step.id}.expand(index=${over.from}_task)`, '']
    : [`@task(${given})`, `def step_${step.id}():`, ...judged, `    return run_step(${pythonText(step.id)})`, '', `${step.id}_task = step_${step.id}()${step.options.isExitHandler ? '.as_teardown()' : ''}`, ''];
}

const ruleOf = (options: StepOptions): string[] => (options.runIf && options.runIf !== 'all_succeeded' ? [`trigger_rule="${TRIGGER_RULES[options.runIf]}"`] : []);

function executionOf({ retry, timeoutMs, pool, priority, map }: StepOptions): string[] {
  return [
    ...(retry ? [`retries=${retry.maxRetries}`, `retry_delay=${delta(retry.backoffMs)}`, `retry_exponential_backoff=${retry.factor > 1 ? 'True' : 'False'}`, `max_retry_delay=${delta(retry.maxBackoffMs)}`] : []),
    ...(timeoutMs !== undefined ? [`execution_timeout=${delta(timeoutMs)}`] : []),
    ...(pool !== undefined ? [`pool=${pythonText(pool)}`] : []),
    ...(priority !== undefined ? [`priority_weight=${Math.max(1, priority + 1001)}`] : []),
    ...(map ? [`max_active_tis_per_dagrun=${map.maxParallel}`] : [])
  ];
}

function orderOf({ steps }: Plan): string[] {
  const waitedFor = new Set(steps.flatMap(s => s.after));
  const last = steps.filter(s => !s.options.isExitHandler && !waitedFor.has(s.id)).map(s => s.id);
  return steps.flatMap(step => {
    const before = step.options.isExitHandler ? [...new Set([...step.after, ...last])] : step.after;
    return before.length > 0 ? [`[${before.map(id => `${id}_task`).join(', ')}] >> ${step.id}_task`] : [];
  });
}

function warningsOf(plan: Plan): string[] {
  const { steps, options } = plan;
  const has = (test: (s: PlannedStep) => unknown, text: (names: string) => string): string[] => {
    const names = steps.filter(test).map(s => s.name);
    return names.length > 0 ? [text(names.join(', '))] : [];
  };
  return [
    ...conditionWarnings(plan, PYTHON),
    ...has(s => s.options.resources, names => `Resources of ${names}: set them by the executor of your Airflow.`),
    ...has(s => s.options.pool, names => `The pools of ${names} must be made in Airflow.`),
    ...has(s => s.options.retry && (s.options.retry.on.length > 0 || s.options.retry.onExceptions.length > 0), names => `Which errors ${names} retry: Airflow retries every error.`),
    ...has(s => s.options.map && s.options.map.mayFail, names => `That items of ${names} may fail: one that fails fails the steps after it.`),
    ...(options.humanSteps.length > 0 ? [`The human steps ${options.humanSteps.map(h => h.name).join(', ')}: nobody is asked.`] : [])
  ];
}
