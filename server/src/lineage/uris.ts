/** The grammar of URIs: what anything that lineage knows is called. */

/** `cell:NOTEBOOK#CELL@SOURCEHASH`: one version of one cell, wherever and however often it ran. */
export function cellUri(notebookKey: string, cellId: string | null, sourceHash: string): string {
  return `cell:${notebookKey}#${cellId ?? ''}@${sourceHash}`;
}

/** null for any other URI. */
export function parseCellUri(uri: string): { notebookKey: string; cellId: string; sourceHash: string } | null {
  const [, notebookKey, cellId, sourceHash] = /^cell:(.*)#([^#]*)@([0-9a-f]{64})$/s.exec(uri) ?? [];
  return sourceHash === undefined ? null : { notebookKey: notebookKey!, cellId: cellId!, sourceHash };
}

/** `dataset:PATH@sha256:DIGEST`; the path alone where the file was too large to digest. */
export function datasetUri(data: { path: string; digest: string | null }): string {
  return data.digest === null ? `dataset:${data.path}` : `dataset:${data.path}@sha256:${data.digest}`;
}

/** Beyond it two URIs do not fit into one row of the index. */
const LONGEST_PLACE = 1_000;

/** `dataset:PLACE@mlflow:DIGEST`: what MLflow's client logged, by where it came from, else by its name. MLflow's digests are its own, and short. */
export function mlflowDatasetUri(dataset: { name: string; digest: string; source: string }): string {
  const place = sourcePlace(dataset.source) ?? dataset.name;
  return `dataset:${place.slice(0, LONGEST_PLACE)}@mlflow:${dataset.digest.replaceAll('@', '_')}`;
}

/** Where a source of MLflow's says that it lies: `{"uri": …}`, `{"url": …}`. */
export function sourcePlace(source: string): string | null {
  try {
    const { uri, url } = JSON.parse(source) as { uri?: unknown; url?: unknown };
    const place = uri ?? url;
    return typeof place === 'string' && place !== '' ? place.replace(/^file:\/\/(?=\/)/, '').replaceAll('\0', '') : null;
  } catch {
    return null; // it is the client's own text
  }
}

/** Path and digest (with its kind) of a dataset; null for any other URI. `dataset:@sha256:…` is every place with these bytes. */
export function parseDatasetUri(uri: string): { path: string; digest: string | null } | null {
  const [, path, digest] = /^dataset:(.*?)(?:@((?:sha256|mlflow):[^@]+))?$/s.exec(uri) ?? [];
  return path === undefined ? null : { path, digest: digest ?? null };
}

export const runUri = (runId: string): string => `run:${runId}`;
export const loggedModelUri = (modelId: string): string => `logged-model:${modelId}`;
export const modelUri = (name: string, version: string | number): string => `model:${name}@${version}`;
export const pipelineUri = (name: string, version: number): string => `pipeline:${name}@${version}`;

/** Name and version of a `model:` or `pipeline:`; null for any other URI. */
export function parseVersionUri(kind: 'model' | 'pipeline', uri: string): { name: string; version: number } | null {
  const [, of, name, version] = /^(model|pipeline):(.+)@([1-9]\d{0,8})$/s.exec(uri) ?? [];
  return of === kind ? { name: name!, version: Number(version) } : null;
}
