import { sql, type RawBuilder } from 'kysely';
import { InvalidInput } from '../../core/errors';
import type { Db } from '../../database';
import { viewRuns, type RunView } from '../run-view';
import type { RunRow } from '../tables';
import { parseFilter, parseOrderBy, type Comparison, type Ordering } from './grammar';
import { STAGES, offsetOf, pageOf, type Found, type Page, type ViewType } from './page';
import { ATTRIBUTES, entityOf, metricCondition, runCondition } from './run-conditions';

/** Rows in parts that follow one another, each found by an index in its own order. */
interface Part {
  from: RawBuilder<unknown>;
  /** In place of `from`: only its first rows in the order, at least so many. */
  firstOf?: (count: number) => RawBuilder<unknown>;
  where: RawBuilder<unknown>[];
  orders: RawBuilder<unknown>[];
}

/** MLflow's search over runs, the last started first unless told otherwise. */
export async function searchRuns(db: Db, experimentIds: readonly string[], page: Page & { viewType: ViewType }): Promise<Found<RunView>> {
  const ids = experimentIds.filter(id => /^\d{1,18}$/.test(id));
  const scope = [
    // Of one experiment the newest stand first in an index; of several they have to be sorted.
    ids.length === 1 ? sql<boolean>`run.experiment_id = ${ids[0]}::int8` : sql<boolean>`run.experiment_id = any(${ids}::int8[])`,
    sql<boolean>`run.lifecycle_stage = any(${STAGES[page.viewType]})`
  ];
  const comparisons = parseFilter(page.filter);
  const [first, ...others] = page.orderBy.map(parseOrderBy);
  const parts: Part[] =
    first && entityOf(first.entity, first.key) === 'metric'
      ? partsByMetric(first, comparisons, others.map(runOrder))
      : [{ from: sql`run`, where: comparisons.map(runCondition), orders: [...(first ? [first] : []), ...others].map(runOrder) }];
  const rows = await read(db, parts.map(part => ({ ...part, where: [...scope, ...part.where] })), page.maxResults + 1, offsetOf(page.pageToken));
  const found = pageOf(rows, page);
  return { rows: await viewRuns(db, found.rows), nextPageToken: found.nextPageToken };
}

/** How many rows in an order are looked at for one that is wanted, before the planner may go another way. */
const LOOKED_AT = 50;

/** The best runs by a metric are few: walked in the index's order, however many runs there are. Then NaN, then runs without it. */
function partsByMetric(by: Ordering, comparisons: readonly Comparison[], others: RawBuilder<unknown>[]): Part[] {
  const isOfIt = (c: Comparison): boolean => entityOf(c.entity, c.key) === 'metric' && c.key === by.key;
  const onIt = comparisons.filter(isOfIt).map(c => metricCondition(sql`o.value`, c));
  const rest = comparisons.filter(c => !isOfIt(c)).map(runCondition);
  const from = sql`latest_metric o join run on run.id = o.run_id`;
  const isKey = sql`o.key = ${by.key}`;
  const inRange = [isKey, sql`o.value <= 'Infinity'`, ...onIt];
  const way = sql`o.value ${sql.raw(by.isAscending ? 'asc' : 'desc')}`;
  const firstOf = (count: number) => sql`(select o.* from latest_metric o where ${sql.join(inRange, sql` and `)} order by ${way} fetch first ${sql.lit(count)} rows with ties) o join run on run.id = o.run_id`;
  const numbers = { from, firstOf, where: [...inRange, ...rest], orders: [way, ...others] };
  const nan = { from, where: [isKey, sql`o.value = 'NaN'`, ...onIt, ...rest], orders: others };
  const without = { from: sql`run`, where: [sql`not exists (select from latest_metric x where x.run_id = run.id and x.key = ${by.key})`, ...rest], orders: others };
  return onIt.length > 0 ? [numbers, nan] : [numbers, nan, without];
}

async function read(db: Db, parts: readonly Part[], limit: number, offset: number): Promise<RunRow[]> {
  const rows: RunRow[] = [];
  let skip = offset;
  for (const part of parts) {
    const matching = sql`from ${part.from} where ${sql.join(part.where, sql` and `)}`;
    rows.push(...(await readPart(db, part, limit - rows.length, skip)));
    if (rows.length >= limit) {
      break;
    }
    if (rows.length === 0 && skip > 0 && parts.length > 1) {
      const counted = await sql<{ count: string }>`select count(*) ${matching}`.execute(db);
      skip -= Number(counted.rows[0]!.count);
    } else {
      skip = 0;
    }
  }
  return rows;
}

async function readPart(db: Db, { from, firstOf, where, orders }: Part, limit: number, offset: number): Promise<RunRow[]> {
  const order = sql.join([...orders, sql`run.start_time desc`, sql`run.id`], sql`, `);
  const select = (source: RawBuilder<unknown>) => sql<RunRow>`select run.* from ${source} where ${sql.join(where, sql` and `)} order by ${order} limit ${limit} offset ${offset}`.execute(db);
  // The planner takes conditions for rarer than they are, and then reads all runs to sort them. Looking at the
  // first in the order is mostly enough: where they fill the page, no other could be on it.
  const first = firstOf && (await select(firstOf((limit + offset) * LOOKED_AT)));
  return first && first.rows.length >= limit ? first.rows : (await select(from)).rows;
}

/** Numbers first, then NaN, then runs without the key; the same both ways. */
function runOrder(o: Ordering): RawBuilder<unknown> {
  const direction = sql.raw(o.isAscending ? 'asc' : 'desc');
  const entity = entityOf(o.entity, o.key);
  if (entity === 'metric') {
    const value = sql`(select x.value from latest_metric x where x.run_id = run.id and x.key = ${o.key})`;
    return sql`case when ${value} is null then 2 when ${value} = 'NaN' then 1 else 0 end, ${value} ${direction} nulls last`;
  }
  if (entity === 'param' || entity === 'tag') {
    return sql`(select x.value from ${sql.table(entity === 'param' ? 'run_param' : 'run_tag')} x where x.run_id = run.id and x.key = ${o.key}) ${direction} nulls last`;
  }
  const attribute = ATTRIBUTES[o.key.toLowerCase()];
  if (entity !== 'attribute' || !attribute) {
    throw new InvalidInput('invalid_order_by', `Invalid order_by entity or attribute '${o.entity}.${o.key}'.`);
  }
  return sql`${sql.ref(`run.${attribute.column}`)} ${direction} nulls last`;
}
