import { isLoader, isResult, saveOfFunction } from '../knowledge/files';
import { CLONING_FAMILIES, CHANGES_FIRST_ARGUMENT, CONTAINER_METHODS, KEEPING_MODULES } from '../knowledge/methods';
import { ONLY_SHOWS, OWN_RANDOMNESS, PLOT_LIBRARIES, changesModule, drawsFrom, isKnownLibrary, isStochastic, seededBy } from '../knowledge/libraries';
import { isEstimator, isTransformer, trains } from '../knowledge/estimators';
import { isSeenThrough, metricOfFunction } from '../knowledge/metric-names';
import { cleanLabel } from './strings';
import { noteSave, pathEffects } from './paths';
import { showAll } from './showing';
import { libraryResult } from './library-results';
import { SCALAR, hold, metricIn, type Value } from './values';
import type { Argument, CallSite, Walker } from './walker';

/** What a call of something imported does: by its full dotted name. */
export function libraryCall(w: Walker, callee: Value, args: readonly Argument[], site: CallSite): Value {
  const fullName = callee.origin!.replace(/^tensorflow\.keras\b/, 'keras');
  const { unit } = w.world;
  handOn(w, args);
  randomness(w, fullName, args);
  configuration(w, fullName, callee);
  const save = saveOfFunction(fullName);
  if (save) {
    noteSave(w, save, args, null, isResult(fullName));
  } else {
    pathEffects(w, fullName, args);
  }
  if (isLoader(fullName) || (fullName.endsWith('.open') && !args.some(a => a.value.text !== null && /^[wax]/.test(a.value.text)))) {
    unit.features.add('load');
  }
  if (trains(fullName)) {
    unit.features.add('train');
  }
  changeArguments(w, fullName, args, site);
  const result = libraryResult(fullName, args);
  result.objects.forEach(o => (o.drawsFrom ??= stochastic(fullName, args)));
  keep(fullName, result, args);
  features(w, fullName, args);
  return measured(w, fullName, result, args, site);
}

/** A function that is handed on may be called there and then: what it reads counts here. */
function handOn(w: Walker, args: readonly Argument[]): void {
  for (const { value } of args) {
    value.callables.forEach(c => w.touch(c));
    value.objects.forEach(o => o.cls && w.touch(o.cls));
  }
}

function hasOwnState(args: readonly Argument[]): boolean {
  return args.some(a => a.keyword !== null && OWN_RANDOMNESS.has(a.keyword) && a.node.text !== 'None');
}

function stochastic(fullName: string, args: readonly Argument[]): 'numpy' | 'torch' | null {
  if (hasOwnState(args)) {
    return null;
  }
  return isStochastic(fullName) ? 'numpy' : /^torch\..*\.DataLoader$/.test(fullName) && args.some(a => a.keyword === 'shuffle' && a.node.text === 'True') ? 'torch' : null;
}

/** Going through a shuffling loader takes numbers each time. */
export function goThrough(w: Walker, value: Value): void {
  if (value.objects.some(o => o.drawsFrom === 'torch')) {
    draw(w, 'torch');
  }
  const iterators = value.objects.filter(o => o.kind === 'iterator');
  if (iterators.length > 0) {
    value.callables.forEach(c => w.touch(c));
    w.world.mutate(iterators, false);
  }
}

function randomness(w: Walker, fullName: string, args: readonly Argument[]): void {
  const seeded = seededBy(fullName);
  seeded.forEach(state => w.world.setState(`random:${state}`));
  if (seeded.length > 0) {
    w.world.mutateModule(fullName);
    return;
  }
  const drawn = drawsFrom(fullName, hasOwnState(args));
  if (drawn) {
    draw(w, drawn);
  }
  // A generator object moves on with each call it is given to.
  const generators = args.filter(a => a.value.objects.some(o => o.kind === 'random'));
  generators.forEach(a => w.world.mutate(a.value.objects, false));
}

/** Takes numbers from a generator of the process: what comes after sees it moved, if it was seeded at all. */
export function draw(w: Walker, state: string): void {
  w.world.unit.features.add('draw');
  if (w.world.readState(`random:${state}`)) {
    w.world.setState(`random:${state}`);
  }
}

function configuration(w: Walker, fullName: string, callee: Value): void {
  const last = fullName.slice(fullName.lastIndexOf('.') + 1);
  const isStateOfModule = CONTAINER_METHODS.has(last) && /\.(path|environ|rcParams|options|meta_path|warnoptions)\.\w+$/.test(callee.origin!);
  if (changesModule(fullName) || isStateOfModule) {
    w.world.mutateModule(callee.origin!);
  }
  if (fullName === 'os.chdir') {
    w.world.setState('folder');
  }
  if (/^os\.(environ\.|putenv)/.test(fullName) && isStateOfModule) {
    w.world.setState('environment');
  }
}

