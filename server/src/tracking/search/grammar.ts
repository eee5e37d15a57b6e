import { InvalidInput } from '../../core/errors';

export type Comparator = '=' | '!=' | '>' | '>=' | '<' | '<=' | 'LIKE' | 'ILIKE' | 'IN' | 'NOT IN' | 'IS NULL' | 'IS NOT NULL';
/** One comparison of a filter: `metrics.acc > 0.9` is { entity: 'metrics', key: 'acc', … }. */
export interface Comparison {
  /** As written, lower case; '' where only a key was given. */
  entity: string;
  key: string;
  comparator: Comparator;
  value: string | number | string[] | null;
}
export interface Ordering {
  entity: string;
  key: string;
  isAscending: boolean;
}

type Token = { kind: 'name' | 'string' | 'number' | 'operator' | 'dot' | 'comma' | 'open' | 'close'; text: string };

const TOKEN = /\s*(?:("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.|'')*')|(`[^`]*`)|([-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)(?![\w])|(!=|<>|>=|<=|=|>|<)|(\.)|(,)|(\()|(\))|([A-Za-z_][\w-]*))/uy;
const KINDS = ['string', 'name', 'number', 'operator', 'dot', 'comma', 'open', 'close', 'name'] as const;

/**
 * MLflow's filter grammar: comparisons joined by AND. `OR` and parentheses
 * around comparisons are refused, as MLflow refuses them.
 *
 * @throws {InvalidInput} `invalid_filter`, quoting what cannot be read
 */
export function parseFilter(filter: string): Comparison[] {
  const tokens = tokenize(filter);
  const comparisons: Comparison[] = [];
  let at = 0;
  const next = (): Token => tokens[at++] ?? fail(filter, 'it ends too early');
  const isWord = (token: Token | undefined, word: string): boolean => token?.kind === 'name' && token.text.toUpperCase() === word;
  while (at < tokens.length) {
    if (comparisons.length > 0 && !isWord(next(), 'AND')) {
      fail(filter, 'comparisons are joined by AND only');
    }
    const { entity, key } = identifier(next, () => tokens[at], filter);
    const comparator = comparatorAt(next, filter);
    comparisons.push({ entity, key, comparator, value: valueFor(comparator, next, filter) });
  }
  return comparisons;
}

/** `metrics.acc DESC`, `attributes.start_time`, … @throws {InvalidInput} `invalid_order_by` */
export function parseOrderBy(clause: string): Ordering {
  const found = /^\s*(.+?)(?:\s+(asc|desc))?\s*$/is.exec(clause);
  const tokens = found ? tokenize(found[1]!) : [];
  let at = 0;
  try {
    const { entity, key } = identifier(() => tokens[at++] ?? fail(clause, 'it ends too early'), () => tokens[at], clause);
    if (at < tokens.length) {
      fail(clause, 'a single key is expected');
    }
    return { entity, key, isAscending: found?.[2]?.toLowerCase() !== 'desc' };
  } catch (cause) {
    throw new InvalidInput('invalid_order_by', `Invalid order_by clause '${clause}'.`, { cause });
  }
}

function tokenize(text: string): Token[] {
  const tokens: Token[] = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < text.trimEnd().length) {
    const from = TOKEN.lastIndex;
    const match = TOKEN.exec(text);
    if (!match) {
      return fail(text, `unexpected '${text.slice(from, from + 20).trim()}'`);
    }
    const group = match.slice(1).findIndex(g => g !== undefined);
    tokens.push({ kind: KINDS[group]!, text: group === 1 ? match[2]!.slice(1, -1) : match[group + 1]! });
  }
  return tokens;
}

function identifier(next: () => Token, peek: () => Token | undefined, filter: string): { entity: string; key: string } {
  const first = nameOf(next(), filter);
  if (peek()?.kind !== 'dot') {
    return { entity: '', key: first };
  }
  next();
  let key = nameOf(next(), filter);
  while (peek()?.kind === 'dot') {
    next();
    key += `.${nameOf(next(), filter)}`;
  }
  return { entity: first.toLowerCase(), key };
}

function nameOf(token: Token, filter: string): string {
  return token.kind === 'name' || token.kind === 'number' ? token.text : token.kind === 'string' ? unquote(token.text) : fail(filter, `unexpected '${token.text}'`);
}

function comparatorAt(next: () => Token, filter: string): Comparator {
  const token = next();
  const word = token.text.toUpperCase();
  if (token.kind === 'operator') {
    return (word === '<>' ? '!=' : word) as Comparator;
  }
  if (word === 'LIKE' || word === 'ILIKE' || word === 'IN') {
    return word;
  }
  if (word === 'NOT' && next().text.toUpperCase() === 'IN') {
    return 'NOT IN';
  }
  if (word === 'IS') {
    const after = next().text.toUpperCase();
    if (after === 'NULL') return 'IS NULL';
    if (after === 'NOT' && next().text.toUpperCase() === 'NULL') return 'IS NOT NULL';
  }
  return fail(filter, `'${token.text}' is no comparator`);
}

function valueFor(comparator: Comparator, next: () => Token, filter: string): Comparison['value'] {
  if (comparator === 'IS NULL' || comparator === 'IS NOT NULL') {
    return null;
  }
  if (comparator !== 'IN' && comparator !== 'NOT IN') {
    return scalar(next(), filter);
  }
  if (next().kind !== 'open') {
    fail(filter, 'a list in brackets is expected');
  }
  const values: string[] = [];
  for (;;) {
    values.push(String(scalar(next(), filter)));
    const token = next();
    if (token.kind === 'close') return values;
    if (token.kind !== 'comma') fail(filter, `unexpected '${token.text}'`);
  }
}

function scalar(token: Token, filter: string): string | number {
  if (token.kind === 'string') return unquote(token.text);
  if (token.kind === 'number') return Number(token.text);
  return fail(filter, `a quoted text or a number is expected, not '${token.text}'`);
}

function unquote(text: string): string {
  const quote = text[0]!;
  return text.slice(1, -1).replaceAll(quote + quote, quote).replace(/\\(.)/gs, '$1');
}

function fail(text: string, why: string): never {
  throw new InvalidInput('invalid_filter', `Invalid clause(s) in filter string '${text}': ${why}.`);
}
