import type { Node } from '../source/node';
import type { Scope } from './scope';
import { SCALAR, type Obj, type Value } from './values';

export interface Param {
  name: string;
  /** '*' and '**' take what is left over. */
  stars: '' | '*' | '**';
  /** Evaluated where the function is defined. */
  default: Value | null;
}

/** A function or lambda of the notebook: its body is walked where it is called. */
export interface FunctionDef {
  is: 'function';
  name: string;
  params: Param[];
  /** A block, or a lambda's expression. */
  body: Node;
  isLambda: boolean;
  /** Names local to it, and those it declares global or nonlocal. */
  locals: ReadonlySet<string>;
  globals: ReadonlySet<string>;
  nonlocals: ReadonlySet<string>;
  /** Where its free names are looked up. */
  closure: Scope;
  /** What a method is bound to. */
  receiver: Value | null;
  isProperty: boolean;
  isStatic: boolean;
  /** It is bound to its class, not to an instance. */
  isOfClass: boolean;
  /** It gives an iterator; the body runs as that is gone through. */
  isGenerator: boolean;
  /** The class whose method it is: `super()` looks above it. */
  owner: ClassDef | null;
}

export interface ClassDef {
  is: 'class';
  name: string;
  methods: Map<string, FunctionDef>;
  bases: readonly Value[];
  /** The class itself as a value that may be changed: `Config.lr = 0.1`. */
  object: Obj;
}

export type Callable = FunctionDef | ClassDef;

/** A method of a class or of the notebook's classes it derives from. */
export function findMethod(cls: ClassDef, name: string, seen = new Set<ClassDef>()): FunctionDef | null {
  if (seen.has(cls)) {
    return null;
  }
  seen.add(cls);
  const own = cls.methods.get(name);
  if (own) {
    return own;
  }
  for (const base of cls.bases.flatMap(b => b.callables)) {
    const found = base.is === 'class' ? findMethod(base, name, seen) : null;
    if (found) {
      return found;
    }
  }
  return null;
}

/** A method as it is found on a class or an instance: with what it is bound to. */
export function boundMethod(method: FunctionDef, cls: ClassDef, receiver: Value | null): FunctionDef {
  return method.isOfClass ? { ...method, receiver: { ...SCALAR, objects: [cls.object], callables: [cls] } } : method.isStatic || !receiver ? method : { ...method, receiver };
}

/** What stands under a name in a class's body or in those it derives from. */
export function classAttribute(cls: ClassDef, name: string, seen = new Set<ClassDef>()): readonly Obj[] {
  const held = cls.object.holds.get(name);
  if (held || seen.has(cls)) {
    return [...(held ?? [])];
  }
  seen.add(cls);
  return cls.bases.flatMap(b => b.callables).flatMap(c => (c.is === 'class' ? classAttribute(c, name, seen) : []));
}

/** Full names of the library classes a class derives from. */
export function libraryBases(cls: ClassDef): string[] {
  return cls.bases.flatMap(b => [...(b.origin ? [b.origin] : []), ...b.callables.flatMap(c => (c.is === 'class' && c !== cls ? libraryBases(c) : []))]);
}