/** Functions that change what they are given: known ones, and unknown ones called for their effect. */
function changeArguments(w: Walker, fullName: string, args: readonly Argument[], site: CallSite): void {
  const last = fullName.slice(fullName.lastIndexOf('.') + 1);
  if (CHANGES_FIRST_ARGUMENT.has(fullName) || (/[a-z0-9]_$/.test(last) && /^torch\b/.test(fullName))) {
    w.world.mutate(args[0]?.value.objects ?? [], false);
    if (/^(heapq|bisect)\./.test(fullName)) {
      args[0]?.value.objects.forEach(o => args[1] && hold(o, '', args[1].value));
    }
  } else if (site.isDiscarded && (fullName.startsWith('.') || !isKnownLibrary(fullName)) && !ONLY_SHOWS.test(last)) {
    args.forEach(a => w.world.mutate(a.value.objects.filter(o => o.kind !== 'code'), true));
  }
  const out = args.find(a => a.keyword === 'out' || (a.keyword === 'inplace' && a.node.text === 'True'));
  if (out) {
    w.world.mutate((out.keyword === 'out' ? out : args[0]!).value.objects, false);
  }
}

/** What a constructor of a library keeps of its arguments: an optimizer its parameters, a pipeline its steps. */
function keep(fullName: string, result: Value, args: readonly Argument[]): void {
  const [family] = fullName.split('.') as [string];
  const module = fullName.slice(0, fullName.lastIndexOf('.'));
  const isClass = /^[A-Z]/.test(fullName.slice(fullName.lastIndexOf('.') + 1)) || /\.(make_pipeline|make_column_transformer|make_union|partial)$/.test(fullName);
  if (!isClass || (CLONING_FAMILIES.has(family) && !KEEPING_MODULES.has(module))) {
    return;
  }
  for (const object of result.objects) {
    args.forEach(a => hold(object, a.keyword ?? '', { ...a.value, objects: a.value.objects.filter(o => !['frame', 'array', 'module', 'random'].includes(o.kind)) }));
  }
}

function features(w: Walker, fullName: string, args: readonly Argument[]): void {
  const { features: all, scorings } = w.world.unit;
  const [family] = fullName.split('.') as [string];
  if (isEstimator(fullName)) {
    all.add('build');
  } else if (isTransformer(fullName)) {
    all.add('call');
  }
  if (PLOT_LIBRARIES.has(family)) {
    all.add(fullName.startsWith('IPython.') ? 'show' : 'plot');
    if (/\.(display|pprint)$/.test(fullName)) {
      showAll(w, args);
    }
  }
  if (/\.(cross_val_score|cross_validate|cross_val_predict)$/.test(fullName)) {
    const model = args[0] && w.world.namesOf(args[0].value.objects)[0];
    const data = args[1] && w.world.namesOf(args[1].value.objects)[0];
    if (model) {
      scorings.push({ model, data: data ?? null, how: 'fit' });
    }
  }
}

const TELLS_TRACKER = /^mlflow\.(log_(params?|artifacts?|text|dict|figure|image|table|inputs?)|set_tags?)$/;

function measured(w: Walker, fullName: string, result: Value, args: readonly Argument[], site: CallSite): Value {
  const last = fullName.slice(fullName.lastIndexOf('.') + 1);
  if (/^(mlflow|wandb|neptune|comet_ml)\b/.test(fullName) && /^(log_metrics?|log)$/.test(last)) {
    logged(w, args, site);
    return SCALAR;
  }
  if (TELLS_TRACKER.test(fullName)) {
    w.world.unit.tellsTracker = true;
  }
  const metric = metricOfFunction(fullName);
  if (metric) {
    w.world.unit.features.add('predict');
    return { ...(result.objects.length > 0 ? result : SCALAR), metric };
  }
  if (/^(pprint\.pprint|logging\.(info|warning|debug)|tqdm\.tqdm\.write|tqdm\.write|streamlit\.(write|metric))$/.test(fullName)) {
    showAll(w, args);
  }
  const through = isSeenThrough(last) || /^(numpy|math|statistics)\./.test(fullName) ? args.map(a => metricIn(a.value)).find(m => m) : undefined;
  return through ? { ...result, metric: through } : result;
}

function logged(w: Walker, args: readonly Argument[], site: CallSite): void {
  const [first, second] = args;
  if (first?.value.text && second) {
    w.noteMetric({ name: cleanLabel(first.value.text), isNumber: true }, 'logged', site.node, null, null);
    return;
  }
  for (const key of first?.node.name === 'DictionaryExpression' ? first.node.kids.filter((k, i, all) => all[i + 1]?.name === ':' && k.name === 'String') : []) {
    w.noteMetric({ name: cleanLabel(key.text.replace(/^['"]|['"]$/g, '')), isNumber: true }, 'logged', key, null, null);
  }
  if (first?.node.name === 'VariableName') {
    w.noteMetric({ name: metricIn(first.value)?.name ?? first.node.text, isNumber: true }, 'logged', site.node, null, null);
  }
}

