import type { RunOrder } from '@slipway/schema';
import { sql, type RawBuilder } from 'kysely';
import { InvalidInput } from '../../core/errors';
import { term, type OrderTerm } from './order-terms';

/** How a table of runs is ordered: what to join to `run`, and what to sort by. */
export interface OrderSql {
  join: RawBuilder<unknown>;
  /** Of one run. */
  terms: OrderTerm[];
  /** Of a group of runs, aggregated. */
  groupTerms: OrderTerm[];
}

/** Short enough for a float8; counted apart, for PostgreSQL is slow at `\d{1,100}`. */
const NUMBER = String.raw`^[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d\d?)?$`;
const MOST_DIGITS = 200;

/** A trial begins and ends when it is measured: what it took is what its cells took. On `run`. */
export const TRIAL_DURATION = sql<number | null>`(select sum(c.duration_ms)::numeric from trial t join cell_execution c on c.execution_id = any(t.slice) where t.run_id = run.id)`;

/** Numbers before NaN before nothing, both ways; params as numbers where they are numbers. */
export function orderSql(order: RunOrder): OrderSql {
  const { isAscending } = order;
  if (order.by === 'metric') {
    const terms = (v: RawBuilder<unknown>): OrderTerm[] => [term(sql`(${v} is null)`, true), term(sql`(${v} = 'NaN')`, true), term(v, isAscending)];
    return { join: metricJoin(keyOf(order), order), terms: terms(sql`o.value`), groupTerms: terms(meanSql(sql`o.value`)) };
  }
  if (order.by === 'param') {
    const terms = (v: RawBuilder<unknown>): OrderTerm[] => [term(sql`case when length(${v}) <= ${sql.lit(MOST_DIGITS)} and ${v} ~ ${NUMBER} then ${v}::float8 end`, isAscending, true), term(sql`${v} collate "C"`, isAscending, true)]; // bytes: words of a language take half as long again to compare
    return { join: sql`left join run_param o on o.run_id = run.id and o.key = ${keyOf(order)}`, terms: terms(sql`o.value`), groupTerms: terms(sql`min(o.value)`) };
  }
  const column = {
    name: sql`run.name`,
    status: sql`run.status`,
    started: sql`run.start_time`,
    duration: sql`coalesce(${TRIAL_DURATION}, coalesce(run.end_time, (extract(epoch from now()) * 1000)::int8)::numeric - run.start_time)`
  }[order.by];
  const outer = sql.raw(order.by === 'started' ? 'max' : 'min');
  return { join: sql``, terms: [term(column, isAscending)], groupTerms: [term(sql`${outer}(${column})`, isAscending)] };
}

function metricJoin(key: string, order: RunOrder): RawBuilder<unknown> {
  if (order.aggregate === 'last') {
    return sql`left join latest_metric o on o.run_id = run.id and o.key = ${key}`;
  }
  return sql`left join lateral (select ${aggregateSql(order.aggregate)} as value from metric m where m.run_id = run.id and m.key = ${key}) o on true`;
}

/** Over a metric's points; NaN counts only where there is nothing else. */
export function aggregateSql(aggregate: 'min' | 'max' | 'mean'): RawBuilder<unknown> {
  const numbers = sql`case when m.value <> 'NaN' then m.value end`;
  const nan = sql`max(m.value)`; // where nothing else is there, this is NaN
  return sql`coalesce(${aggregate === 'mean' ? meanSql(numbers) : sql`${sql.raw(aggregate)}(${numbers})`}, ${nan})`;
}

/** PostgreSQL's avg() fails where the squares of values leave float8, as losses that explode do: those count as infinite. */
function meanSql(value: RawBuilder<unknown>): RawBuilder<unknown> {
  return sql`sum(case when abs(${value}) < 1e290 or ${value} = 'NaN' then ${value} else sign(${value}) * 'Infinity'::float8 end) / nullif(count(${value}), 0)`;
}

function keyOf(order: RunOrder): string {
  if (order.key === undefined) {
    throw new InvalidInput('invalid_order', `To order by a ${order.by}, say which: its key is missing.`);
  }
  return order.key;
}
