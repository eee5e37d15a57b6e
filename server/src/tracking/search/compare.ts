import { sql, type RawBuilder } from 'kysely';
import { InvalidInput } from '../../core/errors';
import type { Comparison } from './grammar';

/** What a column holds: `int8` and `float` compare as numbers only, `text` as text only. */
export type Kind = 'text' | 'int8' | 'float';
const NUMERIC = ['=', '!=', '>', '>=', '<', '<='];
const TEXTUAL = ['=', '!=', 'LIKE', 'ILIKE', 'IN', 'NOT IN'];

/** One comparison of a filter on a column. @throws {InvalidInput} `invalid_filter` for a comparator or value the column's kind does not have */
export function compare(column: RawBuilder<unknown>, kind: Kind, c: Comparison, allowed: readonly string[] = kind === 'text' ? TEXTUAL : NUMERIC): RawBuilder<boolean> {
  if (!allowed.includes(c.comparator)) {
    throw new InvalidInput('invalid_filter', `Invalid comparator '${c.comparator}' for '${c.key}'. Valid ones are: ${allowed.join(', ')}.`);
  }
  const operator = sql.raw(c.comparator === '!=' ? '<>' : c.comparator);
  if (kind !== 'text') {
    const compared = sql<boolean>`${column} ${operator} ${numberOf(c, kind)}`;
    // To PostgreSQL NaN lies above all numbers; to MLflow's users it is not a number.
    return kind === 'float' && c.comparator.startsWith('>') ? sql`(${compared} and ${column} <> 'NaN')` : compared;
  }
  if (Array.isArray(c.value)) {
    return c.comparator === 'IN' ? sql`${column} = any(${c.value}::text[])` : sql`${column} <> all(${c.value}::text[])`;
  }
  if (typeof c.value !== 'string') {
    throw new InvalidInput('invalid_filter', `Expected a quoted string value for '${c.key}'. Found ${JSON.stringify(c.value)}.`);
  }
  // A backslash is a character like any other to MLflow.
  return c.comparator.endsWith('LIKE') ? sql`${column} ${operator} ${c.value} escape ''` : sql`${column} ${operator} ${c.value}`;
}

/** A whole number as int8, so that an index on the column serves; a fraction as numeric. */
function numberOf(c: Comparison, kind: 'int8' | 'float'): RawBuilder<unknown> {
  if (typeof c.value !== 'number') {
    throw new InvalidInput('invalid_filter', `Expected a numeric value for '${c.key}'. Found ${JSON.stringify(c.value)}.`);
  }
  const text = String(c.value);
  return kind === 'float' ? sql`${text}::float8` : Number.isSafeInteger(c.value) ? sql`${text}::int8` : sql`${text}::numeric`;
}
