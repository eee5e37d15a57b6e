import type { Db } from '../database';
import { latestMetricsOf } from './metric-store';
import { datasetsOf, modelsOfRuns } from './run-links-store';
import { paramsOf, tagsOf } from './run-store';
import type { DatasetRow, LatestMetricRow, RunRow } from './tables';

/** A run with what was logged to it, as MLflow's API shows it. */
export interface RunView {
  row: RunRow;
  metrics: LatestMetricRow[];
  params: { key: string; value: string }[];
  tags: { key: string; value: string }[];
  datasets: { dataset: DatasetRow; tags: { key: string; value: string }[] }[];
  inputModels: string[];
  outputModels: { modelId: string; step: string }[];
}

/** Fills runs with their data: five queries, however many runs. */
export async function viewRuns(db: Db, rows: readonly RunRow[]): Promise<RunView[]> {
  const ids = rows.map(r => r.id);
  const [metrics, params, tags, datasets, models] = await Promise.all([latestMetricsOf(db, ids), paramsOf(db, ids), tagsOf(db, ids), datasetsOf(db, ids), modelsOfRuns(db, ids)]);
  const byRun = <T extends { run_id: string }>(items: T[]): Map<string, T[]> => {
    const groups = new Map<string, T[]>();
    items.forEach(item => (groups.get(item.run_id) ?? groups.set(item.run_id, []).get(item.run_id)!).push(item));
    return groups;
  };
  const [m, p, t, d, o] = [byRun(metrics), byRun(params), byRun(tags), byRun(datasets), byRun(models)];
  return rows.map(row => ({
    row,
    metrics: m.get(row.id) ?? [],
    params: (p.get(row.id) ?? []).map(({ key, value }) => ({ key, value })),
    tags: (t.get(row.id) ?? []).map(({ key, value }) => ({ key, value })),
    datasets: (d.get(row.id) ?? []).map(({ input_tags, run_id: _, ...dataset }) => ({ dataset, tags: input_tags })),
    inputModels: (o.get(row.id) ?? []).filter(x => x.role === 'input').map(x => x.model_id),
    outputModels: (o.get(row.id) ?? []).filter(x => x.role === 'output').map(x => ({ modelId: x.model_id, step: x.step }))
  }));
}
