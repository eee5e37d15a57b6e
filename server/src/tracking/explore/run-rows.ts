import { toMetricValue, type RunLine, type RunRowsQuery } from '@slipway/schema';
import { sql, type RawBuilder } from 'kysely';
import type { Db } from '../../database';
import type { RunRow } from '../tables';
import { filterConditions } from './run-filter';
import { orderBy, term } from './order-terms';
import { TRIAL_DURATION, orderSql } from './run-order';
import { metricValues, paramValues } from './run-values';

type Line = Pick<RunRow, 'id' | 'name' | 'experiment_id' | 'status' | 'start_time' | 'end_time'> & { kind: string | null; trial_ms: string | null };

/** From here on it pays to count first, and to sort from the nearer end. */
const FAR = 1_000;

/** One stretch of the table: first which runs, then only the columns that are shown. */
export async function readRows(db: Db, query: RunRowsQuery): Promise<{ items: RunLine[]; total: number }> {
  const where = conditions(query);
  const counting = countRuns(db, where);
  const [rows, total] = query.offset < FAR ? await Promise.all([readLines(db, query, where, query), counting]) : [await readFar(db, query, where, await counting), await counting];
  const ids = rows.map(row => row.id);
  const [params, metrics] = await Promise.all([paramValues(db, ids, query.params), metricValues(db, ids, query.metrics)]);
  return {
    items: rows.map(row => ({
      id: row.id,
      name: row.name,
      experimentId: row.experiment_id,
      kind: kindOf(row.kind),
      status: row.status,
      startedMs: Number(row.start_time),
      endedMs: row.end_time === null ? null : Number(row.end_time),
      durationMs: durationOf(row, row.trial_ms),
      params: params(row.id),
      metrics: metrics(row.id).map(value => (value === null ? null : toMetricValue(value)))
    })),
    total
  };
}

/** The same stretch counted from the table's end where that is nearer: what is sorted but not shown is what costs. */
async function readFar(db: Db, query: RunRowsQuery, where: RawBuilder<boolean>, total: number): Promise<Line[]> {
  const limit = Math.min(query.limit, total - query.offset);
  if (limit <= 0) {
    return [];
  }
  const fromEnd = total - query.offset - limit;
  return fromEnd >= query.offset ? readLines(db, query, where, query) : (await readLines(db, query, where, { offset: fromEnd, limit }, true)).reverse();
}

async function readLines(db: Db, query: RunRowsQuery, where: RawBuilder<boolean>, page: { offset: number; limit: number }, isReversed = false): Promise<Line[]> {
  const { join, terms } = orderSql(query.order);
  const order = orderBy([...terms, term(sql`run.start_time`, false), term(sql`run.id`, true)], isReversed);
  const { rows } = await sql<Line>`
    select run.id, run.name, run.experiment_id, run.status, run.start_time, run.end_time,
      (select t.value from run_tag t where t.run_id = run.id and t.key = 'slipway.kind') as kind, ${TRIAL_DURATION} as trial_ms
    from (
      -- First which, then what of them: rows that are skipped cost their place in the order and no more.
      select id, row_number() over () as at from (
        select run.id from run ${join} where ${where} order by ${order} limit ${page.limit} offset ${page.offset}
      ) found
    ) page join run on run.id = page.id order by page.at`.execute(db);
  return rows;
}

/** Which runs a table shows; on `run`. */
export function conditions(query: Pick<RunRowsQuery, 'experimentId' | 'filter' | 'withSessions' | 'isDeleted'>): RawBuilder<boolean> {
  return sql.join(
    [
      query.isDeleted ? sql`run.lifecycle_stage = 'deleted'` : sql`run.lifecycle_stage = 'active'`,
      ...(query.experimentId === null ? [] : [sql`run.experiment_id = ${query.experimentId}::int8`]),
      ...(query.withSessions ? [] : [sql`not exists (select from session s where s.run_id = run.id)`]),
      ...filterConditions(query.filter)
    ],
    sql` and `
  );
}

async function countRuns(db: Db, where: RawBuilder<boolean>): Promise<number> {
  const { rows } = await sql<{ count: string }>`select count(*) from run where ${where}`.execute(db);
  return Number(rows[0]!.count);
}

/** Milliseconds; null where the run goes on, or sent no times that make sense. */
export function durationOf(run: Pick<RunRow, 'start_time' | 'end_time'>, trialMs: string | null): number | null {
  if (trialMs !== null) {
    return Number(trialMs);
  }
  const ms = run.end_time === null ? -1 : Number(run.end_time) - Number(run.start_time);
  return ms >= 0 && Number(run.start_time) > 0 ? ms : null;
}

/** What Slipway made a run for; one of any other client is a plain run. */
export function kindOf(tag: string | null | undefined): RunLine['kind'] {
  return tag === 'session' || tag === 'trial' || tag === 'pipeline' ? tag : 'run';
}
