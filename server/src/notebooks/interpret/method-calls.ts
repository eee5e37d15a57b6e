import { isResult, saveOfMethod, writes } from '../knowledge/files';
import { isEstimator, workOfMethod } from '../knowledge/estimators';
import { CHANGING_METHODS, CONTAINER_METHODS, PURE_METHODS, PURE_ON_AXES, PURE_ON_FRAMES, SELF_METHODS, VIEW_METHODS } from '../knowledge/methods';
import { isMetricMethod, isSeenThrough, metricOfFunction } from '../knowledge/metric-names';
import { argument } from './arguments';
import { draw } from './library-calls';
import { noteSave, pathMethod, readPaths } from './paths';
import { showAll } from './showing';
import { SCALAR, elementOf, fresh, hold, memberOf, metricIn, shallowCopy, type Kind, type Value } from './values';
import type { Argument, CallSite, Walker } from './walker';
import type { Node } from '../source/node';

/** What a method does whose code is not in the notebook: by its name and what is known of the object. */
export function methodCall(w: Walker, receiver: Value, name: string, args: readonly Argument[], site: CallSite): Value {
  const kind = kindOf(receiver);
  receiver.callables.forEach(c => w.touch(c));
  for (const { value } of args) {
    value.callables.forEach(c => w.touch(c));
    value.objects.forEach(o => o.cls && w.touch(o.cls));
    if (value.objects.some(o => o.kind === 'random')) {
      w.world.mutate(value.objects, false);
    }
  }
  const save = saveOfMethod(name, args.length);
  if (save && kind !== 'axes' && !(name === 'save' && kind === 'array')) {
    noteSave(w, save, args, receiver, isResult(name));
  } else if (receiver.text === null || !pathMethod(w, receiver.text, name, args)) {
    readPaths(w, args);
  }
  if (receiver.text !== null && (name === 'joinpath' || kind !== 'file')) {
    return textMethod(w, receiver, name, args);
  }
  if (kind === 'file') {
    fileMethod(w, receiver, name);
  }
  work(w, receiver, name, args, site.node);
  const change = changes(name, kind, receiver, args, site);
  if (change) {
    w.world.mutate(receiver.objects, change === 'deep');
    keepArguments(receiver, name, args);
  }
  const value = measured(w, receiver, name, args, result(receiver, name, kind, args));
  return PER_GROUP.has(name) ? { ...value, metric: value.metric ?? metricPerGroup(w, args, site.node) } : value;
}

/** `df.groupby(…).apply(lambda g: accuracy_score(g.t, g.p))`: a table of what the function measures. */
const PER_GROUP = new Set(['apply', 'agg', 'aggregate']);

function metricPerGroup(w: Walker, args: readonly Argument[], node: Node): Value['metric'] {
  const functions = args.flatMap(a => a.value.callables).filter(c => c.is === 'function');
  const metric = functions.map(f => metricIn(w.invoke(f, [], node))).find(m => m);
  return metric ? { ...metric, isNumber: false } : null;
}

function kindOf(receiver: Value): Kind {
  return receiver.objects.find(o => o.kind !== 'unknown')?.kind ?? 'unknown';
}

