import { READS_ENVIRONMENT } from '../knowledge/libraries';
import { child, items, type Node } from '../source/node';
import { findMethod, type ClassDef, type FunctionDef } from './definitions';
import { defineFunction, functionValue } from './functions';
import { importedNames } from './imports';
import { newScope, type Scope } from './scope';
import { SCALAR, hold, join, newObject, valueOf, type Value } from './values';
import type { Walker } from './walker';

/** `import` and `from … import`: a module written by a cell before is read. */
export function importStatement(w: Walker, node: Node, scope: Scope | null): void {
  for (const { name, origin, module } of importedNames(node)) {
    const path = module.replace(/^\.+/, '').replaceAll('.', '/');
    const [top] = path.split('/');
    [`${path}.py`, `${path}/__init__.py`, `${top!}.py`, `${top!}/__init__.py`, `${origin.replaceAll('.', '/')}.py`].forEach(p => w.world.readFile(p));
    if (READS_ENVIRONMENT.has(top!)) {
      w.world.readState('environment');
    }
    if (name === '*') {
      w.world.unit.bindsUnseen = true;
      w.world.unit.importsAll = true;
      w.world.unit.warnings.push(`imports * from \`${module}\`: the names it binds are not seen`);
    } else {
      w.bindName(name, { ...SCALAR, origin, objects: [w.world.moduleObject(origin)] }, scope);
    }
  }
}

/** A class: its bases and body run at once, its methods wait. */
export function classValue(w: Walker, node: Node, scope: Scope | null): Value {
  const argList = child(node, 'ArgList');
  const bases = argList ? items(argList).filter(k => k.name !== 'AssignOp' && k.name !== '*' && k.name !== '**').map((k, i, all) => (all[i + 1] && node.text[k.to - node.from] === '=' ? SCALAR : w.expr(k, scope))) : [];
  const inner = newScope('class', scope);
  w.block(child(node, 'Body')!, inner);
  const methods = new Map<string, FunctionDef>();
  const cls: ClassDef = { is: 'class', name: child(node, 'VariableName')!.text, methods, bases, object: newObject('code') };
  cls.object.callable = cls;
  for (const [name, value] of inner.names) {
    const fn = value.callables.find(c => c.is === 'function');
    if (fn) {
      methods.set(name, { ...fn, owner: cls });
    } else {
      hold(cls.object, name, value);
    }
  }
  for (const base of bases.flatMap(b => b.callables)) {
    const hook = base.is === 'class' && findMethod(base, '__init_subclass__');
    if (hook) {
      w.invoke({ ...hook, receiver: valueOf(cls.object, { callables: [cls] }) }, [], node);
    }
  }
  return valueOf(cls.object, { callables: [cls] });
}

/** Decorators run at once; a library's give back what calls the function, the notebook's own give what they return. */
export function decorated(w: Walker, node: Node, scope: Scope | null): void {
  const definition = node.kids.at(-1)!;
  const name = child(definition, 'VariableName')!.text;
  let value: Value = definition.name === 'ClassDefinition' ? classValue(w, definition, scope) : functionValue(defineFunction(w, definition, scope), scope);
  for (const decorator of node.kids.filter(k => k.name === 'Decorator').reverse()) {
    value = decorate(w, decorator, value, scope);
  }
  // A property's setter stands beside its getter.
  const isSetter = node.kids.some(k => k.name === 'Decorator' && /\.setter\s*$/.test(k.text));
  w.bindName(isSetter ? `${name}=` : name, value, scope);
}

function decorate(w: Walker, decorator: Node, value: Value, scope: Scope | null): Value {
  const names = decorator.kids.filter(k => k.name === 'VariableName').map(k => k.text);
  const list = child(decorator, 'ArgList');
  let callee = w.expr(decorator.kids.find(k => k.name === 'VariableName')!, scope);
  if (list) {
    items(list).filter((k, i, all) => k.name !== 'AssignOp' && all[i + 1]?.name !== 'AssignOp').forEach(k => w.expr(k, scope));
  }
  const kind = names.at(-1)!;
  const [fn] = value.callables;
  if (fn?.is === 'function' && ['property', 'cached_property', 'staticmethod', 'classmethod', 'setter'].includes(kind)) {
    return { ...value, callables: [{ ...fn, isProperty: kind.endsWith('property'), isStatic: kind === 'staticmethod', isOfClass: kind === 'classmethod' }] };
  }
  if (names.length > 1 || callee.callables.length === 0) {
    return value;
  }
  const argument = { keyword: null, stars: '' as const, value, node: decorator };
  if (list) {
    callee = join(callee.callables.map(c => w.invoke(c, [], decorator)));
  }
  const results = callee.callables.map(c => w.invoke(c, [argument], decorator));
  const result = join(results);
  return result.callables.length > 0 ? { ...result, callables: [...new Set([...result.callables, ...value.callables])] } : value;
}
