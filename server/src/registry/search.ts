import { sql, type RawBuilder } from 'kysely';
import { InvalidInput } from '../core/errors';
import type { Db } from '../database';
import { search } from '../tracking';
import { PROMPT_TAG } from './names';
import type { ModelVersionRow, RegisteredModelRow } from './tables';

interface Column {
  column: string;
  kind: search.Kind;
}
const MODEL_COLUMNS: Record<string, Column> = {
  name: { column: 'm.name', kind: 'text' },
  creation_timestamp: { column: 'm.creation_time', kind: 'int8' },
  last_updated_timestamp: { column: 'm.last_update_time', kind: 'int8' },
  timestamp: { column: 'm.last_update_time', kind: 'int8' }
};
const VERSION_COLUMNS: Record<string, Column> = {
  name: { column: 'm.model_name', kind: 'text' },
  version: { column: 'm.version', kind: 'int8' },
  version_number: { column: 'm.version', kind: 'int8' },
  run_id: { column: 'm.run_id', kind: 'text' },
  source_path: { column: 'm.source', kind: 'text' },
  creation_timestamp: { column: 'm.creation_time', kind: 'int8' },
  last_updated_timestamp: { column: 'm.last_update_time', kind: 'int8' }
};
/** Where the tags of `m` stand, and the order when none is asked for. */
const MODELS = { table: sql`registered_model m`, columns: MODEL_COLUMNS, tags: sql`registered_model_tag x where x.model_name = m.name`, order: sql`m.name` };
const VERSIONS = {
  table: sql`model_version m`,
  columns: VERSION_COLUMNS,
  tags: sql`model_version_tag x where x.model_name = m.model_name and x.version = m.version`,
  order: sql`m.last_update_time desc, m.model_name, m.version desc`
};

/** MLflow's searches over models and versions, in its filter grammar. */
export function registrySearch(db: Db) {
  return {
    models: (page: search.Page): Promise<search.Found<RegisteredModelRow>> => run(db, MODELS, page),
    versions: (page: search.Page): Promise<search.Found<ModelVersionRow>> => run(db, VERSIONS, page)
  };
}

async function run<R>(db: Db, of: typeof MODELS, page: search.Page): Promise<search.Found<R>> {
  const comparisons = search.parseFilter(page.filter);
  const conditions = comparisons.filter(c => !isAboutPrompts(c)).map(c => condition(c, of));
  const orders = page.orderBy.map(clause => {
    const o = search.parseOrderBy(clause);
    return sql`${sql.raw(columnOf(o, of).column)} ${sql.raw(o.isAscending ? 'asc' : 'desc')}`;
  });
  const { rows } = await sql<R>`
    select m.* from ${of.table} where ${sql.join([prompts(comparisons.find(isAboutPrompts), of), ...conditions], sql` and `)}
    order by ${sql.join([...orders, of.order], sql`, `)} limit ${page.maxResults + 1} offset ${search.offsetOf(page.pageToken)}`.execute(db);
  return search.pageOf(rows, page);
}

const isTag = (c: { entity: string }): boolean => c.entity === 'tag' || c.entity === 'tags';
const isAboutPrompts = (c: search.Comparison): boolean => isTag(c) && c.key === PROMPT_TAG;

function prompts(asked: search.Comparison | undefined, of: typeof MODELS): RawBuilder<boolean> {
  const areWanted = asked !== undefined && String(asked.value).toLowerCase() === (asked.comparator === '!=' ? 'false' : 'true');
  return sql`${sql.raw(areWanted ? '' : 'not')} exists (select from ${of.tags} and x.key = ${PROMPT_TAG} and x.value = 'true')`;
}

function condition(c: search.Comparison, of: typeof MODELS): RawBuilder<boolean> {
  if (isTag(c)) {
    return sql`exists (select from ${of.tags} and x.key = ${c.key} and ${search.compare(sql`x.value`, 'text', c, ['=', '!=', 'LIKE', 'ILIKE'])})`;
  }
  const { column, kind } = columnOf(c, of);
  // MLflow writes version numbers with and without quotes.
  const isQuotedNumber = kind === 'int8' && typeof c.value === 'string' && /^\d{1,15}$/.test(c.value);
  return search.compare(sql.raw(column), kind, isQuotedNumber ? { ...c, value: Number(c.value) } : c);
}

function columnOf(c: { entity: string; key: string }, of: typeof MODELS): Column {
  const found = ['', 'attribute', 'attributes'].includes(c.entity) ? of.columns[c.key] : undefined;
  if (!found) {
    throw new InvalidInput('invalid_filter', `Invalid attribute key '${c.key}'. Valid ones are: ${Object.keys(of.columns).join(', ')}.`);
  }
  return found;
}
