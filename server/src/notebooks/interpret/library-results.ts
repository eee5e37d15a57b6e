import { words } from '../knowledge/methods';
import { SCALAR, fresh, hold, memberOf, newObject, shallowCopy, valueOf, type Kind, type Value } from './values';
import type { Argument } from './walker';

const GENERATORS = words('numpy.random.default_rng numpy.random.RandomState numpy.random.Generator random.Random torch.Generator jax.random.PRNGKey');
const NUMPY_VIEWS = words('asarray ravel reshape transpose squeeze atleast_1d atleast_2d swapaxes moveaxis broadcast_to expand_dims from_numpy as_tensor asanyarray');
const SCALARS = words('mean std sum min max median sqrt log exp abs round var percentile quantile ceil floor prod len count_nonzero');

/** What a call of a library gives, as far as its name tells. */
export function libraryResult(fullName: string, args: readonly Argument[]): Value {
  const name = fullName.slice(fullName.lastIndexOf('.') + 1);
  const [family] = fullName.split('.') as [string];
  const [first = SCALAR] = args.map(a => a.value);
  if (GENERATORS.has(fullName)) {
    return fresh('random', fullName);
  }
  const text = pathText(fullName, args);
  if (text !== undefined) {
    return { ...SCALAR, text };
  }
  if ((family === 'numpy' || family === 'torch') && NUMPY_VIEWS.has(name)) {
    return memberOf(first, `${name}()`);
  }
  if (fullName === 'functools.partial' || name === 'vectorize' || /^[A-Z]/.test(name) || /^make_/.test(name)) {
    return instance(fullName, name, family, args);
  }
  if (fullName === 'copy.copy') {
    return { ...shallowCopy(first, first.objects[0]?.kind ?? 'unknown'), metric: first.metric };
  }
  if (name === 'copy' || name === 'deepcopy') {
    return { ...fresh(first.objects[0]?.kind ?? 'unknown', first.objects[0]?.type ?? null), metric: first.metric, callables: first.callables };
  }
  if (family === 'matplotlib' && /^(subplots|figure|axes|gca|gcf|subplot|subplot_mosaic)$/.test(name)) {
    const object = newObject('axes', name);
    return valueOf(object);
  }
  return plain(fullName, name, family, first);
}

function instance(fullName: string, name: string, family: string, args: readonly Argument[]): Value {
  const kind: Kind = /^(DataFrame|Series|GeoDataFrame|LazyFrame)$/.test(name) ? 'frame' : family === 'collections' ? 'container' : family === 'seaborn' || family === 'plotly' || family === 'matplotlib' ? 'axes' : 'object';
  const object = newObject(kind, fullName);
  if (kind === 'frame' || kind === 'container') {
    object.metric = args.map(a => a.value.metric ?? a.value.objects.find(o => o.metric)?.metric).find(m => m) ?? null;
  }
  if (kind === 'container') {
    args.forEach(a => a.value.objects.forEach(o => o.holds.forEach((set, key) => set.forEach(held => hold(object, key, valueOf(held))))));
  }
  return valueOf(object, { callables: [...new Set(args.flatMap(a => a.value.callables))] });
}

function plain(fullName: string, name: string, family: string, first: Value): Value {
  if (['pandas', 'polars', 'geopandas', 'dask'].includes(family)) {
    return fresh(/^(read_|concat|merge|get_dummies|cut|qcut|pivot|melt|crosstab|to_datetime|to_numeric|factorize|wide_to_long|json_normalize|date_range|from_)/.test(name) ? 'frame' : 'unknown');
  }
  if (family === 'numpy' || family === 'torch' || family === 'scipy') {
    return SCALARS.has(name) && !first.objects.some(o => o.kind === 'frame') ? { ...fresh('array') } : fresh('array');
  }
  if (family === 'math' || family === 'time' || family === 'statistics' || /^os\.(getcwd|cpu_count|getpid|path\.)/.test(fullName)) {
    return SCALAR;
  }
  if (family === 'sqlite3' || /\.(connect|create_engine|socket|Lock)$/.test(fullName)) {
    return fresh('file', fullName);
  }
  if (/\.(load_(iris|wine|breast_cancer|digits|diabetes|linnerud)|fetch_\w+)$/.test(fullName)) {
    return fresh('object', fullName);
  }
  if (/\.(train_test_split)$/.test(fullName)) {
    return fresh(first.objects[0]?.kind === 'array' ? 'array' : 'frame', fullName);
  }
  return fresh('unknown', fullName);
}

/** Paths put together from known parts; undefined: no path function. */
function pathText(fullName: string, args: readonly Argument[]): string | null | undefined {
  const texts = args.map(a => a.value.text);
  if (fullName === 'pathlib.Path' || fullName === 'pathlib.PurePath' || fullName === 'os.path.join') {
    return texts.every(t => t !== null) ? texts.join('/') || '.' : null;
  }
  if (/^os\.(fspath|path\.(abspath|expanduser|realpath|normpath))$/.test(fullName)) {
    return texts[0] ?? null;
  }
  if (fullName === 'os.getcwd' || fullName === 'pathlib.Path.cwd') {
    return '.';
  }
  return fullName.startsWith('os.path.') ? null : undefined;
}

