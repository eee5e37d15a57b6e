import { bare, type Node } from '../source/node';
import { boundMethod, classAttribute, findMethod } from './definitions';
import { isNamespace, readNamespace } from './dynamic';
import type { Scope } from './scope';
import { callProtocol } from './protocols';
import { stringValue } from './strings';
import { SCALAR, elementOf, fresh, join, memberOf, metricIn, newObject, valueOf, type Metric, type Value } from './values';
import type { Walker } from './walker';

/** Attributes that hold a metric once an object is fitted. */
const METRIC_ATTRIBUTES = new Set(['best_score_', 'oob_score_', 'best_value', 'best_score', 'rsquared', 'rsquared_adj', 'validation_scores_']);
const SCALAR_ATTRIBUTES = new Set(['shape', 'size', 'ndim', 'dtype', 'dtypes', 'columns', 'index', 'name', '__name__', 'device', 'empty']);
const PATH_NAMES = new Set(['name', 'stem', 'suffix']);

/** `value.name`, not called. */
export function memberAccess(w: Walker, node: Node, scope: Scope | null): Value {
  const name = node.kids.at(-1)!.text;
  const base = w.expr(node.kids[0]!, scope);
  return member(w, base, name, node);
}

export function member(w: Walker, base: Value, name: string, node: Node): Value {
  if (base.origin !== null) {
    return { ...SCALAR, origin: `${base.origin}.${name}`, objects: base.objects };
  }
  for (const object of base.objects) {
    const method = object.cls && findMethod(object.cls, name);
    if (method) {
      const bound = boundMethod(method, object.cls!, valueOf(object));
      return method.isProperty ? w.invoke(bound, [], node) : { ...SCALAR, callables: [bound] };
    }
  }
  for (const callable of base.callables) {
    const method = callable.is === 'class' && findMethod(callable, name);
    if (method) {
      return { ...SCALAR, callables: [boundMethod(method, callable, null)] };
    }
  }
  if (base.text !== null) {
    return { ...SCALAR, text: name === 'parent' ? base.text.replace(/\/?[^/]*$/, '') || '.' : PATH_NAMES.has(name) ? base.text.split('/').at(-1)! : null };
  }
  const metric = metricAttribute(base, name);
  if (SCALAR_ATTRIBUTES.has(name) && !base.objects.some(o => o.holds.has(name))) {
    return { ...SCALAR, metric };
  }
  const value = attributeOf(base, name);
  callProtocol(w, base, 'getAttribute', node);
  return { ...value, metric: metric ?? carriedMetric(value, name), callables: base.objects.some(o => o.holds.has(name)) ? value.callables : value.objects.flatMap(o => o.callable ?? []) };
}

/** An instance's own attribute, else its class's. */
function attributeOf(base: Value, name: string): Value {
  const own = memberOf(base, name);
  const ofClass = base.objects.flatMap(o => (o.cls && !o.holds.has(name) ? classAttribute(o.cls, name) : []));
  return ofClass.length === 0 ? own : { ...own, objects: [...new Set([...own.objects, ...ofClass])] };
}

function metricAttribute(base: Value, name: string): Metric | null {
  if (METRIC_ATTRIBUTES.has(name)) {
    return { name, isNumber: true };
  }
  // `history = model.fit(…)`, then `history.history['loss']`: the training's own metrics.
  return name === 'history' && base.objects.some(o => o.type === 'fit' || o.kind === 'unknown' || o.kind === 'object') && !base.objects.some(o => o.kind === 'frame') ? { name: 'history', isNumber: true } : null;
}

/** An attribute of a container of scores is no score (`results.columns`). */
function carriedMetric(value: Value, name: string): Metric | null {
  return name === 'T' || name === 'values' || name === 'loc' || name === 'iloc' ? metricIn(value) : null;
}

/** `value[index]`, read. */
export function subscript(w: Walker, node: Node, scope: Scope | null): Value {
  if (isNamespace(w, node.kids[0]!)) {
    node.kids.slice(2, -1).forEach(k => w.expr(k, scope));
    return readNamespace(w, literalKey(node.kids.slice(2, -1)), scope);
  }
  const base = w.expr(node.kids[0]!, scope);
  const inner = node.kids.slice(2, -1);
  inner.filter(k => k.name !== ':' && k.name !== ',').forEach(k => w.expr(k, scope));
  if (base.origin !== null) {
    return { ...SCALAR, objects: base.objects, origin: `${base.origin}.[]` };
  }
  if (givesCopy(base, node.kids[0]!, inner)) {
    return { ...fresh(base.objects[0]?.kind === 'array' ? 'array' : 'frame'), metric: metricIn(base) };
  }
  const key = literalKey(inner);
  const given = callProtocol(w, base, 'getItem', node);
  const value = join([key === null ? elementOf(base) : memberOf(base, key), ...given]);
  const metric = metricIn(base);
  return metric?.name === 'history' && key !== null ? { ...value, metric: { ...metric, name: key } } : value;
}

/** The key of a literal subscript; null where it is computed. */
export function literalKey(inner: readonly Node[]): string | null {
  const [only] = inner;
  if (!only || inner.length !== 1) {
    return null;
  }
  return only.name === 'String' ? stringValue(only.text) : only.name === 'Number' ? only.text : null;
}

/** A frame gives a copy for a list, a mask or rows and columns; an array for a mask or a list. */
function givesCopy(base: Value, baseNode: Node, inner: readonly Node[]): boolean {
  const isLocator = baseNode.name === 'MemberExpression' && /\.(loc|iloc)$/.test(baseNode.text);
  const isFrame = isLocator || base.objects.some(o => o.kind === 'frame');
  const index = bare(inner[0] ?? baseNode);
  if (isFrame) {
    return isLocator || !(inner.length === 1 && ['String', 'Number'].includes(index.name));
  }
  const isMask = (index.name === 'BinaryExpression' && /^(CompareOp|BitOp|in|is|not|and|or)$/.test(index.kids[1]?.name ?? '')) || (index.name === 'UnaryExpression' && index.text.startsWith('~'));
  return inner.length === 1 && (isMask || index.name === 'ArrayExpression') && base.objects.length > 0;
}

/** Where a store goes: the object whose slot is set, and the slot's key. */
export function slotOf(w: Walker, node: Node, scope: Scope | null): { owner: Value; key: string } {
  const owner = ownerOf(w, node.kids[0]!, scope);
  if (node.kids.some(k => k.name === '[')) {
    const inner = node.kids.slice(2, -1);
    inner.filter(k => k.name !== ':' && k.name !== ',').forEach(k => w.expr(k, scope));
    return { owner, key: literalKey(inner) ?? '' };
  }
  return { owner, key: node.kids.at(-1)!.text };
}

/** What is stored into; where that has no object of its own (`df.index.name = …`), the whole it belongs to. */
function ownerOf(w: Walker, node: Node, scope: Scope | null): Value {
  const owner = w.expr(node, scope);
  const isPlain = owner.objects.length === 0 && owner.origin === null && node.name === 'MemberExpression' && node.kids.at(-1)!.name === 'PropertyName';
  return isPlain ? ownerOf(w, node.kids[0]!, scope) : owner;
}

/** A new object with one kind of content, for what library calls give. */
export function made(kind: Parameters<typeof newObject>[0], type: string | null = null): Value {
  return valueOf(newObject(kind, type));
}
