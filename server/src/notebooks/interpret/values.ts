import type { Callable, ClassDef } from './definitions';

/** What is known of an object's type; decides how methods and subscripts are read. */
export type Kind = 'unknown' | 'container' | 'frame' | 'array' | 'axes' | 'random' | 'object' | 'file' | 'iterator' | 'path' | 'module' | 'code';

/**
 * One object as far as its place of birth tells objects apart. Links point both
 * ways: to change a part changes the whole and whoever holds it.
 */
export interface Obj {
  kind: Kind;
  /** Class or factory it came from, e.g. `StandardScaler`, by its full dotted name where known. */
  type: string | null;
  cls: ClassDef | null;
  /** Wholes this is a window on: `y = df['y']`, `w = model.layer`. */
  partOf: Obj[];
  parts: Map<string, Obj>;
  /** Objects it refers to, by key or attribute; '' where the key is not known. */
  holds: Map<string, Set<Obj>>;
  holders: Set<Obj>;
  /** A metric that was put into it: a list or dict of scores. */
  metric: Metric | null;
  /** The process's random state it draws from when it is fitted or gone through. */
  drawsFrom: 'numpy' | 'torch' | null;
  /** Top-level names it was ever bound to, and the units that did. */
  boundAs: Set<string>;
  boundIn: Set<number>;
  /** The function or class it is. */
  callable: Callable | null;
  /** Mode of an open file. */
  mode: string | null;
}

/** A number that came from a metric function. */
export interface Metric {
  name: string;
  /** A number and no report or matrix: it can be recorded. */
  isNumber: boolean;
}

/** What an expression may give. No object means a scalar: nothing to change or share. */
export interface Value {
  objects: readonly Obj[];
  /** Full dotted name of what was imported: `sklearn.metrics.f1_score`. */
  origin: string | null;
  /** Functions and classes of the notebook it is, or carries in it. */
  callables: readonly Callable[];
  metric: Metric | null;
  /** The string it is known to be, paths included. */
  text: string | null;
}


export const SCALAR: Value = { objects: [], origin: null, callables: [], metric: null, text: null };

export function newObject(kind: Kind = 'unknown', type: string | null = null): Obj {
  return { kind, type, cls: null, partOf: [], parts: new Map(), holds: new Map(), holders: new Set(), metric: null, drawsFrom: null, boundAs: new Set(), boundIn: new Set(), callable: null, mode: null };
}

export function valueOf(object: Obj, more: Partial<Value> = {}): Value {
  return { ...SCALAR, objects: [object], ...more };
}

/** A value of its own, of the given kind. */
export function fresh(kind: Kind = 'unknown', type: string | null = null): Value {
  return valueOf(newObject(kind, type));
}

/** What may be the one or the other. */
export function join(values: readonly Value[]): Value {
  const some = values.filter(v => v !== SCALAR);
  if (some.length <= 1) {
    return some[0] ?? SCALAR;
  }
  const [first] = some as [Value];
  return {
    objects: [...new Set(some.flatMap(v => v.objects))],
    origin: some.every(v => v.origin === first.origin) ? first.origin : null,
    callables: [...new Set(some.flatMap(v => v.callables))],
    metric: some.find(v => v.metric)?.metric ?? null,
    text: values.every(v => v.text === first.text) ? first.text : null
  };
}

export function metricIn(value: Value): Metric | null {
  return value.metric ?? value.objects.find(o => o.metric)?.metric ?? null;
}

/** Notes that `holder` refers to what `value` is. */
export function hold(holder: Obj, key: string, value: Value): void {
  if (value.objects.length === 0) {
    return;
  }
  const held = holder.holds.get(key) ?? new Set();
  holder.holds.set(key, held);
  for (const object of value.objects) {
    if (object !== holder) {
      held.add(object);
      object.holders.add(holder);
    }
  }
}

export function heldBy(object: Obj): Obj[] {
  return [...object.holds.values()].flatMap(set => [...set]);
}

/** A new object of a kind that refers to the same things. */
export function shallowCopy(value: Value, kind: Kind): Value {
  const copy = newObject(kind, value.objects[0]?.type ?? null);
  if (kind !== 'frame' && kind !== 'array') {
    copy.cls = value.objects.find(o => o.cls)?.cls ?? null;
    value.objects.forEach(o => o.holds.forEach((set, key) => set.forEach(held => hold(copy, key, valueOf(held)))));
  }
  return valueOf(copy, { callables: value.callables });
}

/** The part of an object under a key; the same one each time. */
export function partOf(object: Obj, key: string): Obj {
  let part = object.parts.get(key);
  if (!part) {
    part = newObject(object.kind === 'container' || object.kind === 'module' || object.kind === 'object' ? 'unknown' : object.kind);
    part.partOf.push(object);
    object.parts.set(key, part);
  }
  return part;
}

/** What stands under a known key (attribute, literal subscript) of a value. */
export function memberOf(value: Value, key: string): Value {
  const objects = value.objects.flatMap(o => {
    const held = o.holds.get(key);
    return held ? [...held] : [partOf(o, key), ...(o.holds.get('') ?? [])];
  });
  return { ...SCALAR, objects: [...new Set(objects)], metric: metricIn(value), callables: value.callables };
}

/** Some element of a value: what iteration or an unknown subscript gives. */
export function elementOf(value: Value): Value {
  const objects = value.objects.flatMap(o => [partOf(o, ''), ...heldBy(o)]);
  return { ...SCALAR, objects: [...new Set(objects)], metric: metricIn(value), callables: value.callables };
}

/**
 * All that changes when the objects change: the wholes they are part of and
 * what holds them; with `deep` also what they hold and their own parts.
 */
export function affected(objects: readonly Obj[], deep: boolean): Set<Obj> {
  const down = new Set(objects);
  if (deep) {
    for (const object of down) {
      heldBy(object).filter(o => !['frame', 'array', 'code'].includes(o.kind)).forEach(o => down.add(o));
      if (object.kind !== 'frame' && object.kind !== 'container') {
        object.parts.forEach(o => down.add(o));
      }
    }
  }
  const all = new Set(down);
  for (const object of all) {
    object.partOf.forEach(o => all.add(o));
    object.holders.forEach(o => all.add(o));
  }
  return all;
}
