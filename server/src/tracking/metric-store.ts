import { CompiledQuery } from 'kysely';
import type { Db } from '../database';
import { chunksOf, latestOf, type RunPoints } from './metric-chunks';
import type { LatestMetricRow, MetricRow, RunRow } from './tables';

/** Written out: compiling it anew for each point took as long as sending it. */
const LOG_POINTS = `select * from log_points(${Array.from({ length: 16 }, (_, i) => `$${i + 1}`).join(', ')})`;

/** Where a run stands that points were meant for. */
export type RunStand = Pick<RunRow, 'id' | 'experiment_id' | 'lifecycle_stage'>;

/**
 * Adds points of active runs and keeps the latest of each metric, all in one
 * round trip; points of other runs are left out.
 *
 * @returns where the runs stand, those that exist
 */
export async function insertMetrics(db: Db, logged: readonly RunPoints[]): Promise<RunStand[]> {
  const chunks = chunksOf(logged);
  const latest = latestOf(chunks);
  const firsts = chunks.map(chunk => chunk.points[0]!);
  const points = chunks.flatMap(chunk => chunk.points);
  let end = 0;
  const ends = chunks.map(chunk => (end += chunk.points.length));
  const { rows } = await db.executeQuery<RunStand>(
    CompiledQuery.raw(LOG_POINTS, [
      [...new Set(logged.map(l => l.runId))],
      chunks.map(c => c.runId),
      chunks.map(c => c.key),
      firsts.map(p => p.modelId ?? null),
      firsts.map(p => p.datasetName ?? null),
      firsts.map(p => p.datasetDigest ?? null),
      numbers(chunks, (c, i) => ends[i]! - c.points.length + 1),
      numbers(ends, e => e),
      numbers(points, p => p.step),
      numbers(points, p => p.timestamp),
      numbers(points, p => p.value),
      latest.map(l => l.runId),
      latest.map(l => l.point.key),
      numbers(latest, l => l.point.step),
      numbers(latest, l => l.point.timestamp),
      numbers(latest, l => l.point.value)
    ])
  );
  return rows;
}

/** An array of numbers as PostgreSQL reads it: the driver would quote and escape each of them. */
function numbers<T>(items: readonly T[], of: (item: T, index: number) => number | bigint): string {
  return `{${items.map((item, i) => of(item, i).toString()).join(',')}}`;
}

export function latestMetricsOf(db: Db, runIds: readonly string[]): Promise<LatestMetricRow[]> {
  return runIds.length === 0 ? Promise.resolve([]) : db.selectFrom('latest_metric').selectAll().where('run_id', 'in', runIds).orderBy('key').execute();
}

export async function deleteMetrics(db: Db, runId: string, keys: readonly string[]): Promise<void> {
  await db.deleteFrom('metric_chunk').where('run_id', '=', runId).where('key', 'in', keys).execute();
  await db.deleteFrom('latest_metric').where('run_id', '=', runId).where('key', 'in', keys).execute();
}

export function metricsOfModels(db: Db, modelIds: readonly string[]): Promise<MetricRow[]> {
  return modelIds.length === 0 ? Promise.resolve([]) : db.selectFrom('metric').selectAll().where('model_id', 'in', modelIds).orderBy('key').execute();
}
