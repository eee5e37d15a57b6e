import type { Scalar } from '@slipway/schema';
import { stringValue } from './interpret/strings';
import { bare, type Node } from './source/node';

export interface Literal {
  value: Scalar;
  from: number;
  to: number;
}

/** The scalar a literal stands for: a number with its sign, a plain string, True, False, None. */
export function literalOf(node: Node): Literal | null {
  const inner = bare(node);
  const value = scalarOf(inner);
  return value === undefined ? null : { value, from: inner.from, to: inner.to };
}

function scalarOf(node: Node): Scalar | undefined {
  switch (node.name) {
    case 'Number':
      return numberOf(node.text);
    case 'UnaryExpression': {
      const [sign, operand] = node.kids;
      const number = operand?.name === 'Number' && /^[+-]$/.test(sign!.text) ? numberOf(operand.text) : undefined;
      return number === undefined ? undefined : sign!.text === '-' ? -number : number;
    }
    case 'String':
      return stringValue(node.text) ?? undefined;
    case 'Boolean':
      return node.text === 'True';
    case 'None':
      return null;
    default:
      return undefined;
  }
}

/** JSON has no complex numbers, and integers only as far as a double holds them. */
function numberOf(text: string): number | undefined {
  const value = Number(text.replaceAll('_', ''));
  const isExact = Number.isSafeInteger(value) || /[.eE]/.test(text);
  return /[jJ]$/.test(text) || !Number.isFinite(value) || !isExact ? undefined : value;
}

/** Whether a literal is written as a float: `1.0`, `1e3`. */
export function isFloat(text: string): boolean {
  return /^[+-]?[\d_]*(\.|\d[eE])/.test(text) && !/^[+-]?0[xXbBoO]/.test(text);
}

/** Python's spelling of a scalar. */
export function toPython(value: Scalar, asFloat = false): string {
  if (value === null) {
    return 'None';
  }
  if (typeof value === 'boolean') {
    return value ? 'True' : 'False';
  }
  if (typeof value === 'number') {
    const text = Object.is(value, -0) ? '-0.0' : String(value);
    return asFloat && /^-?\d+$/.test(text) ? `${text}.0` : text;
  }
  return stringLiteral(value);
}

function stringLiteral(text: string): string {
  const escaped = [...text].map(c => (c === '\\' ? '\\\\' : c === "'" ? "\\'" : c === '\n' ? '\\n' : c === '\r' ? '\\r' : c === '\t' ? '\\t' : c < ' ' || c === '\x7f' ? `\\x${c.charCodeAt(0).toString(16).padStart(2, '0')}` : c));
  return `'${escaped.join('')}'`;
}
