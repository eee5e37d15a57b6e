import type { Node } from '../source/node';
import type { Scope } from './scope';
import type { Value } from './values';

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
}

export interface ClassDef {
  is: 'class';
  name: string;
  methods: Map<string, FunctionDef>;
  bases: readonly Value[];
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

/** Full names of the library classes a class derives from. */
export function libraryBases(cls: ClassDef): string[] {
  return cls.bases.flatMap(b => [...(b.origin ? [b.origin] : []), ...b.callables.flatMap(c => (c.is === 'class' && c !== cls ? libraryBases(c) : []))]);
}
