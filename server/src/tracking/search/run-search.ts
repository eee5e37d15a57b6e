import { sql, type RawBuilder } from 'kysely';
import { InvalidInput } from '../../core/errors';
import type { Db } from '../../database';
import { viewRuns, type RunView } from '../run-view';
import type { RunRow } from '../tables';
import { parseFilter, parseOrderBy, type Ordering } from './grammar';
import { STAGES, offsetOf, pageOf, type Found, type Page, type ViewType } from './page';
import { ATTRIBUTES, entityOf, runCondition } from './run-conditions';

/** MLflow's search over runs, the last started first unless told otherwise. */
export async function searchRuns(db: Db, experimentIds: readonly string[], page: Page & { viewType: ViewType }): Promise<Found<RunView>> {
  const conditions = [
    sql<boolean>`run.experiment_id = any(${experimentIds.filter(id => /^\d{1,18}$/.test(id))}::int8[])`,
    sql<boolean>`run.lifecycle_stage = any(${STAGES[page.viewType]})`,
    ...parseFilter(page.filter).map(runCondition)
  ];
  const orders = page.orderBy.map(clause => runOrder(parseOrderBy(clause)));
  const { rows } = await sql<RunRow>`
    select run.* from run where ${sql.join(conditions, sql` and `)}
    order by ${sql.join([...orders, sql`run.start_time desc`, sql`run.id`], sql`, `)}
    limit ${page.maxResults + 1} offset ${offsetOf(page.pageToken)}`.execute(db);
  const found = pageOf(rows, page);
  return { rows: await viewRuns(db, found.rows), nextPageToken: found.nextPageToken };
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
