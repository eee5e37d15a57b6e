/** Other names of the types of values between steps. */
const ALIASES: Record<string, string> = {
  'pandas.DataFrame': 'dataframe',
  'pandas.core.frame.DataFrame': 'dataframe',
  'pd.DataFrame': 'dataframe',
  DataFrame: 'dataframe',
  'pandas.Series': 'series',
  'pandas.core.series.Series': 'series',
  'pd.Series': 'series',
  'numpy.ndarray': 'array',
  'np.ndarray': 'array',
  ndarray: 'array',
  'typing.Any': 'any',
  Any: 'any',
  object: 'any',
  str: 'text',
  int: 'integer',
  float: 'number',
  bool: 'boolean',
  dict: 'mapping',
  list: 'list',
  tuple: 'list'
};

/** Types that stand for values no class of one's own is. */
const PLAIN = new Set(['dataframe', 'series', 'array', 'number', 'integer', 'text', 'boolean', 'list', 'mapping']);

/** A type by its one name. */
export function typeNamed(type: string): string {
  return ALIASES[type] ?? type;
}

/** Whether a value of one type may be taken as the other: classes of one's own may be anything but plain values. */
export function mayBe(given: string, taken: string): boolean {
  const [from, to] = [typeNamed(given), typeNamed(taken)];
  if (from === 'any' || to === 'any' || from === to || (from === 'integer' && to === 'number')) {
    return true;
  }
  return !PLAIN.has(from) && !PLAIN.has(to) && (from === 'model' || to === 'model' || lastPart(from) === lastPart(to));
}

/** A class may be named where it is defined or where it is imported from. */
function lastPart(type: string): string {
  return type.slice(type.lastIndexOf('.') + 1);
}
