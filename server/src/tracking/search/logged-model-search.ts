import { sql, type RawBuilder } from 'kysely';
import { InvalidInput } from '../../core/errors';
import type { Db } from '../../database';
import type { LoggedModelRow } from '../tables';
import { compare, type Kind } from './compare';
import { parseFilter, type Comparison } from './grammar';
import { offsetOf, pageOf, type Found } from './page';

/** Metrics count only where they were measured on this dataset. */
export interface OnDataset {
  name: string;
  digest: string | null;
}
export interface ModelOrder {
  /** `name`, `creation_timestamp`, `metrics.accuracy`, … */
  field: string;
  isAscending: boolean;
  dataset: OnDataset | null;
}
export interface ModelQuery {
  experimentIds: readonly string[];
  filter: string;
  datasets: readonly OnDataset[];
  orderBy: readonly ModelOrder[];
  maxResults: number;
  pageToken: string | null;
}

const COLUMNS: Record<string, { column: string; kind: Kind }> = {
  model_id: { column: 'm.id', kind: 'text' },
  name: { column: 'm.name', kind: 'text' },
  experiment_id: { column: 'm.experiment_id::text', kind: 'text' },
  model_type: { column: 'm.model_type', kind: 'text' },
  source_run_id: { column: 'm.source_run_id', kind: 'text' },
  artifact_location: { column: 'm.artifact_location', kind: 'text' },
  status: { column: `replace(m.status, 'LOGGED_MODEL_', '')`, kind: 'text' },
  creation_time: { column: 'm.creation_time', kind: 'int8' },
  creation_timestamp: { column: 'm.creation_time', kind: 'int8' },
  creation_timestamp_ms: { column: 'm.creation_time', kind: 'int8' },
  last_updated_timestamp: { column: 'm.last_update_time', kind: 'int8' },
  last_updated_timestamp_ms: { column: 'm.last_update_time', kind: 'int8' }
};
const TEXTUAL = ['=', '!=', 'LIKE', 'ILIKE', 'IN', 'NOT IN'];

/** MLflow 3's logged models by its filter, the newest first unless told otherwise. */
export async function searchLoggedModels(db: Db, q: ModelQuery): Promise<Found<LoggedModelRow>> {
  const comparisons = parseFilter(q.filter);
  const conditions = [
    sql<boolean>`m.experiment_id = any(${q.experimentIds.filter(id => /^\d{1,18}$/.test(id))}::int8[])`,
    sql<boolean>`m.lifecycle_stage = 'active'`,
    ...comparisons.map(c => condition(c, q.datasets))
  ];
  if (q.datasets.length > 0 && !comparisons.some(c => c.entity === 'metrics')) {
    conditions.push(sql<boolean>`exists (select from metric x where x.model_id = m.id and ${measuredOn(q.datasets)})`);
  }
  const { rows } = await sql<LoggedModelRow>`
    select m.* from logged_model m where ${sql.join(conditions, sql` and `)}
    order by ${sql.join([...q.orderBy.map(o => order(o, q.datasets)), sql`m.creation_time desc`, sql`m.id`], sql`, `)}
    limit ${q.maxResults + 1} offset ${offsetOf(q.pageToken)}`.execute(db);
  return pageOf(rows, q);
}

function condition(c: Comparison, datasets: readonly OnDataset[]): RawBuilder<boolean> {
  switch (c.entity) {
    case 'metrics':
      return compare(latestMetric(c.key, datasets), 'float', c);
    case 'params':
      return compare(sql`m.params ->> ${c.key}`, 'text', c, TEXTUAL);
    case 'tags':
      return compare(sql`m.tags ->> ${c.key}`, 'text', c, TEXTUAL);
    case '':
    case 'attributes': {
      const found = COLUMNS[c.key] ?? refuse(c.key);
      return compare(sql.raw(found.column), found.kind, c);
    }
    default:
      throw new InvalidInput('invalid_filter', `Invalid entity type: '${c.entity}'. Expected one of attributes, metrics, params, tags.`);
  }
}

function order(o: ModelOrder, datasets: readonly OnDataset[]): RawBuilder<unknown> {
  const direction = sql.raw(`${o.isAscending ? 'asc' : 'desc'} nulls last`);
  const [entity, ...key] = o.field.split('.');
  if (key.length === 0) {
    return sql`${sql.raw((COLUMNS[o.field] ?? refuse(o.field)).column)} ${direction}`;
  }
  if (entity !== 'metrics') {
    throw new InvalidInput('invalid_order_by', `Invalid order by field name: ${o.field}. Only metrics are supported.`);
  }
  return sql`${latestMetric(key.join('.'), o.dataset ? [o.dataset] : datasets)} ${direction}`;
}

/** The value of the highest step, then the latest, then the greatest. */
function latestMetric(key: string, datasets: readonly OnDataset[]): RawBuilder<unknown> {
  return sql`(select x.value from metric x where x.model_id = m.id and x.key = ${key} and ${measuredOn(datasets)}
    order by x.step desc, x.timestamp desc, x.value desc limit 1)`;
}

function measuredOn(datasets: readonly OnDataset[]): RawBuilder<boolean> {
  if (datasets.length === 0) {
    return sql`true`;
  }
  return sql`(${sql.join(datasets.map(d => (d.digest === null ? sql`x.dataset_name = ${d.name}` : sql`(x.dataset_name = ${d.name} and x.dataset_digest = ${d.digest})`)), sql` or `)})`;
}

function refuse(key: string): never {
  throw new InvalidInput('invalid_filter', `Invalid attribute key '${key}' of a logged model. Valid ones are: ${Object.keys(COLUMNS).join(', ')}.`);
}
