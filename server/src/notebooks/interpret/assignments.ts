import { bare, items, splitAt, type Node } from '../source/node';
import { bindInNamespace, isNamespace } from './dynamic';
import { literalKey, slotOf } from './members';
import { findMethod } from './definitions';
import { callProtocol } from './protocols';
import { scopeToBind, type Scope } from './scope';
import { SCALAR, elementOf, fresh, hold, join, metricIn, valueOf, type Value } from './values';
import type { Walker } from './walker';

/** Several values as one tuple: `return a, b`. */
export function packed(values: readonly Value[]): Value {
  const tuple = fresh('container');
  values.forEach((v, i) => hold(tuple.objects[0]!, String(i), v));
  const metric = values.map(metricIn).find(m => m);
  tuple.objects[0]!.metric = metric ?? null;
  return { ...tuple, callables: values.flatMap(v => v.callables) };
}

/** `a = b = value`, annotated or not. */
export function assignStatement(w: Walker, node: Node, scope: Scope | null): void {
  node.kids.filter(k => k.name === 'TypeDef' && !scope).forEach(k => k.kids.forEach(t => w.expr(t, scope)));
  const groups = splitAt(node.kids.filter(k => k.name !== 'TypeDef'), 'AssignOp');
  if (groups.length < 2) {
    return; // `x: int` binds nothing
  }
  const sources = groups.at(-1)!.filter(k => k.name !== ',' && k.name !== '*');
  const values = sources.map(k => w.expr(k, scope));
  for (const group of groups.slice(0, -1)) {
    const targets = group.filter(k => k.name !== ',');
    if (targets.length === 1 && !group.some(k => k.name === ',')) {
      w.assign(targets[0]!, values.length > 1 ? packed(values) : values[0]!, scope);
    } else {
      assignEach(w, targets, sources.length > 1 ? values : null, values[0] ?? SCALAR, scope);
    }
  }
}

/** `a, *b = …`: position by position where that is possible. */
function assignEach(w: Walker, targets: readonly Node[], values: readonly Value[] | null, whole: Value, scope: Scope | null): void {
  const named = targets.filter(t => t.name !== '*');
  const hasStar = named.length !== targets.length;
  named.forEach((target, i) => {
    const held = whole.objects.map(o => o.holds.get(String(i))).find(set => set);
    const value = hasStar || (values && values.length !== named.length) ? join((values ?? [whole]).map(elementOf)) : (values?.[i] ?? (held ? { ...SCALAR, objects: [...held], metric: null, callables: whole.callables } : unpacked(whole)));
    w.assign(target, value, scope);
  });
}

/** An element of what a call gave back: on its own where the whole has no other name. */
function unpacked(whole: Value): Value {
  const element = elementOf(whole);
  const kind = whole.objects[0]?.kind;
  const isOwn = whole.objects.every(o => o.holds.size === 0 && o.partOf.length === 0 && o.kind !== 'container') && kind !== undefined;
  return isOwn ? { ...fresh(kind === 'iterator' ? 'unknown' : kind), metric: element.metric, callables: whole.callables } : element;
}

/** Binds or stores into one assignment target. */
export function assign(w: Walker, target: Node, value: Value, scope: Scope | null): void {
  switch (target.name) {
    case 'VariableName':
      w.bindName(target.text, value, scope);
      break;
    case 'MemberExpression': {
      if (isNamespace(w, target.kids[0]!)) {
        target.kids.slice(2, -1).forEach(k => w.expr(k, scope));
        bindInNamespace(w, literalKey(target.kids.slice(2, -1)) ?? '', value, scope);
        break;
      }
      const { owner, key } = slotOf(w, target, scope);
      store(w, owner, key, value, target);
      break;
    }
    case 'ParenthesizedExpression':
    case 'TupleExpression':
    case 'ArrayExpression':
      assignEach(w, items(target), null, value, scope);
      break;
    case '*':
    case ',':
      break;
    default:
      w.expr(target, scope);
  }
}

function store(w: Walker, owner: Value, key: string, value: Value, target: Node): void {
  if (owner.origin !== null) {
    w.world.mutateModule(`${owner.origin}.${key}`);
    if (/^os\.environ/.test(owner.origin)) {
      w.world.setState('environment');
    }
    return;
  }
  w.world.mutate(owner.objects, false);
  const args = [{ keyword: null, stars: '' as const, value: SCALAR, node: target }, { keyword: null, stars: '' as const, value, node: target }];
  callProtocol(w, owner, target.kids.some(k => k.name === '[') ? 'setItem' : 'setAttribute', target, args);
  for (const object of owner.objects) {
    const setter = object.cls && findMethod(object.cls, `${key}=`);
    if (setter) {
      w.invoke({ ...setter, receiver: valueOf(object) }, args.slice(1), target);
    }
    const [fn] = value.callables;
    if (object.callable?.is === 'class' && fn?.is === 'function') {
      object.callable.methods.set(key, { ...fn, owner: object.callable });
    }
    if (object.kind !== 'frame' && object.kind !== 'array') {
      hold(object, key, value);
      object.metric ??= metricIn(value);
    }
  }
}

export function bindName(w: Walker, name: string, value: Value, scope: Scope | null): void {
  const holder = scopeToBind(name, scope);
  if (holder) {
    w.world.trail.set(holder.names, name, value);
    if (holder.kept) {
      hold(holder.kept, name, value);
      if (holder !== scope) {
        w.world.mutate([holder.kept], false);
      }
    }
  } else {
    w.world.bind(name, value);
  }
}

/** `a += value`. */
export function updateStatement(w: Walker, node: Node, scope: Scope | null): void {
  const [target, , ...rest] = node.kids as [Node, Node, ...Node[]];
  const values = rest.filter(k => k.name !== ',').map(k => w.expr(k, scope));
  if (target.name !== 'VariableName') {
    const { owner, key } = slotOf(w, target, scope);
    store(w, owner, key, join(values), target);
    return;
  }
  const before = w.expr(target, scope);
  // A list grows in place, and every other name of it sees that; a number does not.
  const isInPlace = rest.some(k => /^(Array|Set|Dictionary)/.test(bare(k).name)) || before.objects.some(o => ['container', 'array', 'frame'].includes(o.kind));
  if (isInPlace && before.objects.length > 0) {
    w.world.mutate(before.objects, false);
    before.objects.forEach(o => values.forEach(v => o.kind === 'container' && hold(o, '', v)));
    w.bindName(target.text, before, scope);
  } else {
    w.bindName(target.text, { ...join([before, ...values]), objects: before.objects.length > 0 ? fresh().objects : [], text: null }, scope);
  }
}

/** `del a, b[0], c.d`. */
export function deleteTarget(w: Walker, node: Node, scope: Scope | null): void {
  if (node.name === 'VariableName') {
    const holder = scopeToBind(node.text, scope);
    if (holder) {
      w.world.trail.delete(holder.names, node.text);
    } else {
      w.world.delete(node.text);
    }
  } else if (node.name === 'MemberExpression') {
    const { owner } = slotOf(w, node, scope);
    w.world.mutate(owner.objects, false);
    callProtocol(w, owner, 'delItem', node);
  } else {
    items(node).forEach(k => deleteTarget(w, k, scope));
  }
}
