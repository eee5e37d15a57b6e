import { parsePython, type Node } from '../source/node';
import { firstError } from '../source/parsed-cell';
import { scopeToRead, type Scope } from './scope';
import { SCALAR, fresh, type Value } from './values';
import type { Argument, Walker } from './walker';

/** Builtins that give all names of a namespace. */
const NAMESPACES = /^(globals|locals|vars)\(\)$/;

/** Reads a name as code at this place would. */
export function readByName(w: Walker, name: string, scope: Scope | null): Value {
  const holder = scopeToRead(name, scope);
  return holder ? (holder.names.get(name) ?? fresh()) : w.world.read(name);
}

/** `df.query('a > @limit')`, `df.eval('a * @k')`: names marked so come from the notebook. */
export function readMarkedNames(w: Walker, args: readonly Argument[], scope: Scope | null): void {
  const [first] = args;
  for (const [, name] of (first ? (first.value.text ?? first.node.text) : '').matchAll(/@([\p{L}_][\p{L}\p{N}_]*)/gu)) {
    readByName(w, name!, scope);
  }
}

/** `eval`, `exec`: code that stands there as text is walked; any other may read whatever there is. */
export function runText(w: Walker, name: string, [code]: readonly Argument[], scope: Scope | null): Value {
  const text = code?.value.text ?? null;
  const tree = text === null ? null : parsePython(name === 'eval' ? text.trim() : text);
  if (!tree || firstError(tree)) {
    w.world.unit.warnings.push(`uses \`${name}()\`: what it reads and binds is not seen`);
    w.world.readAll();
    w.world.unit.bindsUnseen ||= name === 'exec';
    return fresh();
  }
  if (name === 'eval' && tree.kids[0]?.name === 'ExpressionStatement') {
    return w.expr(tree.kids[0].kids[0]!, scope);
  }
  w.block(tree, scope);
  return SCALAR;
}

/** Whether an expression is the namespace of the notebook: `globals()`. */
export function isNamespace(w: Walker, node: Node): boolean {
  return node.name === 'CallExpression' && NAMESPACES.test(node.text) && w.world.isBuiltin(node.kids[0]!.text);
}

/** `globals()[name]` with a name that is not known: it may be any. */
export function readNamespace(w: Walker, key: string | null, scope: Scope | null): Value {
  if (key !== null) {
    return readByName(w, key, scope);
  }
  warn(w);
  w.world.readAll();
  return fresh();
}

/** `globals()[name] = …`: binds the name, or one that is not seen. */
export function bindInNamespace(w: Walker, key: string, value: Value, scope: Scope | null): void {
  if (key !== '') {
    w.bindName(key, value, scope);
    return;
  }
  warn(w);
  w.world.unit.bindsUnseen = true;
}

function warn(w: Walker): void {
  w.world.unit.warnings.push('uses `globals()`: what it reads and binds is not seen');
}
