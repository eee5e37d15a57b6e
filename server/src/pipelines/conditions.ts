import { Environment, type CelEnvironment } from './cel';
import type { MetricValue, Scalar, StepState } from '@slipway/schema';

/** What a condition may speak of: the params with their values by default, and the steps before. */
export interface ConditionScope {
  params: Readonly<Record<string, Scalar>>;
  /** Names of the steps before, in order. */
  steps: readonly string[];
}

/** What it is judged on. */
export interface ConditionFacts {
  params: Readonly<Record<string, Scalar>>;
  steps: readonly { name: string; status: StepState; metrics: Readonly<Record<string, MetricValue>> }[];
  run: { trigger: string; dataIntervalStart: string | null; dataIntervalEnd: string | null };
}

/** What is wrong with a condition, and where in it. */
export interface ConditionFault {
  message: string;
  /** In characters from its beginning. */
  at: number | null;
}

const LIMITS = { maxAstNodes: 500, maxDepth: 40, maxListElements: 200, maxMapEntries: 200, maxCallArguments: 16 };
/** Types and names of a condition, before anything runs; null when it is sound. */
export function faultOf(condition: string, scope: ConditionScope): ConditionFault | null {
  let checked: ReturnType<CelEnvironment['check']>;
  try {
    checked = environment(scope).check(condition);
  } catch (err) {
    return toFault(err);
  }
  if (!checked.valid) {
    return toFault(checked.error);
  }
  return checked.type === 'bool' || checked.type === 'dyn' ? null : { message: `it gives ${checked.type ?? 'nothing'}, not true or false`, at: null };
}

/** Whether the condition holds. @throws {Error} with the cause in words, such as a metric that is not there */
export function holds(condition: string, facts: ConditionFacts): boolean {
  const scope = { params: facts.params, steps: facts.steps.map(s => s.name) };
  const metricsOf = (metrics: Readonly<Record<string, MetricValue>>): Map<string, number> => new Map(Object.entries(metrics).map(([name, value]) => [name, Number(value)]));
  const value: unknown = environment(scope).evaluate(condition, {
    params: facts.params,
    metrics: metricsOf(Object.assign({}, ...facts.steps.map(s => s.metrics))),
    steps: Object.fromEntries(facts.steps.map(s => [s.name, { status: s.status, metrics: metricsOf(s.metrics) }])),
    run: facts.run
  });
  if (typeof value !== 'boolean') {
    throw new Error('it does not give true or false');
  }
  return value;
}

/** The first line of what the language says: the rest draws it. */
export function faultMessage(err: unknown): string {
  return (err instanceof Error ? err.message : String(err)).split('\n')[0]!;
}

function environment(scope: ConditionScope): CelEnvironment {
  const env = new Environment({ limits: LIMITS })
    .registerVariable({ name: 'params', schema: Object.fromEntries(Object.entries(scope.params).map(([name, value]) => [name, typeOf(value)])) })
    .registerVariable('metrics', 'map<string, double>')
    .registerVariable({ name: 'steps', schema: Object.fromEntries(scope.steps.map(name => [name, { status: 'string', metrics: 'map<string, double>' }])) })
    .registerVariable({ name: 'run', schema: { trigger: 'string', dataIntervalStart: 'dyn', dataIntervalEnd: 'dyn' } });
  // Numbers of JSON are one type: `params.N == 6` means what it says.
  env.registerOperator('double == int', (a: number, b: bigint) => a === Number(b));
  return env;
}

function typeOf(value: Scalar): string {
  return value === null ? 'dyn' : typeof value === 'number' ? 'double' : typeof value === 'boolean' ? 'bool' : 'string';
}

function toFault(err: unknown): ConditionFault {
  const range = (err as { range?: { start?: unknown } } | undefined)?.range;
  return { message: faultMessage(err), at: typeof range?.start === 'number' ? range.start : null };
}