/** Whether the call changes its object: only its slots, or also what it refers to. */
function changes(name: string, kind: Kind, receiver: Value, args: readonly Argument[], site: CallSite): 'slots' | 'deep' | null {
  if (receiver.objects.length === 0 || receiver.origin !== null) {
    return null;
  }
  const inplace = args.find(a => a.keyword === 'inplace');
  if (inplace) {
    return inplace.node.text === 'False' ? null : 'slots';
  }
  if (kind === 'random' || kind === 'iterator') {
    return 'slots';
  }
  if (kind === 'file') {
    return site.isDiscarded || /^(read|write|execute|fetch)/.test(name) ? 'slots' : null;
  }
  if (kind === 'axes') {
    return PURE_ON_AXES.has(name) ? null : 'slots';
  }
  const isTabular = kind === 'frame' || kind === 'array';
  if (CONTAINER_METHODS.has(name)) {
    return isTabular && PURE_ON_FRAMES.has(name) && !(kind === 'array' && name === 'sort') ? null : isPureLookalike(name, args, site) ? null : 'slots';
  }
  if (isTabular) {
    return /[a-z0-9]_$/.test(name) && name !== 'eval_' ? 'slots' : null;
  }
  if (CHANGING_METHODS.has(name)) {
    return 'deep';
  }
  if (/^[a-z]\w*[a-z0-9]_$/.test(name) || /^(set|add|remove|update|register)_\w+/.test(name)) {
    return 'deep';
  }
  return site.isDiscarded && !PURE_METHODS.has(name) && !name.startsWith('__') ? 'deep' : null;
}

/** `s.remove` and friends change; `x.add(y)` whose result is taken is a sum. */
function isPureLookalike(name: string, args: readonly Argument[], site: CallSite): boolean {
  return !site.isDiscarded && ['add', 'subtract', 'insert', 'update', 'clear', 'partition', 'append', 'sort', 'reverse', 'extend', 'remove'].includes(name) && name !== 'append' && name !== 'update';
}

function keepArguments(receiver: Value, name: string, args: readonly Argument[]): void {
  if (!CONTAINER_METHODS.has(name) && !/^add_/.test(name)) {
    return;
  }
  for (const object of receiver.objects) {
    for (const { value, keyword } of args) {
      hold(object, keyword ?? '', name === 'extend' ? elementOf(value) : value);
      object.metric ??= metricIn(value);
    }
  }
}

function textMethod(w: Walker, receiver: Value, name: string, args: readonly Argument[]): Value {
  args.filter(a => metricIn(a.value)).forEach(() => w.world.unit.features.add('show'));
  const metric = name === 'format' || name === 'join' ? (args.map(a => metricIn(a.value)).find(m => m) ?? null) : null;
  const texts = args.map(a => a.value.text);
  const text = name === 'joinpath' && texts.every(t => t !== null) ? [receiver.text, ...texts].join('/') : name === 'resolve' || name === 'absolute' || name === 'as_posix' || name === 'expanduser' ? receiver.text : null;
  if (name === 'open') {
    const mode = argument(args, 0, ['mode'])?.value.text ?? 'r';
    const value = fresh('file', 'open');
    value.objects[0]!.mode = mode;
    if (writes(mode)) {
      w.world.writeFile(receiver.text!, 'bind');
    }
    return { ...value, text: receiver.text };
  }
  return text === null && (name === 'split' || name === 'glob' || name === 'iterdir') ? fresh('container') : { ...SCALAR, text, metric };
}

function fileMethod(w: Walker, receiver: Value, name: string): void {
  const file = receiver.objects.find(o => o.kind === 'file');
  if (/^write/.test(name) && file?.mode && writes(file.mode) && !w.world.unit.saves.some(s => s.path === receiver.text)) {
    w.world.unit.saves.push({ kind: 'file', variables: [], path: receiver.text, types: [] });
  }
}

function work(w: Walker, receiver: Value, name: string, args: readonly Argument[], _node: Node): void {
  const { unit } = w.world;
  const type = receiver.objects.find(o => o.type !== null)?.type ?? null;
  const kind = workOfMethod(name, type);
  if (kind) {
    unit.features.add(kind);
  }
  if (/^(plot|hist|boxplot|scatter|imshow|bar|barh|pairplot)$/.test(name)) {
    unit.features.add('plot');
  }
  if ((kind === 'train' || kind === 'predict') && args[0]) {
    const [model] = w.world.namesOf(receiver.objects);
    const [data] = w.world.namesOf(args[0].value.objects);
    if (model) {
      unit.scorings.push({ model, data: data ?? null, how: kind === 'train' ? 'fit' : 'predict' });
    }
  }
  if ((kind === 'train' || kind === 'fitTransformer') && receiver.objects.some(o => o.drawsFrom === 'numpy')) {
    draw(w, 'numpy');
  }
  if (name === 'sample' && !args.some(a => a.keyword === 'random_state' && a.node.text !== 'None') && kindOf(receiver) === 'frame') {
    draw(w, 'numpy');
  }
  if (kind === 'train' && receiver.objects.some(o => o.type !== null && /^keras/.test(o.type))) {
    draw(w, 'tensorflow');
  }
}

