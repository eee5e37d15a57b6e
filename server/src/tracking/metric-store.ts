import { sql } from 'kysely';
import type { Db } from '../database';
import type { LatestMetricRow, MetricRow } from './tables';

/** One point of one metric; step and timestamp keep all 64 bits. */
export interface MetricPoint {
  key: string;
  value: number;
  step: bigint;
  timestamp: bigint;
  modelId?: string | null;
  datasetName?: string | null;
  datasetDigest?: string | null;
}

/** A point and the run it belongs to. */
export interface RunPoint extends MetricPoint {
  runId: string;
}

/** Adds points of runs (an identical one is stored once) and keeps the latest of each key. */
export async function insertMetrics(db: Db, points: readonly RunPoint[]): Promise<void> {
  const column = <T>(of: (p: RunPoint) => T): T[] => points.map(of);
  await sql`
    insert into metric (run_id, key, step, timestamp, value, model_id, dataset_name, dataset_digest)
    select * from unnest(
      ${column(p => p.runId)}::text[], ${column(p => p.key)}::text[], ${column(p => String(p.step))}::int8[], ${column(p => String(p.timestamp))}::int8[], ${column(p => String(p.value))}::float8[],
      ${column(p => p.modelId ?? null)}::text[], ${column(p => p.datasetName ?? null)}::text[], ${column(p => p.datasetDigest ?? null)}::text[])
    on conflict do nothing`.execute(db);
  const latest = latestOf(points).sort((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1)); // one order of locks: no deadlocks between batches
  await sql`
    insert into latest_metric as l (run_id, key, step, timestamp, value)
    select * from unnest(
      ${latest.map(p => p.runId)}::text[], ${latest.map(p => p.key)}::text[], ${latest.map(p => String(p.step))}::int8[], ${latest.map(p => String(p.timestamp))}::int8[], ${latest.map(p => String(p.value))}::float8[])
    on conflict (run_id, key) do update set step = excluded.step, timestamp = excluded.timestamp, value = excluded.value
    where (excluded.step, excluded.timestamp, excluded.value) > (l.step, l.timestamp, l.value)`.execute(db);
}

/** By step, then timestamp, then value; NaN counts above all, as PostgreSQL has it. */
function latestOf(points: readonly RunPoint[]): RunPoint[] {
  const latest = new Map<string, RunPoint>();
  for (const point of points) {
    const known = latest.get(nameOf(point));
    if (!known || isLater(point, known)) {
      latest.set(nameOf(point), point);
    }
  }
  return [...latest.values()];
}

const nameOf = (p: RunPoint): string => `${p.runId} ${p.key}`;

function isLater(a: MetricPoint, b: MetricPoint): boolean {
  if (a.step !== b.step) return a.step > b.step;
  if (a.timestamp !== b.timestamp) return a.timestamp > b.timestamp;
  return Number.isNaN(a.value) || a.value > b.value;
}

export function latestMetricsOf(db: Db, runIds: readonly string[]): Promise<LatestMetricRow[]> {
  return runIds.length === 0 ? Promise.resolve([]) : db.selectFrom('latest_metric').selectAll().where('run_id', 'in', runIds).orderBy('key').execute();
}

/** A point as it is read: numbers of 64 bits as text. */
export interface HistoryPoint {
  value: number;
  timestamp: string;
  step: string;
}

/** Points of one metric by timestamp, step and value, from `offset` on. */
export function metricHistory(db: Db, runId: string, key: string, limit: number, offset: number): Promise<HistoryPoint[]> {
  return db.selectFrom('metric').select(['value', 'timestamp', 'step']).where('run_id', '=', runId).where('key', '=', key).orderBy('timestamp').orderBy('step').orderBy('value').limit(limit).offset(offset).execute();
}

/**
 * At most `most` points of one metric for each run, evenly spaced among all
 * there are (between the steps, where given), the first and the last among them.
 */
export async function sampledHistory(db: Db, runIds: readonly string[], key: string, most: number, steps: { from: bigint; to: bigint } | null): Promise<MetricRow[]> {
  const { rows } = await sql<MetricRow>`
    select * from (
      select m.*, row_number() over w - 1 as i, count(*) over (partition by run_id) as n from metric m
      where run_id = any(${runIds}) and key = ${key} ${steps ? sql`and step between ${String(steps.from)}::int8 and ${String(steps.to)}::int8` : sql``}
      window w as (partition by run_id order by step, timestamp, value)) x
    where n <= ${most} or i = n - 1 or (${most} > 1 and (i = 0 or i * (${most} - 1) / (n - 1) <> (i - 1) * (${most} - 1) / (n - 1)))
    order by array_position(${runIds}::text[], run_id), i`.execute(db);
  return rows;
}

export async function deleteMetrics(db: Db, runId: string, keys: readonly string[]): Promise<void> {
  await db.deleteFrom('metric').where('run_id', '=', runId).where('key', 'in', keys).execute();
  await db.deleteFrom('latest_metric').where('run_id', '=', runId).where('key', 'in', keys).execute();
}

export function metricsOfModels(db: Db, modelIds: readonly string[]): Promise<MetricRow[]> {
  return modelIds.length === 0 ? Promise.resolve([]) : db.selectFrom('metric').selectAll().where('model_id', 'in', modelIds).orderBy('key').execute();
}
