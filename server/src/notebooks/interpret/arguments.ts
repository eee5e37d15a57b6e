import { child, items, type Node } from '../source/node';
import { comprehension } from './expressions';
import type { Scope } from './scope';
import type { Argument, Walker } from './walker';
import type { Value } from './values';

/** Evaluates the arguments of a call, in order. */
export function evaluateArguments(w: Walker, callNode: Node, scope: Scope | null): Argument[] {
  const list = child(callNode, 'ArgList')!;
  if (list.kids.some(k => k.name === 'for')) {
    return [{ keyword: null, stars: '', value: comprehension(w, list, scope), node: list }];
  }
  const kids = items(list);
  const args: Argument[] = [];
  for (let i = 0; i < kids.length; i++) {
    const kid = kids[i]!;
    if (kid.name === '*' || kid.name === '**') {
      const node = kids[++i]!;
      args.push({ keyword: null, stars: kid.name, value: w.expr(node, scope), node });
    } else if (kids[i + 1]?.name === 'AssignOp') {
      const node = kids[i + 2]!;
      const value = w.expr(node, scope);
      if (kids[i + 1]!.text === ':=') {
        w.bindName(kid.text, value, scope);
      }
      args.push({ keyword: kids[i + 1]!.text === '=' ? kid.text : null, stars: '', value, node });
      i += 2;
    } else {
      args.push({ keyword: null, stars: '', value: w.expr(kid, scope), node: kid });
    }
  }
  return args;
}

/** The argument at a position, or given by one of the keywords. */
export function argument(args: readonly Argument[], position: number, keywords: readonly string[] = []): Argument | undefined {
  const positional = args.filter(a => a.keyword === null && a.stars === '');
  return (position >= 0 ? positional[position] : undefined) ?? args.find(a => a.keyword !== null && keywords.includes(a.keyword));
}

/** Whether a keyword is given as the literal `True`. */
export function isOn(args: readonly Argument[], keyword: string): boolean {
  return args.some(a => a.keyword === keyword && a.node.text === 'True');
}

/** The first of the arguments' values that is not the receiver. */
export function valuesOf(args: readonly Argument[]): Value[] {
  return args.map(a => a.value);
}
