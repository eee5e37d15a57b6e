import type { Scalar } from '@slipway/schema';
import { partsOf, type ConditionPart } from '../../pipelines';
import type { Plan, PlannedStep } from './plan';

/** How a target writes what conditions are made of. */
export interface Dialect {
  and: string;
  or: string;
  not(text: string): string;
  number(value: number): string;
  /** @throws Unsaid where there is none such */
  plain(value: string | boolean | null): string;
  numberParam(name: string): string;
  param(name: string): string;
  /** A parameter that is true or false, where that decides. */
  truth(name: string): string;
}

/** What a condition says has no equivalent there. */
export class Unsaid extends Error {}

export interface SaidCondition {
  /** null: it always runs. */
  text: string | null;
  /** Why a condition could not be said; null where it was, or there is none. */
  unsaid: string | null;
}

/** When a step runs, in a target’s own language: its `when`, and that none before it in its branch holds. */
export function conditionOf(plan: Plan, step: PlannedStep, dialect: Dialect): SaidCondition {
  const part = partFor(plan, step);
  if (part === null || typeof part === 'string') {
    return { text: null, unsaid: part };
  }
  try {
    return { text: decides(part, plan.params, dialect), unsaid: null };
  } catch (error) {
    if (!(error instanceof Unsaid)) {
      throw error;
    }
    return { text: null, unsaid: error.message };
  }
}

/** Conditions that no target could say are told of: their steps always run there. */
export function conditionWarnings(plan: Plan, dialect: Dialect): string[] {
  return plan.steps.flatMap(step => {
    const { unsaid } = conditionOf(plan, step, dialect);
    return unsaid === null ? [] : [`The condition of ${step.name} (${unsaid}): it always runs.`];
  });
}

/** Parameters that decide whether a step runs. */
export function conditionParams(plan: Plan, step: PlannedStep): string[] {
  const part = partFor(plan, step);
  return part === null || typeof part === 'string' ? [] : [...new Set(paramsIn(part))].filter(name => name in plan.params);
}

/** null without a condition; a text where we alone can judge it. */
function partFor({ steps }: Plan, step: PlannedStep): ConditionPart | string | null {
  const { when, branch } = step.options;
  if (branch === undefined) {
    return when === undefined ? null : partsOf(when);
  }
  const group = steps.filter(s => s.options.branch === branch);
  // The one without a condition is the `else`, wherever it stands.
  const before = when === undefined ? group.filter(s => s !== step) : group.slice(0, group.indexOf(step)).filter(s => s.options.when !== undefined);
  const told = [...before.map(s => partsOf(s.options.when!)), ...(when === undefined ? [] : [partsOf(when)])];
  const unsaid = told.find(part => typeof part === 'string');
  if (unsaid !== undefined) {
    return unsaid;
  }
  const parts = told as ConditionPart[];
  return { kind: 'and', parts: [...parts.slice(0, before.length).map((of): ConditionPart => ({ kind: 'not', of })), ...parts.slice(before.length)] };
}

function paramsIn(part: ConditionPart): string[] {
  switch (part.kind) {
    case 'param':
      return [part.name];
    case 'value':
      return [];
    case 'list':
      return part.items.flatMap(paramsIn);
    case 'not':
    case 'minus':
      return paramsIn(part.of);
    case 'and':
    case 'or':
      return part.parts.flatMap(paramsIn);
    case 'compare':
    case 'in':
      return [...paramsIn(part.left), ...paramsIn(part.right)];
  }
}

type Params = Readonly<Record<string, Scalar>>;

/** Something that is true or false. */
function decides(part: ConditionPart, params: Params, dialect: Dialect): string {
  switch (part.kind) {
    case 'param':
      return dialect.truth(part.name);
    case 'value':
      return part.value === true ? `(${same('1', '1')})` : `(${same('1', '0')})`;
    case 'not':
      return dialect.not(decides(part.of, params, dialect));
    case 'and':
    case 'or':
      return part.parts.length === 1 ? decides(part.parts[0]!, params, dialect) : `(${part.parts.map(p => decides(p, params, dialect)).join(` ${dialect[part.kind]} `)})`;
    case 'compare':
      return compared(part, params, dialect);
    case 'in': {
      const { left, right } = part;
      if (right.kind !== 'list') {
        throw new Unsaid('`in` takes a list that is written out');
      }
      return right.items.length === 0 ? `(${same('1', '0')})` : decides({ kind: 'or', parts: right.items.map(item => ({ kind: 'compare', operator: '==', left, right: item })) }, params, dialect);
    }
    default:
      throw new Unsaid('it is neither true nor false');
  }
}

/** Every target knows numbers that are the same. */
const same = (a: string, b: string): string => `${a} == ${b}`;

function compared({ operator, left, right }: Extract<ConditionPart, { kind: 'compare' }>, params: Params, dialect: Dialect): string {
  const isOfNumbers = isNumber(left, params) && isNumber(right, params);
  if (!isOfNumbers && operator !== '==' && operator !== '!=') {
    throw new Unsaid('only numbers are ordered');
  }
  const written = (part: ConditionPart): string => (isOfNumbers ? numberText(part, dialect) : plainText(part, dialect));
  return `(${written(left)} ${operator} ${written(right)})`;
}

function isNumber(part: ConditionPart, params: Params): boolean {
  return part.kind === 'minus' || (part.kind === 'value' && typeof part.value === 'number') || (part.kind === 'param' && typeof params[part.name] === 'number');
}

function numberText(part: ConditionPart, dialect: Dialect): string {
  if (part.kind === 'minus') {
    return `-${numberText(part.of, dialect)}`;
  }
  if (part.kind === 'param') {
    return dialect.numberParam(part.name);
  }
  return dialect.number((part as { value: number }).value);
}

function plainText(part: ConditionPart, dialect: Dialect): string {
  if (part.kind === 'param') {
    return dialect.param(part.name);
  }
  if (part.kind !== 'value' || typeof part.value === 'number') {
    throw new Unsaid('it compares what is not of one kind');
  }
  return dialect.plain(part.value);
}
