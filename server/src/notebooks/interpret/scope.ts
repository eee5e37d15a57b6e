import type { FunctionDef } from './definitions';
import { hold, newObject, type Obj, type Value } from './values';

/** Where names of functions, classes and comprehensions live; null is the notebook's top level. */
export interface Scope {
  kind: 'function' | 'class' | 'comprehension';
  parent: Scope | null;
  names: Map<string, Value>;
  /** Names that are local even before they are bound. */
  locals: ReadonlySet<string>;
  globals: ReadonlySet<string>;
  nonlocals: ReadonlySet<string>;
  /** The function whose body runs in it. */
  fn: FunctionDef | null;
  /** Stands for its names as long as functions inside keep them. */
  kept: Obj | null;
}

const NONE: ReadonlySet<string> = new Set();

export function newScope(kind: Scope['kind'], parent: Scope | null, names: { locals?: ReadonlySet<string>; globals?: ReadonlySet<string>; nonlocals?: ReadonlySet<string> } = {}): Scope {
  return { kind, parent, names: new Map(), locals: names.locals ?? NONE, globals: names.globals ?? NONE, nonlocals: names.nonlocals ?? NONE, fn: null, kept: null };
}

/** The scope as something that a function defined in it holds; null at top level. */
export function keptScope(scope: Scope | null): Obj | null {
  if (scope?.kind !== 'function') {
    return scope?.parent ? keptScope(scope.parent) : null;
  }
  if (!scope.kept) {
    scope.kept = newObject('code');
    scope.names.forEach((value, name) => hold(scope.kept!, name, value));
  }
  return scope.kept;
}

/** The scope a name is read from; null: the top level. A class's names are seen by its own body only. */
export function scopeToRead(name: string, from: Scope | null): Scope | null {
  for (let scope = from; scope; scope = scope.parent) {
    if (scope.globals.has(name)) {
      return null;
    }
    if ((scope === from || scope.kind !== 'class') && (scope.names.has(name) || scope.locals.has(name))) {
      return scope;
    }
  }
  return null;
}

/** The scope a name is bound in; null: the top level. */
export function scopeToBind(name: string, from: Scope | null): Scope | null {
  if (!from || from.globals.has(name)) {
    return null;
  }
  if (from.nonlocals.has(name)) {
    for (let scope = from.parent; scope; scope = scope.parent) {
      if (scope.kind === 'function' && (scope.names.has(name) || scope.locals.has(name))) {
        return scope;
      }
    }
    return null;
  }
  return from;
}

/** The scope a walrus binds in: comprehensions are passed through. */
export function outsideComprehensions(from: Scope | null): Scope | null {
  let scope = from;
  while (scope?.kind === 'comprehension') {
    scope = scope.parent;
  }
  return scope;
}
