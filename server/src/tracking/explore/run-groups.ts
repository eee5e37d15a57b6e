import { toMetricValue, type RunGroup, type RunGroupsQuery } from '@slipway/schema';
import { sql } from 'kysely';
import type { Db } from '../../database';
import { orderBy } from './order-terms';
import { orderSql } from './run-order';
import { conditions } from './run-rows';
import { metricValues, paramValues, type ValuesOf } from './run-values';

/** Reading every param of more would make the table wait; the reply says when it happened. */
const MOST_RUNS = 20_000;
const SHOWN_IDS = 100;

interface GroupRow {
  key: string;
  ids: string[];
  name: string;
  experiment_id: string;
  started: string;
  groups: string;
  runs: string;
}

/** Repeats as one line each; a run without any param is alone. */
export async function readGroups(db: Db, query: RunGroupsQuery): Promise<{ items: RunGroup[]; total: number; isTruncated: boolean }> {
  const rows = await groupRows(db, query);
  const ids = rows.flatMap(row => row.ids);
  const [params, metrics] = await Promise.all([paramValues(db, rows.map(row => row.ids[0]!), query.params), metricValues(db, ids, query.metrics)]);
  return {
    items: rows.map(row => ({
      key: row.key,
      runCount: row.ids.length,
      runIds: row.ids.slice(0, SHOWN_IDS),
      name: row.name,
      experimentId: row.experiment_id,
      startedMs: Number(row.started),
      params: params(row.ids[0]!).map((value, i) => (query.ignoring.includes(query.params[i]!) ? null : value)),
      metrics: summaries(row.ids, metrics, query.metrics.length)
    })),
    total: Number(rows[0]?.groups ?? 0),
    isTruncated: Number(rows[0]?.runs ?? 0) > MOST_RUNS
  };
}

async function groupRows(db: Db, query: RunGroupsQuery): Promise<GroupRow[]> {
  const order = orderSql(query.order);
  const { rows } = await sql<GroupRow>`
    with matched as materialized (
      select run.* from run where ${conditions(query)} order by run.start_time desc, run.id limit ${MOST_RUNS + 1}
    ), keyed as materialized (
      select r.id, md5(r.experiment_id || coalesce(string_agg(p.key || '=' || p.value, E'\n' order by p.key collate "C") filter (where p.key <> all(${query.ignoring}::text[])), case when count(p.key) = 0 then r.id else '' end)) as key
      from matched r left join run_param p on p.run_id = r.id group by r.id, r.experiment_id
    )
    select k.key, array_agg(run.id order by run.start_time desc, run.id) as ids, (array_agg(run.name order by run.start_time desc, run.id))[1] as name,
      min(run.experiment_id) as experiment_id, max(run.start_time) as started, count(*) over () as groups, sum(count(*)) over () as runs
    from keyed k join matched run on run.id = k.id ${order.join}
    group by k.key order by ${orderBy(order.groupTerms)}, max(run.start_time) desc, k.key limit ${query.limit} offset ${query.offset}`.execute(db);
  return rows;
}

function summaries(runIds: readonly string[], valuesOf: ValuesOf<number>, count: number): RunGroup['metrics'] {
  const byRun = runIds.map(valuesOf);
  return Array.from({ length: count }, (_, column) => {
    const values = byRun.map(row => row[column]).filter((value): value is number => value != null);
    return values.length === 0 ? null : { ...meanAndSpread(values), count: values.length };
  });
}

/** Mean and sample standard deviation (n − 1). */
function meanAndSpread(values: readonly number[]): { mean: ReturnType<typeof toMetricValue>; spread: number | null } {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const spread = values.length < 2 ? NaN : Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1));
  return { mean: toMetricValue(mean), spread: Number.isFinite(spread) ? spread : null };
}