function result(receiver: Value, name: string, kind: Kind, args: readonly Argument[]): Value {
  if (name === 'fit' || name === 'fit_generator') {
    // keras gives a history, everyone else the estimator itself.
    const isKeras = receiver.objects.some(o => o.type !== null && /^keras/.test(o.type));
    return isKeras || receiver.objects.length === 0 ? fresh('object', 'fit') : { ...receiver, text: null, metric: null };
  }
  if (SELF_METHODS.has(name) && kind !== 'frame') {
    return { ...receiver, metric: null };
  }
  if (name === 'copy') {
    return shallowCopy(receiver, kind);
  }
  if (name === 'deepcopy' || name === 'clone') {
    return { ...fresh(kind, receiver.objects[0]?.type ?? null), callables: receiver.callables };
  }
  if (name === 'pop' || name === 'setdefault' || name === 'get' || name === 'items' || name === 'values' || name === 'popleft') {
    const key = args[0]?.value.text;
    const element = key !== undefined && key !== null && name !== 'items' ? memberOf(receiver, key) : elementOf(receiver);
    return kind === 'frame' ? fresh('frame') : { ...element, callables: receiver.callables };
  }
  if (VIEW_METHODS.has(name) && kind !== 'frame') {
    return memberOf(receiver, `${name}()`);
  }
  if (kind === 'axes') {
    return memberOf(receiver, `${name}()`);
  }
  if (kind === 'frame' && /^(plot|hist|boxplot)$/.test(name)) {
    return fresh('axes');
  }
  if (name === 'state_dict' || name === 'named_steps') {
    return memberOf(receiver, `${name}()`);
  }
  return fresh(kind === 'frame' ? 'frame' : kind === 'array' ? 'array' : /^(transform|fit_transform|predict\w*|inverse_transform)$/.test(name) ? 'array' : kind === 'object' && isEstimator(name) ? 'object' : kind === 'random' ? 'array' : 'unknown');
}

function measured(w: Walker, receiver: Value, name: string, args: readonly Argument[], value: Value): Value {
  if (isMetricMethod(name) && args.length > 0 && kindOf(receiver) !== 'frame' && receiver.objects.length > 0) {
    if (receiver.objects.some(o => o.type !== null && /^keras/.test(o.type)) && !args.some(a => a.keyword === 'verbose' && a.node.text === '0')) {
      w.noteMetric({ name, isNumber: true }, 'shown', args[0]!.node, null, null);
    }
    return { ...SCALAR, objects: name === 'evaluate' ? value.objects : [], metric: { name, isNumber: true } };
  }
  const own = metricOfFunction(name);
  if (own) {
    w.world.unit.features.add('predict');
    return { ...SCALAR, metric: own };
  }
  if (/^(info|write|print|log|metric)$/.test(name) && args.some(a => metricIn(a.value))) {
    showAll(w, args);
  }
  if (/^log_metrics?$/.test(name) && args[0]?.value.text && args[1]) {
    w.noteMetric({ name: args[0].value.text, isNumber: true }, 'logged', args[0].node, null, null);
  }
  return isSeenThrough(name) ? { ...value, metric: metricIn(receiver) ?? (name === 'format' ? (args.map(a => metricIn(a.value)).find(m => m) ?? null) : null) } : value;
}
