import { sql, type RawBuilder } from 'kysely';
import { InvalidInput } from '../../core/errors';
import { parseFilter, type Comparison } from '../search/grammar';
import { metricCondition, runCondition } from '../search/run-conditions';
import { aggregateSql } from './run-order';

/** Each is a search of its own through all params and tags. */
const MOST_WORDS = 20;
const GRAMMAR = /[=<>]|\b(?:not\s+)?i?like\b|\bin\s*\(|\bis\s+(?:not\s+)?null\b/i;

/**
 * What a filter box asks of `run`: MLflow's grammar where it compares anything
 * (`min.loss`, `max.loss`, `mean.loss` beside it, of all points), else plain words, each of which must stand in the name, a param's value, a
 * tag, or begin the id.
 *
 * @throws {InvalidInput} `invalid_filter`
 */
export function filterConditions(filter: string): RawBuilder<boolean>[] {
  if (GRAMMAR.test(filter)) {
    return parseFilter(filter).map(comparison => aggregateCondition(comparison) ?? runCondition(comparison));
  }
  const words = wordsOf(filter);
  if (words.length > MOST_WORDS) {
    throw new InvalidInput('invalid_filter', `A filter has at most ${MOST_WORDS} words: this one has ${words.length}.`);
  }
  return words.map(wordCondition);
}

/** Of all points of a metric, where MLflow's grammar knows only the last. */
function aggregateCondition(comparison: Comparison): RawBuilder<boolean> | null {
  const { entity, key } = comparison;
  if (entity !== 'min' && entity !== 'max' && entity !== 'mean') {
    return null;
  }
  return sql`exists (select from (select ${aggregateSql(entity)} as value from metric m where m.run_id = run.id and m.key = ${key}) x where ${metricCondition(sql`x.value`, comparison)})`;
}

/** Words, and phrases in quotes. */
export function wordsOf(text: string): string[] {
  return [...text.matchAll(/"([^"]+)"|'([^']+)'|(\S+)/g)].map(match => match[1] ?? match[2] ?? match[3]!);
}

function wordCondition(word: string): RawBuilder<boolean> {
  const pattern = `%${word.replace(/[\\%_]/g, '\\$&')}%`;
  return sql`(run.name ilike ${pattern} or starts_with(run.id, ${word.toLowerCase()}) or run.id in (
    select run_id from run_param where value ilike ${pattern}
    union all select run_id from run_tag where value ilike ${pattern} or key ilike ${pattern} and key not like 'mlflow.%' and key not like 'slipway.%'))`;
}
