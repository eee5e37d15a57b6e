import { readFile } from 'node:fs/promises';
import type { ModelVersion } from '@slipway/schema';
import { parse } from 'yaml';
import type { Artifacts } from '../artifacts';
import type { Db } from '../database';
import type { Tracking } from '../tracking';
import type { VersionView } from './views';

/** The part of an MLmodel file that we show. */
interface MlModel {
  flavors?: Record<string, unknown>;
  signature?: { inputs?: string | null; outputs?: string | null };
  saved_input_example_info?: { artifact_path: string; type?: string };
}

/** A version with what its files and its run say: signature, example, flavors, metrics, params. */
export async function describeVersion(deps: { db: Db; artifacts: Artifacts; tracking: Tracking }, { row, tags, aliases }: VersionView): Promise<ModelVersion> {
  const model = row.storage_folder === null ? null : await readText(deps.artifacts, `${row.storage_folder}/MLmodel`);
  const mlmodel = (model === null ? {} : parse(model)) as MlModel;
  const [run] = row.run_id === null ? [] : await deps.tracking.readRuns(deps.db, [row.run_id]);
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
    metrics: Object.fromEntries((run?.metrics ?? []).map(m => [m.key, Number.isFinite(m.value) ? m.value : String(m.value)])),
    params: run?.params ?? {},
    signature: mlmodel.signature ? { inputs: columns(mlmodel.signature.inputs), outputs: columns(mlmodel.signature.outputs) } : null,
    example: await example(deps.artifacts, row.storage_folder, mlmodel),
    flavors: Object.keys(mlmodel.flavors ?? {})
  };
}

/** MLflow's schema JSON: named columns, or one tensor. */
function columns(json: string | null | undefined): { name: string | null; type: string; required: boolean }[] {
  const schema = (json ? JSON.parse(json) : []) as { name?: string; type?: string; required?: boolean; 'tensor-spec'?: { dtype: string; shape: number[] } }[];
  return schema.map(c => ({ name: c.name ?? null, type: c['tensor-spec'] ? `tensor ${c['tensor-spec'].dtype} (${c['tensor-spec'].shape.join(', ')})` : (c.type ?? 'unknown'), required: c.required ?? true }));
}

async function example(artifacts: Artifacts, folder: string | null, mlmodel: MlModel): Promise<ModelVersion['example']> {
  const path = mlmodel.saved_input_example_info?.artifact_path;
  const text = folder === null || !path || !path.endsWith('.json') ? null : await readText(artifacts, `${folder}/${path}`);
  const value = (text === null ? null : JSON.parse(text)) as { columns?: string[]; data?: unknown[][] } | unknown[][] | null;
  if (Array.isArray(value)) {
    return { columns: (value[0] ?? []).map((_, i) => String(i)), data: value.slice(0, 20) };
  }
  return value?.columns && value.data ? { columns: value.columns.map(String), data: value.data.slice(0, 20) } : null;
}

/** null where there is no such file, or its bytes are gone: the rest of the version is shown all the same. */
async function readText(artifacts: Artifacts, path: string): Promise<string | null> {
  const file = await artifacts.files.get(path);
  return file && file.sizeBytes < 2_000_000 && (await artifacts.blobs.has(file.digest)) ? readFile(artifacts.blobs.pathOf(file.digest), 'utf8') : null;
}
