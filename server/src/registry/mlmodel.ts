import { readFile } from 'node:fs/promises';
import type { ModelVersion } from '@slipway/schema';
import { parse } from 'yaml';
import type { Artifacts } from '../artifacts';

const LARGEST_FILE_BYTES = 2_000_000;

/** The part of an MLmodel file that we read. */
export interface MlModel {
  flavors?: Record<string, { python_version?: string } | null>;
  signature?: { inputs?: string | null; outputs?: string | null };
  saved_input_example_info?: { artifact_path: string; type?: string; serving_input_path?: string };
}
export type Signature = NonNullable<ModelVersion['signature']>;

/** null where the version's files are not here, or it is no model of MLflow's. */
export async function readMlModel(artifacts: Artifacts, folder: string | null): Promise<MlModel | null> {
  const text = folder === null ? null : await readText(artifacts, `${folder}/MLmodel`);
  const model: unknown = text === null ? null : parse(text);
  return typeof model === 'object' && model !== null ? model : null;
}

/** null for a model without one. */
export function signatureOf(model: MlModel | null): Signature | null {
  return model?.signature ? { inputs: columns(model.signature.inputs), outputs: columns(model.signature.outputs) } : null;
}

/** MLflow's schema JSON: named columns, or one tensor. */
function columns(json: string | null | undefined): Signature['inputs'] {
  const schema = (json ? JSON.parse(json) : []) as { name?: string; type?: string; required?: boolean; 'tensor-spec'?: { dtype: string; shape: number[] } }[];
  return schema.map(c => ({ name: c.name ?? null, type: c['tensor-spec'] ? `tensor ${c['tensor-spec'].dtype} (${c['tensor-spec'].shape.join(', ')})` : (c.type ?? 'unknown'), required: c.required ?? true }));
}

/** null where there is no such file, it is large, or its bytes are gone: the rest of the version is shown all the same. */
export async function readText(artifacts: Artifacts, path: string): Promise<string | null> {
  const file = await artifacts.files.get(path);
  return file && file.sizeBytes < LARGEST_FILE_BYTES && (await artifacts.blobs.has(file.digest)) ? readFile(artifacts.blobs.pathOf(file.digest), 'utf8') : null;
}
