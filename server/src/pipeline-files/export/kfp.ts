import { stringify } from 'yaml';
import type { StepOptions } from '@slipway/schema';
import { conditionOf, conditionParams, conditionWarnings, Unsaid, type Dialect } from './conditions';
import { containerWarnings, eachOf, IMAGE, keyOf } from './containers';
import type { Plan, PlannedStep } from './plan';

const ARTIFACT = { artifactType: { schemaTitle: 'system.Artifact', schemaVersion: '0.0.1' } };

const held = (name: string): string => `inputs.parameter_values['${keyOf(name)}']`;
/** KFP judges by CEL too, on what the task takes; its numbers are all of the one type of protobuf. */
const CEL: Dialect = {
  and: '&&',
  or: '||',
  not: text => `!${text}`,
  number: value => (Number.isInteger(value) ? value.toFixed(1) : String(value)),
  plain(value) {
    if (value === null) {
      throw new Unsaid('a parameter of KFP is never null');
    }
    return typeof value === 'string' ? `'${value.replace(/[\\']/g, '\\$&').replace(/\n/g, '\\n')}'` : String(value);
  },
  numberParam: held,
  param: held,
  truth: name => `(${held(name)} == true)`
};

/** KFP’s intermediate representation (schema 2.1.0): each step a container, values between them artifacts. */
export function toKfp(plan: Plan): { text: string; warnings: string[] } {
  const warnings = [...plan.warnings, ...containerWarnings(plan), ...warningsOf(plan)];
  const spec = {
    pipelineInfo: { name: plan.name.toLowerCase().replace(/[^a-z0-9-]+/g, '-') },
    schemaVersion: '2.1.0',
    sdkVersion: 'kfp-2.14.0',
    components: Object.fromEntries(plan.steps.map(step => [`comp-${dashed(step.id)}`, componentOf(plan, step)])),
    deploymentSpec: { executors: Object.fromEntries(plan.steps.map(step => [`exec-${dashed(step.id)}`, { container: containerOf(plan, step) }])) },
    root: { ...inputDefinitions(plan, Object.keys(plan.params), []), dag: { tasks: Object.fromEntries(plan.steps.map(step => [dashed(step.id), taskOf(plan, step)])) } }
  };
  const head = [`${plan.name}, exported from Slipway: PipelineSpec of Kubeflow Pipelines.`, ...(warnings.length > 0 ? ['What has no equivalent here:', ...warnings.map(w => `- ${w}`)] : [])];
  return { text: `${head.map(line => `# ${line.replace(/[\r\n]+/g, ' ')}`).join('\n')}\n${stringify(spec, { lineWidth: 0, aliasDuplicateObjects: false })}`, warnings };
}

const dashed = (id: string): string => id.replaceAll('_', '-');

function componentOf(plan: Plan, step: PlannedStep): object {
  return {
    executorLabel: `exec-${dashed(step.id)}`,
    ...inputDefinitions(plan, takenParams(plan, step), step.inputs.map(i => i.variable)),
    ...(step.outputs.length > 0 && { outputDefinitions: { artifacts: Object.fromEntries(step.outputs.map(name => [name, ARTIFACT])) } })
  };
}

/** What its cells use, and what decides whether it runs. */
function takenParams(plan: Plan, step: PlannedStep): string[] {
  return [...new Set([...step.params, ...(conditionOf(plan, step, CEL).text === null ? [] : conditionParams(plan, step))])];
}

function inputDefinitions({ params, steps }: Plan, names: readonly string[], artifacts: readonly string[]): object {
  const floats = new Set(steps.flatMap(s => s.cells.flat().flatMap(piece => (typeof piece !== 'string' && piece.float ? [piece.param] : []))));
  const typeOf = (name: string): object => {
    const value = params[name] ?? null;
    const parameterType = typeof value === 'boolean' ? 'BOOLEAN' : typeof value === 'number' ? (Number.isInteger(value) && !floats.has(name) ? 'NUMBER_INTEGER' : 'NUMBER_DOUBLE') : 'STRING';
    return { parameterType, isOptional: true, ...(value !== null && { defaultValue: value }) };
  };
  if (names.length === 0 && artifacts.length === 0) {
    return {};
  }
  return {
    inputDefinitions: {
      ...(artifacts.length > 0 && { artifacts: Object.fromEntries(artifacts.map(name => [name, ARTIFACT])) }),
      ...(names.length > 0 && { parameters: Object.fromEntries(names.map(name => [keyOf(name), typeOf(name)])) })
    }
  };
}

function containerOf(plan: Plan, step: PlannedStep): object {
  const asked = step.options.resources;
  return {
    image: IMAGE,
    command: ['python3', '-c', plan.runner],
    args: [
      '--executor_input',
      '{{$}}',
      '--names',
      JSON.stringify(Object.fromEntries(step.params.map(name => [name, keyOf(name)]))),
      '--cells',
      JSON.stringify(step.cells),
      ...eachOf(step),
      ...step.inputs.flatMap(i => ['--input', i.variable, `{{$.inputs.artifacts['${i.variable}'].path}}`]),
      ...step.outputs.flatMap(name => ['--output', name, `{{$.outputs.artifacts['${name}'].path}}`])
    ],
    ...(asked && {
      resources: {
        cpuLimit: asked.cpus,
        memoryLimit: asked.memoryBytes / 1e9,
        ...(asked.gpus >= 1 && { accelerator: { count: String(asked.gpus), type: asked.gpuTypes[0] ?? 'nvidia.com/gpu' } })
      }
    })
  };
}

function taskOf(plan: Plan, step: PlannedStep): object {
  const artifacts = step.inputs.map(i => [i.variable, { taskOutputArtifact: { producerTask: dashed(i.from), outputArtifactKey: i.variable } }]);
  const parameters = takenParams(plan, step).map(name => [keyOf(name), { componentInputParameter: keyOf(name) }]);
  const waitedFor = new Set(plan.steps.flatMap(s => s.after));
  const last = plan.steps.filter(s => !s.options.isExitHandler && !waitedFor.has(s.id)).map(s => s.id);
  const after = [...new Set([...step.after, ...(step.options.isExitHandler ? last : [])])];
  const isAnyway = step.options.isExitHandler || step.options.runIf === 'all_done';
  const condition = isOnFailure(step) ? NEVER : conditionOf(plan, step, CEL).text;
  return {
    taskInfo: { name: step.name },
    componentRef: { name: `comp-${dashed(step.id)}` },
    cachingOptions: step.options.cache?.isEnabled === false ? {} : { enableCache: true },
    ...(after.length > 0 && { dependentTasks: after.map(dashed) }),
    ...((artifacts.length > 0 || parameters.length > 0) && {
      inputs: { ...(artifacts.length > 0 && { artifacts: Object.fromEntries(artifacts) }), ...(parameters.length > 0 && { parameters: Object.fromEntries(parameters) }) }
    }),
    ...((isAnyway || condition !== null) && { triggerPolicy: { ...(condition !== null && { condition }), ...(isAnyway && { strategy: 'ALL_UPSTREAM_TASKS_COMPLETED' }) } }),
    ...retryOf(step.options)
  };
}

/** KFP cannot ask whether a task failed: what is for failures alone must not run without one. */
const NEVER = '1 == 0';
const isOnFailure = ({ options }: PlannedStep): boolean => options.runIf === 'any_failed' || options.runIf === 'all_failed';

function retryOf({ retry }: StepOptions): object {
  return retry
    ? { retryPolicy: { maxRetryCount: retry.maxRetries, backoffDuration: `${retry.backoffMs / 1000}s`, backoffFactor: retry.factor, backoffMaxDuration: `${Math.min(retry.maxBackoffMs / 1000, 3600)}s` } }
    : {};
}

function warningsOf(plan: Plan): string[] {
  const { steps, options, schedule } = plan;
  const has = (test: (s: PlannedStep) => unknown, text: (names: string) => string): string[] => {
    const names = steps.filter(test).map(s => s.name);
    return names.length > 0 ? [text(names.join(', '))] : [];
  };
  return [
    ...conditionWarnings(plan, CEL),
    ...has(isOnFailure, names => `The steps for failures ${names}: KFP cannot ask whether a task failed, so they never run here.`),
    ...has(s => s.options.runIf === 'any_succeeded' || s.options.runIf === 'none_failed', names => `When ${names} run (runIf): here once all before them succeeded.`),
    ...has(s => s.options.timeoutMs, names => `The time-outs of ${names}.`),
    ...has(s => s.options.pool, names => `The pools of ${names}.`),
    ...(options.humanSteps.length > 0 ? [`The human steps ${options.humanSteps.map(h => h.name).join(', ')}: nobody is asked.`] : []),
    ...(schedule ? ['The schedule: make a recurring run of the pipeline.'] : []),
    ...(options.timeoutMs !== undefined ? ['The time-out of a run.'] : []),
    ...(options.maxActiveRuns !== undefined ? ['How many runs may be active at once.'] : [])
  ];
}
