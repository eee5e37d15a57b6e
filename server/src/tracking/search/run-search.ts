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
  where: RawBuilder<unknown>[];
  orders: RawBuilder<unknown>[];
}

/** MLflow's search over runs, the last started first unless told otherwise. */
export async function searchRuns(db: Db, experimentIds: readonly string[], page: Page & { viewType: ViewType }): Promise<Found<RunView>> {
  const scope = [
    sql<boolean>`run.experiment_id = any(${experimentIds.filter(id => /^\d{1,18}$/.test(id))}::int8[])`,
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

/** The best runs by a metric are few: walked in the index's order, however many runs there are. Then NaN, then runs without it. */
function partsByMetric(by: Ordering, comparisons: readonly Comparison[], others: RawBuilder<unknown>[]): Part[] {
  const isOfIt = (c: Comparison): boolean => entityOf(c.entity, c.key) === 'metric' && c.key === by.key;
  const onIt = comparisons.filter(isOfIt).map(c => metricCondition(sql`o.value`, c));
  const rest = comparisons.filter(c => !isOfIt(c)).map(runCondition);
  const from = sql`latest_metric o join run on run.id = o.run_id`;
  const isKey = sql`o.key = ${by.key}`;
  const numbers = { from, where: [isKey, sql`o.value <= 'Infinity'`, ...onIt, ...rest], orders: [sql`o.value ${sql.raw(by.isAscending ? 'asc' : 'desc')}`, ...others] };
  const nan = { from, where: [isKey, sql`o.value = 'NaN'`, ...onIt, ...rest], orders: others };
  const without = { from: sql`run`, where: [sql`not exists (select from latest_metric x where x.run_id = run.id and x.key = ${by.key})`, ...rest], orders: others };
  return onIt.length > 0 ? [numbers, nan] : [numbers, nan, without];
}

async function read(db: Db, parts: readonly Part[], limit: number, offset: number): Promise<RunRow[]> {
  const rows: RunRow[] = [];
  let skip = offset;
  for (const { from, where, orders } of parts) {
    const matching = sql`from ${from} where ${sql.join(where, sql` and `)}`;
    const order = sql.join([...orders, sql`run.start_time desc`, sql`run.id`], sql`, `);
    const found = await sql<RunRow>`select run.* ${matching} order by ${order} limit ${limit - rows.length} offset ${skip}`.execute(db);
    rows.push(...found.rows);
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
