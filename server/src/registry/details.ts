import { sortSlices, toMetricValue, type ModelVersion } from '@slipway/schema';
import type { Artifacts } from '../artifacts';
import type { Db } from '../database';
import type { Tracking } from '../tracking';
import { readMlModel, readText, signatureOf, type MlModel } from './mlmodel';
import { runOfVersion } from './version-run';
import type { VersionView } from './views';

/** A version with what its files and its run say: signature, example, flavors, metrics, params. */
export async function describeVersion(deps: { db: Db; artifacts: Artifacts; tracking: Tracking }, { row, tags, aliases }: VersionView): Promise<ModelVersion> {
  const mlmodel = await readMlModel(deps.artifacts, row.storage_folder);
  const run = row.run_id === null ? null : await runOfVersion(deps.db, deps.tracking, row.run_id);
  const { whole, sliced } = sortSlices(run?.metrics ?? []);
  return {
    name: row.model_name,
    version: String(row.version),
    aliases,
    description: row.description,
    source: row.source,
    runId: row.run_id,
    status: 'READY',
    createdAt: new Date(Number(row.creation_time)).toISOString(),
    tags: Object.fromEntries(tags.map(t => [t.key, t.value])),
    stage: row.current_stage,
    metrics: Object.fromEntries([...whole].map(([name, value]) => [name, toMetricValue(value)])),
    slices: sliced,
    params: Object.fromEntries(run?.params ?? []),
    signature: signatureOf(mlmodel),
    example: await example(deps.artifacts, row.storage_folder, mlmodel),
    flavors: Object.keys(mlmodel?.flavors ?? {})
  };
}

async function example(artifacts: Artifacts, folder: string | null, mlmodel: MlModel | null): Promise<ModelVersion['example']> {
  const path = mlmodel?.saved_input_example_info?.artifact_path;
  const text = folder === null || !path || !path.endsWith('.json') ? null : await readText(artifacts, `${folder}/${path}`);
  const value = (text === null ? null : JSON.parse(text)) as { columns?: string[]; data?: unknown[][] } | unknown[][] | null;
  if (Array.isArray(value)) {
    return { columns: (value[0] ?? []).map((_, i) => String(i)), data: value.slice(0, 20) };
  }
  return value?.columns && value.data ? { columns: value.columns.map(String), data: value.data.slice(0, 20) } : null;
}
