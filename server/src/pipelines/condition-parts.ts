import { parse } from './cel';
import type { Scalar } from '@slipway/schema';

/** A condition as other languages can say it too: of params and plain values. */
export type ConditionPart =
  | { kind: 'value'; value: Scalar }
  | { kind: 'list'; items: ConditionPart[] }
  | { kind: 'param'; name: string }
  | { kind: 'not' | 'minus'; of: ConditionPart }
  | { kind: 'and' | 'or'; parts: ConditionPart[] }
  | { kind: 'compare'; operator: '==' | '!=' | '<' | '<=' | '>' | '>='; left: ConditionPart; right: ConditionPart }
  | { kind: 'in'; left: ConditionPart; right: ConditionPart };

/** A node of the language's own tree. */
interface Node {
  op: string;
  args: unknown;
}

/** What a condition is made of; a text why not, where only we can judge it: metrics, how steps ended, the run, functions, sums. */
export function partsOf(condition: string): ConditionPart | string {
  try {
    return partOf(parse(condition).ast as unknown as Node);
  } catch (error) {
    if (error instanceof Unsaid) {
      return error.message;
    }
    throw error;
  }
}

/** It cannot be said elsewhere. */
class Unsaid extends Error {}

const COMPARE = new Set(['==', '!=', '<', '<=', '>', '>=']);

function partOf({ op, args }: Node): ConditionPart {
  const list = args as Node[];
  if (op === 'value') {
    return { kind: 'value', value: typeof args === 'bigint' ? Number(args) : (args as Scalar) };
  }
  if (op === 'list') {
    return { kind: 'list', items: list.map(partOf) };
  }
  if (op === '!_' || op === '-_') {
    return { kind: op === '!_' ? 'not' : 'minus', of: partOf(args as Node) };
  }
  if (op === '&&' || op === '||') {
    return { kind: op === '&&' ? 'and' : 'or', parts: list.map(partOf) };
  }
  if (COMPARE.has(op)) {
    return { kind: 'compare', operator: op as '==', left: partOf(list[0]!), right: partOf(list[1]!) };
  }
  if (op === 'in') {
    return { kind: 'in', left: partOf(list[0]!), right: partOf(list[1]!) };
  }
  return reference({ op, args });
}

function reference(node: Node): ConditionPart {
  const path = pathOf(node);
  if (path?.length === 2 && path[0] === 'params') {
    return { kind: 'param', name: path[1]! };
  }
  throw new Unsaid(path === null ? `\`${node.op === 'call' || node.op === 'rcall' ? String((node.args as unknown[])[0]) : node.op}\` has no equivalent` : `\`${path.join('.')}\` is known to Slipway alone`);
}

/** `params["cfg.lr"]` as its names; null where it is none. */
function pathOf({ op, args }: Node): string[] | null {
  if (op === 'id') {
    return [String(args)];
  }
  if (op !== '.' && op !== '[]') {
    return null;
  }
  const [of, key] = args as [Node, unknown];
  const before = pathOf(of);
  const name = op === '.' ? key : (key as Node).op === 'value' ? (key as Node).args : undefined;
  return before && typeof name === 'string' ? [...before, name] : null;
}
