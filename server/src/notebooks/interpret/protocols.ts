import type { Node } from '../source/node';
import { words } from '../knowledge/methods';
import { findMethod } from './definitions';
import { elementOf, valueOf, type Value } from './values';
import type { Argument, Walker } from './walker';

/** Methods by which Python calls a class of the notebook without its name standing in the text. */
const PROTOCOLS = {
  show: words('__repr__ __str__ __format__ _repr_html_'),
  iterate: words('__iter__ __next__ __getitem__ __len__ __reversed__'),
  compare: words('__lt__ __gt__ __le__ __ge__ __eq__ __ne__ __hash__ __contains__'),
  convert: words('__len__ __bool__ __int__ __float__ __abs__ __round__ __index__ __hash__ __divmod__ __pow__'),
  enter: words('__enter__ __aenter__'),
  exit: words('__exit__ __aexit__'),
  next: words('__next__'),
  getItem: words('__getitem__'),
  setItem: words('__setitem__'),
  delItem: words('__delitem__'),
  getAttribute: words('__getattr__ __getattribute__'),
  setAttribute: words('__setattr__'),
  sum: words('__add__ __radd__')
} as const;
export type Protocol = keyof typeof PROTOCOLS;

const OPERATORS: Record<string, string> = { '+': 'add', '-': 'sub', '*': 'mul', '/': 'truediv', '//': 'floordiv', '%': 'mod', '**': 'pow', '@': 'matmul', '&': 'and', '|': 'or', '^': 'xor', '<<': 'lshift', '>>': 'rshift' };

/** Walks those of a protocol's methods that the notebook's classes define; what they give. */
export function callProtocol(w: Walker, value: Value, protocol: Protocol, node: Node, args: readonly Argument[] = []): Value[] {
  return callMethods(w, value, PROTOCOLS[protocol], node, args);
}

/** An operator between values: `a + b` calls `__add__` of the one or `__radd__` of the other. */
export function callOperator(w: Walker, operator: string, values: readonly Value[], node: Node): Value[] {
  if (!values.some(v => v.objects.some(o => o.cls))) {
    return [];
  }
  const name = OPERATORS[operator];
  const names = name === undefined ? PROTOCOLS.compare : new Set([`__${name}__`, `__r${name}__`, `__i${name}__`]);
  return values.flatMap((v, i) => callMethods(w, v, names, node, values.filter((_, j) => j !== i).map(value => ({ keyword: null, stars: '', value, node }))));
}

/** The same of what a value is and of what it holds: `sorted(items)`. */
export function callProtocolWithin(w: Walker, value: Value, protocols: readonly Protocol[], node: Node): void {
  for (const each of [value, elementOf(value)]) {
    protocols.forEach(p => callProtocol(w, each, p, node));
  }
}

function callMethods(w: Walker, value: Value, names: ReadonlySet<string>, node: Node, args: readonly Argument[]): Value[] {
  const results: Value[] = [];
  for (const object of value.objects) {
    for (const name of object.cls ? names : []) {
      const method = findMethod(object.cls!, name);
      if (method) {
        results.push(w.invoke({ ...method, receiver: valueOf(object) }, args, node));
      }
    }
  }
  return results;
}
