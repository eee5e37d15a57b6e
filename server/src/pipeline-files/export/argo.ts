import { stringify } from 'yaml';
import type { RunIf, StepOptions } from '@slipway/schema';
import { habitWarnings, type Clock } from './clock';
import { conditionOf, conditionWarnings, Unsaid, type Dialect } from './conditions';
import { containerWarnings, eachOf, IMAGE, keyOf } from './containers';
import { allBefore } from '../step-order';
import type { Plan, PlannedStep } from './plan';

const dashed = (id: string): string => id.replace(/[^A-Za-z0-9]+/g, '-').toLowerCase();
const held = (name: string): string => `workflow.parameters.${keyOf(name)}`;
/** Parameters are JSON text in Argo: what is no number is compared as such. */
const EXPR: Dialect = {
  and: '&&',
  or: '||',
  not: text => `!${text}`,
  number: String,
  plain(value) {
    const text = JSON.stringify(JSON.stringify(value));
    if (/[{}]{2}/.test(text)) {
      throw new Unsaid('Argo’s templates hold no text with double braces');
    }
    return text;
  },
  numberParam: name => `asFloat(${held(name)})`,
  param: held,
  truth: name => `(${held(name)} == "true")`
};

/** A Workflow of Argo, or a CronWorkflow where there is a schedule: each step a container, values between them artifacts. */
export function toArgo(plan: Plan): { text: string; warnings: string[] } {
  const warnings = [...plan.warnings, ...containerWarnings(plan), ...habitWarnings(plan.schedule, HABITS), ...warningsOf(plan)];
  const spec = workflowSpec(plan);
  const name = dashed(plan.name).replace(/^-+|-+$/g, '').slice(0, 52) || 'pipeline';
  const document = plan.schedule
    ? { apiVersion: 'argoproj.io/v1alpha1', kind: 'CronWorkflow', metadata: { name }, spec: cronOf(plan, spec) }
    : { apiVersion: 'argoproj.io/v1alpha1', kind: 'Workflow', metadata: { generateName: `${name}-` }, spec };
  const head = [`${plan.name}, exported from Slipway for Argo Workflows.`, 'Parameters are JSON: text stands in quotes.', ...(warnings.length > 0 ? ['What has no equivalent here:', ...warnings.map(w => `- ${w}`)] : [])];
  return { text: `${head.map(line => `# ${line.replace(/[\r\n]+/g, ' ')}`).join('\n')}\n${stringify(document, { lineWidth: 0, aliasDuplicateObjects: false })}`, warnings };
}

const policyOf = ({ overlap, maxConcurrent }: Clock): 'Allow' | 'Forbid' | 'Replace' => (maxConcurrent > 1 || overlap === 'queue' ? 'Allow' : overlap === 'replace' ? 'Replace' : 'Forbid');

const HABITS: Parameters<typeof habitWarnings>[1] = {
  overlap: clock => (policyOf(clock) === 'Allow' ? 'here the next run starts beside it' : null),
  catchUp: clock => (clock.catchUp === 'all' ? 'here the latest alone is made up for' : null)
};

function cronOf({ schedule, options }: Plan, spec: object): object {
  const { cron, timeZone, isPaused, catchUp } = schedule!;
  return {
    schedules: [cron],
    timezone: timeZone,
    suspend: isPaused,
    concurrencyPolicy: options.maxActiveRuns === 1 && policyOf(schedule!) === 'Allow' ? 'Forbid' : policyOf(schedule!),
    ...(catchUp !== 'none' && { startingDeadlineSeconds: 86_400 }),
    workflowSpec: spec
  };
}

function workflowSpec(plan: Plan): object {
  const { params, options } = plan;
  const normal = plan.steps.filter(s => !s.options.isExitHandler);
  const exits = plan.steps.filter(s => s.options.isExitHandler);
  const people = options.humanSteps.map(h => ({ name: dashed(h.name), suspend: h.timeoutMs === undefined ? {} : { duration: `${Math.ceil(h.timeoutMs / 1000)}s` } }));
  return {
    entrypoint: 'main',
    ...(exits.length > 0 && { onExit: 'at-exit' }),
    ...(Object.keys(params).length > 0 && { arguments: { parameters: Object.entries(params).map(([name, value]) => ({ name: keyOf(name), value: JSON.stringify(value) })) } }),
    ...(options.timeoutMs !== undefined && { activeDeadlineSeconds: Math.ceil(options.timeoutMs / 1000) }),
    ...(options.priority !== 0 && { priority: options.priority }),
    templates: [
      { name: 'main', dag: { failFast: false, tasks: [...normal.map(step => taskOf(plan, step)), ...options.humanSteps.map(h => ({ name: dashed(h.name), template: dashed(h.name), ...dependsOn(plan, h.after.map(n => idOf(plan, n)), undefined) }))] } },
      ...(exits.length > 0 ? [{ name: 'at-exit', steps: [exits.map(step => ({ name: dashed(step.id), template: dashed(step.id) }))] }] : []),
      ...plan.steps.map(step => templateOf(plan, step)),
      ...people
    ]
  };
}

const idOf = ({ steps }: Plan, name: string): string => steps.find(s => s.name === name)?.id ?? dashed(name);

function taskOf(plan: Plan, step: PlannedStep): object {
  const people = plan.options.humanSteps.filter(h => h.before.includes(step.name)).map(h => dashed(h.name));
  const when = conditionOf(plan, step, EXPR).text;
  const artifacts = step.inputs.map(i => ({ name: i.variable, from: `{{tasks.${dashed(i.from)}.outputs.artifacts.${i.variable}}}` }));
  return {
    name: dashed(step.id),
    template: dashed(step.id),
    ...dependsOn(plan, [...step.after, ...people], step.options.runIf),
    ...(when !== null && { when: `{{=${when}}}` }),
    ...(artifacts.length > 0 && { arguments: { artifacts } })
  };
}

/**
 * Argo’s expression for when a task may start. A task that never began because
 * one before it failed is `Omitted`, as is one behind a condition that did not
 * hold: which of the two, those before it tell.
 */
function dependsOn(plan: Plan, after: readonly string[], runIf: RunIf | undefined): object {
  const broken = (id: string): string => `${dashed(id)}.Failed || ${dashed(id)}.Errored`;
  const brokenBefore = (id: string): string => plan.steps.filter(s => idsBefore(plan, id).has(s.id)).map(s => broken(s.id)).join(' || ');
  const failed = (id: string): string => (brokenBefore(id) === '' ? `(${broken(id)})` : `(${broken(id)} || (${dashed(id)}.Omitted && (${brokenBefore(id)})))`);
  const over = (id: string): string => `(${dashed(id)}.Succeeded || ${broken(id)} || ${dashed(id)}.Skipped || ${dashed(id)}.Omitted)`;
  const each = (text: (id: string) => string, join: string): string => after.map(text).join(` ${join} `);
  const succeeded = (id: string): string => `${dashed(id)}.Succeeded`;
  const words: Record<RunIf, () => string> = {
    all_succeeded: () => each(succeeded, '&&'),
    any_succeeded: () => each(succeeded, '||'),
    any_failed: () => each(failed, '||'),
    all_failed: () => each(failed, '&&'),
    none_failed: () => each(id => `(${over(id)} && !${failed(id)})`, '&&'),
    all_done: () => each(over, '&&')
  };
  return after.length === 0 ? {} : { depends: words[runIf ?? 'all_succeeded']() };
}

function idsBefore({ steps }: Plan, id: string): Set<string> {
  return allBefore(steps.map(s => ({ name: s.id, after: s.after })), id);
}

function templateOf(plan: Plan, step: PlannedStep): object {
  const place = (variable: string): string => `/tmp/slipway/${variable}.pkl`;
  const { timeoutMs, retry } = step.options;
  return {
    name: dashed(step.id),
    ...(step.inputs.length > 0 && !step.options.isExitHandler && { inputs: { artifacts: step.inputs.map(i => ({ name: i.variable, path: place(i.variable) })) } }),
    ...(step.outputs.length > 0 && { outputs: { artifacts: step.outputs.map(name => ({ name, path: place(`out-${name}`) })) } }),
    container: {
      image: IMAGE,
      command: ['python3', '-c', plan.runner],
      args: [
        '--cells',
        JSON.stringify(step.cells),
        ...eachOf(step),
        ...step.params.flatMap(name => ['--param', name, `{{workflow.parameters.${keyOf(name)}}}`]),
        ...(step.options.isExitHandler ? [] : step.inputs.flatMap(i => ['--input', i.variable, place(i.variable)])),
        ...step.outputs.flatMap(name => ['--output', name, place(`out-${name}`)])
      ],
      ...resourcesOf(step.options),
      ...(step.options.isExitHandler && { env: [{ name: 'SLIPWAY_RUN_STATUS', value: '{{workflow.status}}' }] })
    },
    ...(timeoutMs !== undefined && { activeDeadlineSeconds: Math.ceil(timeoutMs / 1000) }),
    ...(retry && {
      retryStrategy: {
        limit: String(retry.maxRetries),
        retryPolicy: retry.on.includes('any') || retry.on.includes('cell_error') ? 'Always' : 'OnError',
        backoff: { duration: `${Math.ceil(retry.backoffMs / 1000)}s`, factor: String(Math.round(retry.factor)), maxDuration: `${Math.ceil(retry.maxBackoffMs / 1000)}s` }
      }
    })
  };
}

function resourcesOf({ resources }: StepOptions): object {
  if (!resources) {
    return {};
  }
  const limits = { cpu: String(resources.cpus), memory: String(resources.memoryBytes), ...(resources.gpus >= 1 && { 'nvidia.com/gpu': String(resources.gpus) }) };
  return { resources: { requests: limits, limits } };
}

function warningsOf(plan: Plan): string[] {
  const { steps, options } = plan;
  const has = (test: (s: PlannedStep) => unknown, text: (names: string) => string): string[] => {
    const names = steps.filter(test).map(s => s.name);
    return names.length > 0 ? [text(names.join(', '))] : [];
  };
  return [
    ...conditionWarnings(plan, EXPR),
    ...has(s => s.options.pool, names => `The pools of ${names}.`),
    ...has(s => s.options.isExitHandler && s.inputs.length > 0, names => `What ${names} take: exit handlers get no values here.`),
    ...has(s => s.options.retry?.onExceptions.length, names => `Which exceptions ${names} retry.`),
    ...(options.humanSteps.some(h => h.approvers.length > 0) ? ['Who may approve: whoever may resume the workflow.'] : []),
    ...(options.maxActiveRuns !== undefined && options.maxActiveRuns > 1 ? ['How many runs may be active at once.'] : [])
  ];
}
