import { normalPath, writes } from '../knowledge/files';
import { SCALAR_BUILTINS } from '../knowledge/methods';
import { isSeenThrough } from '../knowledge/metric-names';
import { argument } from './arguments';
import { goThrough } from './library-calls';
import { readPaths } from './paths';
import { callProtocol, callProtocolWithin } from './protocols';
import { showAll } from './showing';
import { SCALAR, elementOf, fresh, hold, join, metricIn, newObject, valueOf, type Value } from './values';
import type { Argument, Walker } from './walker';

const DYNAMIC = new Set(['globals', 'locals', 'vars', 'compile', '__import__']);
const CONTAINERS = new Set(['list', 'dict', 'set', 'frozenset', 'tuple', 'sorted']);
const REDUCERS = new Set(['sum', 'min', 'max', 'any', 'all']);
const ITERATORS = new Set(['iter', 'zip', 'map', 'filter', 'enumerate', 'reversed']);

/** What a call of one of Python's own functions does. */
export function builtinCall(w: Walker, name: string, args: readonly Argument[]): Value {
  args.forEach(a => a.value.callables.forEach(c => w.touch(c)));
  if (name === 'print' || name === 'display') {
    w.world.unit.features.add('show');
    showAll(w, args);
    args.forEach(a => callProtocolWithin(w, a.value, ['show'], a.node));
    return SCALAR;
  }
  if (name === 'open') {
    return openFile(w, args);
  }
  if (DYNAMIC.has(name) && (name !== 'vars' || args.length === 0)) {
    w.world.unit.warnings.push(`uses \`${name}()\`: what it reads and binds is not seen`);
    if (name !== 'compile' && name !== '__import__') {
      w.world.readAll();
      w.world.unit.bindsUnseen = true;
    }
    return fresh();
  }
  const values = args.map(a => a.value);
  const [first = SCALAR] = values;
  if (name === 'next' || name === 'setattr' || name === 'delattr') {
    w.world.mutate(first.objects, false);
    if (args[0]) {
      callProtocol(w, first, name === 'next' ? 'next' : 'setAttribute', args[0].node);
    }
    if (name === 'setattr') {
      first.objects.forEach(o => hold(o, argument(args, 1)?.value.text ?? '', args[2]?.value ?? SCALAR));
    }
    return name === 'next' ? elementOf(first) : SCALAR;
  }
  readPaths(w, args);
  args.forEach(a => protocols(w, name, a));
  const metric = isSeenThrough(name) ? (values.map(metricIn).find(m => m) ?? null) : null;
  if (SCALAR_BUILTINS.has(name)) {
    return { ...SCALAR, metric, text: name === 'str' ? first.text : null };
  }
  if (CONTAINERS.has(name) || ITERATORS.has(name)) {
    return collection(name, args, metric);
  }
  if (name === 'getattr') {
    return { ...elementOf(first), callables: first.callables };
  }
  return { ...elementOf(join(values)), metric };
}

/** What a builtin asks of an object of the notebook's classes. */
function protocols(w: Walker, name: string, { value, node }: Argument): void {
  if (CONTAINERS.has(name) || ITERATORS.has(name) || REDUCERS.has(name)) {
    goThrough(w, value);
    callProtocolWithin(w, value, ['iterate', 'compare', 'sum'], node);
  } else if (name === 'str' || name === 'repr' || name === 'format') {
    callProtocolWithin(w, value, ['show'], node);
  } else if (SCALAR_BUILTINS.has(name) || name === 'bool') {
    callProtocol(w, value, 'convert', node);
  }
}

/** `list(x)` is a new list of the same things. */
function collection(name: string, args: readonly Argument[], metric: Value['metric']): Value {
  const object = newObject(ITERATORS.has(name) ? 'iterator' : 'container');
  object.metric = metric;
  const values = args.map(a => a.value);
  for (const { value, keyword } of args) {
    if (keyword !== null) {
      hold(object, keyword, value);
    } else if (ITERATORS.has(name)) {
      hold(object, '', name === 'iter' ? value : elementOf(value));
      if (name === 'iter') {
        // An iterator's iterator is itself; of all else it is a new one.
        object.partOf.push(...value.objects.filter(o => o.kind === 'iterator' || o.kind === 'file'));
      }
    } else {
      value.objects.forEach(o => o.holds.forEach((set, key) => set.forEach(held => hold(object, key, valueOf(held)))));
    }
  }
  return valueOf(object, { callables: values.flatMap(v => v.callables) });
}

function openFile(w: Walker, args: readonly Argument[]): Value {
  const path = argument(args, 0, ['file'])?.value.text ?? null;
  const mode = argument(args, 1, ['mode'])?.value.text ?? 'r';
  const object = newObject('file', 'open');
  object.mode = mode;
  if (path !== null) {
    if (writes(mode)) {
      w.world.writeFile(normalPath(path), /[ar]/.test(mode) ? 'change' : 'bind');
    } else {
      w.world.readFile(normalPath(path));
    }
  }
  if (!writes(mode)) {
    w.world.unit.features.add('load');
  }
  return { ...valueOf(object), text: path };
}

