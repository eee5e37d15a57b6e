import type { MetricColumn } from '@slipway/schema';
import { sql } from 'kysely';
import type { Db } from '../../database';
import { aggregateSql } from './run-order';

/** For each run its values of the columns, in the columns' order. */
export type ValuesOf<T> = (runId: string) => (T | null)[];

export async function paramValues(db: Db, runIds: readonly string[], keys: readonly string[]): Promise<ValuesOf<string>> {
  const rows = runIds.length * keys.length === 0 ? [] : await db.selectFrom('run_param').selectAll().where('run_id', 'in', runIds).where('key', 'in', keys).execute();
  const found = new Map(rows.map(row => [`${row.run_id} ${row.key}`, row.value]));
  return runId => keys.map(key => found.get(`${runId} ${key}`) ?? null);
}

/** The latest come from a row each; what all points come to is counted for these runs only. */
export async function metricValues(db: Db, runIds: readonly string[], columns: readonly MetricColumn[]): Promise<ValuesOf<number>> {
  const found = new Map<string, number>();
  const keysFor = (isLast: boolean): string[] => [...new Set(columns.filter(c => (c.aggregate === 'last') === isLast).map(c => c.key))];
  const [lastKeys, wholeKeys] = [keysFor(true), keysFor(false)];
  if (runIds.length * lastKeys.length > 0) {
    const { rows } = await sql<{ run_id: string; key: string; value: number }>`
      select run_id, key, value from latest_metric where run_id = any(${runIds}::text[]) and key = any(${lastKeys}::text[])`.execute(db);
    rows.forEach(row => found.set(`${row.run_id} last ${row.key}`, row.value));
  }
  if (runIds.length * wholeKeys.length > 0) {
    const { rows } = await sql<{ run_id: string; key: string; min: number; max: number; mean: number }>`
      select run_id, key, ${aggregateSql('min')} as min, ${aggregateSql('max')} as max, ${aggregateSql('mean')} as mean
      from metric m where run_id = any(${runIds}::text[]) and key = any(${wholeKeys}::text[]) group by run_id, key`.execute(db);
    rows.forEach(row => (['min', 'max', 'mean'] as const).forEach(name => found.set(`${row.run_id} ${name} ${row.key}`, row[name])));
  }
  return runId => columns.map(column => found.get(`${runId} ${column.aggregate} ${column.key}`) ?? null);
}
