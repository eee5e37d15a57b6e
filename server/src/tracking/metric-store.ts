import { sql } from 'kysely';
import type { Db } from '../database';
import { chunksOf, latestOf, type RunPoint } from './metric-chunks';
import type { LatestMetricRow, MetricRow, RunRow } from './tables';

/** Where a run stands that points were meant for. */
export type RunStand = Pick<RunRow, 'id' | 'experiment_id' | 'lifecycle_stage'>;

/**
 * Adds points of active runs and keeps the latest of each metric, all in one
 * round trip; points of other runs are left out.
 *
 * @returns where the runs stand, those that exist
 */
export async function insertMetrics(db: Db, points: readonly RunPoint[]): Promise<RunStand[]> {
  const chunks = chunksOf(points);
  const latest = latestOf(points);
  const firsts = chunks.map(chunk => chunk[0]!);
  const inOrder = chunks.flat();
  let end = 0;
  const ends = chunks.map(chunk => (end += chunk.length));
  const { rows } = await sql<RunStand>`
    select * from log_points(
      ${[...new Set(points.map(p => p.runId))]}, ${firsts.map(p => p.runId)}, ${firsts.map(p => p.key)}, ${firsts.map(p => p.modelId ?? null)}, ${firsts.map(p => p.datasetName ?? null)}, ${firsts.map(p => p.datasetDigest ?? null)},
      ${numbers(ends.map((e, i) => e - chunks[i]!.length + 1))}, ${numbers(ends)}, ${numbers(inOrder.map(p => p.step))}, ${numbers(inOrder.map(p => p.timestamp))}, ${numbers(inOrder.map(p => p.value))},
      ${latest.map(p => p.runId)}, ${latest.map(p => p.key)}, ${numbers(latest.map(p => p.step))}, ${numbers(latest.map(p => p.timestamp))}, ${numbers(latest.map(p => p.value))})`.execute(db);
  return rows;
}

/** An array of numbers as PostgreSQL reads it: the driver would quote and escape each of them. */
const numbers = (values: readonly (number | bigint)[]): string => `{${values.join(',')}}`;

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
