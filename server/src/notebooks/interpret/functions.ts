import { child, splitAt, type Node } from '../source/node';
import { boundMethod, findMethod, libraryBases, type Callable, type ClassDef, type FunctionDef, type Param } from './definitions';
import { localNames } from './locals';
import { keptScope, newScope, type Scope } from './scope';
import { fresh, hold, join, newObject, valueOf, type Value } from './values';
import type { Argument, Walker } from './walker';

/** Functions inside functions are walked so deep; deeper calls are taken to do nothing more. */
const MAX_DEPTH = 24;
/** Calls walked into for one cell; beyond that each function is walked once, whatever it is given. */
const MAX_WALKS = 400;

export function lambda(w: Walker, node: Node, scope: Scope | null): Value {
  const list = child(node, 'ParamList');
  const params = list ? readParams(w, list.kids, scope) : [];
  const body = node.kids.at(-1)!;
  return functionValue(functionDef('<lambda>', params, body, scope, { isLambda: true }), scope);
}

/** An expression as a function without parameters. */
export function lambdaOf(body: Node, scope: Scope | null): FunctionDef[] {
  return [functionDef('<generator>', [], body, scope, { isLambda: true })];
}

/** A function as a value: it keeps its defaults and the names around it, and may be given attributes. */
export function functionValue(fn: FunctionDef, scope: Scope | null): Value {
  const object = newObject('code');
  object.callable = fn;
  fn.params.forEach(p => p.default && hold(object, p.name, p.default));
  const kept = keptScope(scope);
  if (kept) {
    hold(object, '', valueOf(kept));
  }
  return valueOf(object, { callables: [fn] });
}

/** `def`: evaluates defaults and annotations, which happens at once; the body waits for a call. */
export function defineFunction(w: Walker, node: Node, scope: Scope | null): FunctionDef {
  const list = child(node, 'ParamList')!;
  const params = readParams(w, list.kids.filter(k => k.name !== '(' && k.name !== ')'), scope);
  node.kids.filter(k => k.name === 'TypeDef').forEach(k => k.kids.forEach(t => w.expr(t, scope)));
  return functionDef(child(node, 'VariableName')!.text, params, child(node, 'Body')!, scope, { isLambda: false });
}

function functionDef(name: string, params: Param[], body: Node, scope: Scope | null, { isLambda }: { isLambda: boolean }): FunctionDef {
  const { locals, globals, nonlocals } = isLambda ? { locals: new Set<string>(), globals: new Set<string>(), nonlocals: new Set<string>() } : localNames(body);
  params.forEach(p => locals.add(p.name));
  const closure = scope ?? TOP;
  return { is: 'function', name, params, body, isLambda, locals, globals, nonlocals, closure, receiver: null, isProperty: false, isStatic: false, isOfClass: false, isGenerator: !isLambda && yields(body), owner: null };
}

function yields(node: Node): boolean {
  return node.name === 'YieldExpression' || node.name === 'YieldStatement' || (!/^(FunctionDefinition|LambdaExpression|ClassDefinition)$/.test(node.name) && node.kids.some(yields));
}

/** Stands for the top level as the parent of functions. */
const TOP: Scope = newScope('comprehension', null);

function readParams(w: Walker, kids: readonly Node[], scope: Scope | null): Param[] {
  const params: Param[] = [];
  for (const group of splitAt(kids, ',')) {
    const name = group.find(k => k.name === 'VariableName');
    const assign = group.findIndex(k => k.name === 'AssignOp');
    group.filter(k => k.name === 'TypeDef').forEach(k => k.kids.forEach(t => w.expr(t, scope)));
    const value = assign >= 0 ? w.expr(group[assign + 1]!, scope) : null;
    if (name) {
      const stars = group[0]!.name === '*' || group[0]!.name === '**' ? group[0]!.name : '';
      params.push({ name: name.text, stars, default: value });
    }
  }
  return params;
}

/** Walks the body of a function with these arguments, or makes an instance of a class. */
export function invoke(w: Walker, state: { active: Set<Node>; memo: Map<string, Value>; ids: Map<unknown, number> }, callable: Callable, args: readonly Argument[], node: Node): Value {
  if (callable.is === 'class') {
    return instantiate(w, callable, args, node);
  }
  if (state.active.has(callable.body) || w.depth >= MAX_DEPTH) {
    return fresh();
  }
  const key = state.memo.size < MAX_WALKS ? memoKey(state.ids, callable, args) : `any ${memoKey(state.ids, { ...callable, receiver: null, closure: TOP }, [])}`;
  const known = state.memo.get(key);
  if (known) {
    return known;
  }
  const scope = newScope('function', callable.closure, callable);
  scope.fn = callable;
  bindParams(scope, callable, args);
  state.active.add(callable.body);
  const given = walkBody(w, callable, scope);
  state.active.delete(callable.body);
  const value = callable.isGenerator ? generator(callable, scope, given) : given;
  state.memo.set(key, value);
  return value;
}

