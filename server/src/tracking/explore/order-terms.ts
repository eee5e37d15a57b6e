import { sql, type RawBuilder } from 'kysely';

/** One thing that rows are sorted by, and where those without it stand. */
export interface OrderTerm {
  value: RawBuilder<unknown>;
  isAscending: boolean;
  areNullsLast: boolean;
}

export function term(value: RawBuilder<unknown>, isAscending: boolean, areNullsLast = isAscending): OrderTerm {
  return { value, isAscending, areNullsLast };
}

/** What stands behind `order by`; reversed, the last row comes first. */
export function orderBy(terms: readonly OrderTerm[], isReversed = false): RawBuilder<unknown> {
  return sql.join(terms.map(({ value, isAscending, areNullsLast }) => sql`${value} ${sql.raw(isAscending !== isReversed ? 'asc' : 'desc')} nulls ${sql.raw(areNullsLast !== isReversed ? 'last' : 'first')}`));
}
