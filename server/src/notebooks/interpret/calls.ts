import { bare, type Node } from '../source/node';
import { evaluateArguments } from './arguments';
import { builtinCall } from './builtin-calls';
import { findMethod, type ClassDef } from './definitions';
import { readMarkedNames, runText } from './dynamic';
import { libraryCall } from './library-calls';
import { methodCall } from './method-calls';
import { member } from './members';
import { readPaths } from './paths';
import { scopeToRead, type Scope } from './scope';
import { SCALAR, fresh, join, metricIn, valueOf, type Value } from './values';
import type { CallSite, Walker } from './walker';
import { isEstimator } from '../knowledge/estimators';
import { isMetricName, metricOfFunction } from '../knowledge/metric-names';

/** Walks a call: the callee, the arguments, then what the callee does. */
export function call(w: Walker, node: Node, scope: Scope | null, given: Partial<CallSite> = {}): Value {
  const site: CallSite = { node, isDiscarded: false, isShown: false, ...given };
  const callee = bare(node.kids[0]!);
  if (callee.name === 'MemberExpression' && !callee.kids.some(k => k.name === '[')) {
    return callMember(w, callee, node, scope, site);
  }
  if (callee.name === 'VariableName' && !scopeToRead(callee.text, scope) && w.world.isBuiltin(callee.text)) {
    const args = evaluateArguments(w, node, scope);
    w.world.useBuiltin(callee.text);
    return callee.text === 'eval' || callee.text === 'exec' ? runText(w, callee.text, args, scope) : builtinCall(w, callee.text, args);
  }
  const value = w.expr(callee, scope);
  return callValue(w, value, node, scope, site, callee.name === 'VariableName' ? callee.text : null);
}

function callMember(w: Walker, callee: Node, node: Node, scope: Scope | null, site: CallSite): Value {
  const name = callee.kids.at(-1)!.text;
  const above = callee.kids[0]!.name === 'CallExpression' && /^super\(/.test(callee.kids[0]!.text) ? superOf(scope) : null;
  const inherited = above?.bases.map(base => findMethod(base, name)).find(m => m);
  if (above && inherited) {
    return w.invoke({ ...inherited, receiver: above.self }, evaluateArguments(w, node, scope), node);
  }
  const isSuper = above !== null;
  const receiver = above ? withoutClass(above.self) : w.expr(callee.kids[0]!, scope);
  const owner = receiver.objects.map(o => o.cls && findMethod(o.cls, name)).find(m => m);
  const isOwn = owner && !owner.isProperty && !isSuper;
  if (receiver.origin === null && !isOwn && !receiver.callables.some(c => c.is === 'class' && findMethod(c, name))) {
    const args = evaluateArguments(w, node, scope);
    const held = receiver.objects.flatMap(o => [...(o.holds.get(name) ?? [])]).flatMap(o => o.callable ?? []);
    if (held.length > 0) {
      return join(held.map(c => w.invoke(c, args, node)));
    }
    if (name === 'query' || name === 'eval') {
      readMarkedNames(w, args, scope);
    }
    return methodCall(w, receiver, name, args, site);
  }
  return callValue(w, member(w, receiver, name, callee), node, scope, site, isOwn ? name : null);
}

/** What `super()` stands for: the object, and the notebook's classes above the one whose method runs. */
function superOf(scope: Scope | null): { self: Value; bases: ClassDef[] } | null {
  for (let s = scope; s; s = s.parent) {
    const self = s.fn?.owner && s.fn.params[0] ? s.names.get(s.fn.params[0].name) : undefined;
    if (self) {
      return { self, bases: s.fn!.owner!.bases.flatMap(b => b.callables).filter(c => c.is === 'class') };
    }
  }
  return null;
}

/** `super().__init__(…)` of a library's class: nothing of ours to walk. */
function withoutClass(self: Value): Value {
  return self.objects[0] ? valueOf({ ...self.objects[0], cls: null }) : fresh();
}

function callValue(w: Walker, callee: Value, node: Node, scope: Scope | null, site: CallSite, name: string | null): Value {
  const args = evaluateArguments(w, node, scope);
  const results: Value[] = [];
  for (const callable of callee.callables) {
    results.push(w.invoke(callable, args, node));
  }
  for (const object of callee.objects) {
    const method = object.cls && (findMethod(object.cls, '__call__') ?? findMethod(object.cls, 'forward') ?? findMethod(object.cls, 'call'));
    if (method) {
      results.push(w.invoke({ ...method, receiver: valueOf(object) }, args, node));
    }
  }
  if (callee.objects.some(o => o.type !== null && isEstimator(o.type.split(':')[0]!))) {
    w.world.unit.features.add('predict');
  }
  if (results.length > 0) {
    return measured(join(results), name);
  }
  if (callee.origin !== null) {
    return libraryCall(w, callee, args, site);
  }
  // Something callable of a library, or unknown: `model(x)`, `partial_f(x)`.
  args.forEach(a => a.value.callables.forEach(c => w.touch(c)));
  readPaths(w, args);
  const metric = args.map(a => metricIn(a.value)).find(m => m) ?? null;
  const own = name === null ? null : metricOfFunction(name);
  return own ? { ...SCALAR, metric: own } : { ...fresh('unknown'), metric };
}

/** A function of the notebook called like a metric measures, whatever its formula. */
function measured(value: Value, name: string | null): Value {
  return name !== null && isMetricName(name) && !metricIn(value) ? { ...(value === SCALAR ? SCALAR : value), metric: { name, isNumber: true } } : value;
}
