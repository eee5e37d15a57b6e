import type { Scalar } from '@slipway/schema';

type Cell = { id: string; source: string };

/** Tells a step something it was not told by its inputs, as papermill does: seen in the executed notebook. */
export function injectedCell(assignments: Readonly<Record<string, string>>): Cell[] {
  const lines = Object.entries(assignments).map(([name, literal]) => `${name} = ${literal}`);
  return lines.length === 0 ? [] : [{ id: 'injected', source: ['# Given by Slipway', ...lines].join('\n') }];
}

/** A value of JSON as Python writes it; a text's escapes are the same in both. */
export function pythonLiteral(value: Scalar): string {
  return value === null ? 'None' : value === true ? 'True' : value === false ? 'False' : JSON.stringify(value);
}
