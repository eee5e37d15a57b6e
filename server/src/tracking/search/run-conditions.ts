import { sql, type RawBuilder } from 'kysely';
import { InvalidInput } from '../../core/errors';
import { compare, type Kind } from './compare';
import type { Comparison } from './grammar';

const ENTITIES: Record<string, 'metric' | 'param' | 'tag' | 'attribute' | 'dataset'> = {
  metric: 'metric', metrics: 'metric', param: 'param', params: 'param', parameter: 'param', parameters: 'param', tag: 'tag', tags: 'tag',
  attribute: 'attribute', attributes: 'attribute', attr: 'attribute', run: 'attribute', '': 'attribute', dataset: 'dataset', datasets: 'dataset'
};
/** What can be asked of a run itself. */
export const ATTRIBUTES: Record<string, { column: string; kind: Kind }> = {
  run_id: { column: 'id', kind: 'text' },
  run_name: { column: 'name', kind: 'text' },
  'run name': { column: 'name', kind: 'text' },
  status: { column: 'status', kind: 'text' },
  user_id: { column: 'user_id', kind: 'text' },
  artifact_uri: { column: 'artifact_uri', kind: 'text' },
  start_time: { column: 'start_time', kind: 'int8' },
  created: { column: 'start_time', kind: 'int8' },
  end_time: { column: 'end_time', kind: 'int8' }
};
const DATASET_COLUMNS: Record<string, string> = {
  name: 'd.name',
  digest: 'd.digest',
  context: `(select t ->> 'value' from jsonb_array_elements(x.tags) t where t ->> 'key' = 'mlflow.data.context' limit 1)`
};
const KEYED = ['=', '!=', 'LIKE', 'ILIKE', 'IS NULL', 'IS NOT NULL'];

/** @throws {InvalidInput} `invalid_filter` for an entity MLflow does not know */
export function entityOf(entity: string, key: string): 'metric' | 'param' | 'tag' | 'attribute' | 'dataset' {
  return ENTITIES[entity] ?? refuse(`entity type '${entity}' of '${entity}.${key}'`, ['attribute', 'metric', 'parameter', 'tag', 'dataset']);
}

/** One comparison as a condition on `run`. `!=` leaves out runs without the key, as MLflow does. */
export function runCondition(c: Comparison): RawBuilder<boolean> {
  switch (entityOf(c.entity, c.key)) {
    case 'metric':
      return sql`exists (select from latest_metric x where x.run_id = run.id and x.key = ${c.key} and ${metricCondition(sql`x.value`, c)})`;
    case 'param':
      return keyed(sql`run_param x where x.run_id = run.id and x.key = ${c.key}`, c);
    case 'tag':
      return keyed(sql`run_tag x where x.run_id = run.id and x.key = ${c.key}`, c);
    case 'dataset': {
      const column = sql.raw(DATASET_COLUMNS[c.key] ?? refuse(`dataset attribute '${c.key}'`, Object.keys(DATASET_COLUMNS)));
      return sql`exists (select from run_dataset x join dataset d on d.id = x.dataset_id where x.run_id = run.id and ${compare(column, 'text', c)})`;
    }
    case 'attribute': {
      const { column, kind } = ATTRIBUTES[c.key.toLowerCase()] ?? refuse(`attribute key '${c.key}'`, Object.keys(ATTRIBUTES));
      return compare(sql.ref(`run.${column}`), kind, c, kind === 'text' && column !== 'id' ? ['=', '!=', 'LIKE', 'ILIKE'] : undefined);
    }
  }
}

/** A condition on the latest value of a metric. */
export function metricCondition(value: RawBuilder<unknown>, c: Comparison): RawBuilder<boolean> {
  return compare(value, 'float', c);
}

/** A condition on the value of a key in `rows` (its table, with alias x, and what finds the row), or on whether the key is there. */
export function keyed(rows: RawBuilder<unknown>, c: Comparison): RawBuilder<boolean> {
  if (c.comparator === 'IS NULL' || c.comparator === 'IS NOT NULL') {
    return sql`${sql.raw(c.comparator === 'IS NULL' ? 'not exists' : 'exists')} (select from ${rows})`;
  }
  const value = compare(sql`x.value`, 'text', c, KEYED);
  // The indexes hold the beginnings of values: some are long.
  return c.comparator === '=' ? sql`exists (select from ${rows} and ${value} and left(x.value, 100) = left(${String(c.value)}, 100))` : sql`exists (select from ${rows} and ${value})`;
}

function refuse(what: string, valid: readonly string[]): never {
  throw new InvalidInput('invalid_filter', `Invalid ${what}. Valid ones are: ${valid.join(', ')}.`);
}
