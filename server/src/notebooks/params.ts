import type { Constant, Scalar } from '@slipway/schema';
import { InvalidInput } from '../core/errors';
import { isFloat, toPython } from './literals';

/**
 * Writes values into the literals of constants.
 * @param values by the constants' names; constants not named keep their literals
 * @throws InvalidInput `unknown_param`, `param_type`
 */
export function applyParams(cells: readonly { id: string; source: string }[], constants: readonly Constant[], values: Readonly<Record<string, Scalar>>): { id: string; source: string }[] {
  const byName = new Map(constants.map(c => [c.name, c]));
  for (const [name, value] of Object.entries(values)) {
    const constant = byName.get(name);
    if (!constant) {
      throw new InvalidInput('unknown_param', `There is no param ${name}; there are: ${[...byName.keys()].join(', ') || 'none'}.`);
    }
    if (!fits(constant.value, value)) {
      throw new InvalidInput('param_type', `${name} is ${kindOf(constant.value)} (${toPython(constant.value)}) and cannot become ${kindOf(value)} (${toPython(value)}).`);
    }
  }
  const changed = constants.filter(c => Object.hasOwn(values, c.name) && !Object.is(values[c.name], c.value));
  return cells.map(cell => ({ ...cell, source: rewrite(cell.source, changed.filter(c => c.cellId === cell.id), values) }));
}

/** From the last literal to the first, so that spans stay true. */
function rewrite(source: string, constants: readonly Constant[], values: Readonly<Record<string, Scalar>>): string {
  let text = source;
  for (const { name, from, to } of [...constants].sort((a, b) => b.from - a.from)) {
    text = text.slice(0, from) + toPython(values[name]!, isFloat(text.slice(from, to))) + text.slice(to);
  }
  return text;
}

/** None may become anything and anything None; else the kind stays. */
function fits(old: Scalar, value: Scalar): boolean {
  return old === null || value === null || (typeof old === typeof value && (typeof value !== 'number' || Number.isFinite(value)));
}

function kindOf(value: Scalar): string {
  return value === null ? 'None' : typeof value === 'number' ? 'a number' : typeof value === 'boolean' ? 'True or False' : 'text';
}