/** What a generator function gives: going through it runs the body, with the names as they are then. */
function generator(fn: FunctionDef, scope: Scope, given: Value): Value {
  const own = new Set(fn.params.map(p => p.name));
  const body: FunctionDef = { ...fn, params: [], receiver: null, isGenerator: false, closure: scope, locals: new Set([...fn.locals].filter(name => !own.has(name))) };
  const object = newObject('iterator');
  hold(object, '', given);
  scope.names.forEach(value => hold(object, '', value));
  return valueOf(object, { callables: [body, ...given.callables] });
}

function walkBody(w: Walker, fn: FunctionDef, scope: Scope): Value {
  const outer = w.returned;
  w.depth++;
  w.returned = [];
  try {
    if (fn.isLambda) {
      return w.expr(fn.body, scope);
    }
    w.block(fn.body, scope);
    return join(w.returned);
  } finally {
    w.returned = outer;
    w.depth--;
  }
}

function memoKey(ids: Map<unknown, number>, fn: FunctionDef, args: readonly Argument[]): string {
  const id = (thing: unknown): number => {
    const known = ids.get(thing) ?? ids.size;
    ids.set(thing, known);
    return known;
  };
  const valueKey = (v: Value): string => `${v.objects.map(id).join('.')}|${v.callables.map(id).join('.')}|${v.origin ?? ''}|${v.text ?? ''}|${v.metric ? id(v.metric) : ''}`;
  return [id(fn.body), id(fn.closure), fn.receiver ? valueKey(fn.receiver) : '', ...args.map(a => `${a.stars}${a.keyword ?? ''}=${valueKey(a.value)}`)].join(';');
}

function bindParams(scope: Scope, fn: FunctionDef, args: readonly Argument[]): void {
  const positional = [...(fn.receiver ? [fn.receiver] : []), ...args.filter(a => a.keyword === null && a.stars === '').map(a => a.value)];
  const spread = args.filter(a => a.stars !== '').map(a => a.value);
  const keywords = new Map(args.filter(a => a.keyword !== null).map(a => [a.keyword!, a.value]));
  for (const param of fn.params) {
    if (param.stars) {
      const rest = newObject('container');
      const taken = param.stars === '*' ? positional.splice(0) : [...keywords.values()];
      [...taken, ...spread].forEach(v => hold(rest, '', v));
      scope.names.set(param.name, valueOf(rest, { callables: taken.flatMap(v => v.callables) }));
      continue;
    }
    const given = keywords.get(param.name) ?? positional.shift();
    keywords.delete(param.name);
    scope.names.set(param.name, given ?? (spread.length > 0 ? join(spread.map(elementLike)) : (param.default ?? fresh())));
  }
}

/** What `*args` may put into a parameter: anything that is held, or something of it. */
function elementLike(value: Value): Value {
  const held = value.objects.flatMap(o => [...o.holds.values()].flatMap(set => [...set]));
  return { ...value, objects: held.length > 0 ? held : value.objects };
}

function instantiate(w: Walker, cls: ClassDef, args: readonly Argument[], node: Node): Value {
  const object = newObject('object', cls.name);
  object.cls = cls;
  cls.object.holders.add(object);
  const bases = libraryBases(cls);
  object.type = bases[0] ? `${bases[0]}:${cls.name}` : cls.name;
  const init = findMethod(cls, '__init__');
  if (init) {
    w.invoke({ ...init, receiver: valueOf(object) }, args, node);
  } else {
    args.forEach(a => hold(object, a.keyword ?? '', a.value));
  }
  return valueOf(object, { callables: args.flatMap(a => a.value.callables) });
}

/** Walks whatever a function, or each method of a class, would read if somebody called it. */
export function touch(w: Walker, callable: Callable, node: Node): void {
  if (callable.is === 'function') {
    w.invoke(callable, [], node);
    return;
  }
  const object = newObject('object', callable.name);
  object.cls = callable;
  touchMethods(w, callable, valueOf(object), node);
}

export function touchMethods(w: Walker, cls: ClassDef, receiver: Value, node: Node): void {
  for (const method of cls.methods.values()) {
    w.invoke(boundMethod(method, cls, receiver), [], node);
  }
  cls.bases.flatMap(b => b.callables).forEach(base => base.is === 'class' && base !== cls && touchMethods(w, base, receiver, node));
}
