import { sql, type RawBuilder } from 'kysely';
import { InvalidInput } from '../../core/errors';
import type { Db } from '../../database';
import type { ExperimentRow } from '../tables';
import { compare, type Kind } from './compare';
import { parseFilter, parseOrderBy, type Comparison, type Ordering } from './grammar';
import { STAGES, offsetOf, pageOf, type Found, type Page, type ViewType } from './page';
import { keyed } from './run-conditions';

const COLUMNS: Record<string, { column: RawBuilder<unknown>; order: RawBuilder<unknown>; kind: Kind }> = {
  name: { column: sql`e.name`, order: sql`e.name`, kind: 'text' },
  experiment_id: { column: sql`e.id::text`, order: sql`e.id`, kind: 'text' },
  creation_time: { column: sql`e.creation_time`, order: sql`e.creation_time`, kind: 'int8' },
  last_update_time: { column: sql`e.last_update_time`, order: sql`e.last_update_time`, kind: 'int8' }
};
const ATTRIBUTE = ['', 'attribute', 'attributes', 'attr'];

/** Experiments by MLflow's filter, the newest first unless told otherwise. */
export async function searchExperiments(db: Db, page: Page & { viewType: ViewType }): Promise<Found<ExperimentRow>> {
  const conditions = [sql<boolean>`e.lifecycle_stage = any(${STAGES[page.viewType]})`, ...parseFilter(page.filter).map(condition)];
  const orders = page.orderBy.map(clause => order(parseOrderBy(clause)));
  const { rows } = await sql<ExperimentRow>`
    select e.* from experiment e where ${sql.join(conditions, sql` and `)}
    order by ${sql.join([...orders, sql`e.creation_time desc`, sql`e.id desc`], sql`, `)}
    limit ${page.maxResults + 1} offset ${offsetOf(page.pageToken)}`.execute(db);
  return pageOf(rows, page);
}

function condition(c: Comparison): RawBuilder<boolean> {
  if (c.entity === 'tag' || c.entity === 'tags') {
    return keyed(sql`experiment_tag x where x.experiment_id = e.id and x.key = ${c.key}`, c);
  }
  const found = ATTRIBUTE.includes(c.entity) ? COLUMNS[c.key] : undefined;
  if (!found) {
    throw new InvalidInput('invalid_filter', `Invalid attribute key '${c.key}' of an experiment. Valid ones are: ${Object.keys(COLUMNS).join(', ')}, and tags.`);
  }
  return compare(found.column, found.kind, c, found.kind === 'text' ? ['=', '!=', 'LIKE', 'ILIKE'] : undefined);
}

function order(o: Ordering): RawBuilder<unknown> {
  const found = ATTRIBUTE.includes(o.entity) ? COLUMNS[o.key] : undefined;
  if (!found) {
    throw new InvalidInput('invalid_order_by', `Invalid order_by attribute '${o.key}'. Valid ones are: ${Object.keys(COLUMNS).join(', ')}.`);
  }
  return sql`${found.order} ${sql.raw(o.isAscending ? 'asc' : 'desc')}`;
}
