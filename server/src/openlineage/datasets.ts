import type { Facet, MakeFacet } from './facets';
import type { Column, Data } from './facts';

export interface Dataset {
  namespace: string;
  name: string;
  facets: Record<string, Facet>;
}
/** Data with the columns that could be found. */
export interface KnownData {
  data: Data;
  columns: readonly Column[] | null;
}

/** What OpenLineage's naming calls a place: files by `file` and their path, the rest by scheme and host. */
export function nameOf(path: string, namespace: string): { namespace: string; name: string } {
  if (path.startsWith('/')) {
    return { namespace: 'file', name: path };
  }
  const [, origin, rest] = /^([a-z][a-z0-9+.-]*:\/\/[^/]+)\/+(.+)$/is.exec(path) ?? /^(mlflow-artifacts):\/+(.+)$/s.exec(path) ?? [];
  return origin === undefined ? { namespace, name: path || 'unnamed' } : { namespace: origin, name: rest! };
}

/** Each dataset once: what the hook saw and what MLflow's client logged may be the same file. */
export function toDatasets(list: readonly KnownData[], make: MakeFacet, namespace: string): Dataset[] {
  const found = new Map<string, { place: { namespace: string; name: string }; data: Data; columns: readonly Column[] | null }>();
  for (const { data, columns } of list) {
    const place = nameOf(data.path, namespace);
    const key = JSON.stringify(place);
    const known = found.get(key);
    const isBetter = known === undefined || (known.data.digest ?? 'mlflow:').startsWith('mlflow:');
    found.set(key, { place, data: isBetter ? { ...data, digest: data.digest ?? known?.data.digest ?? null } : known.data, columns: known?.columns ?? columns });
  }
  return [...found.values()].map(({ place, data, columns }) => ({
    ...place,
    facets: {
      dataSource: make('DatasourceDatasetFacet', { name: place.namespace, uri: uriOf(place) }),
      ...(data.digest !== null && { version: make('DatasetVersionDatasetFacet', { datasetVersion: data.digest.includes(':') ? data.digest : `sha256:${data.digest}` }) }),
      ...(columns && { schema: schemaFacet(make, columns) })
    }
  }));
}

export function schemaFacet(make: MakeFacet, columns: readonly Column[]): Facet {
  return make('SchemaDatasetFacet', { fields: columns.map(({ name, type }) => ({ name, ...(type !== null && { type }) })) });
}

/** A registered model as a dataset of ours, its version as the dataset's. */
export function modelDataset(model: { name: string; version: string }, columns: { inputs: readonly Column[]; outputs: readonly Column[] } | null, from: readonly Dataset[], make: MakeFacet, namespace: string): Dataset {
  const outputs = columns?.outputs.map(c => ({ ...c, name: c.name || 'prediction' })) ?? [];
  const inputFields = columns ? trainedOn(columns.inputs, from) : [];
  return {
    namespace,
    name: `models/${model.name}`,
    facets: {
      dataSource: make('DatasourceDatasetFacet', { name: namespace, uri: `models:/${encodeURIComponent(model.name)}/${model.version}` }),
      version: make('DatasetVersionDatasetFacet', { datasetVersion: model.version }),
      ...(outputs.length > 0 && { schema: schemaFacet(make, outputs) }),
      ...(outputs.length > 0 && inputFields.length > 0 && { columnLineage: make('ColumnLineageDatasetFacet', { fields: Object.fromEntries(outputs.map(o => [o.name, { inputFields }])) }) })
    }
  };
}

/** The features of the signature, where a table that was read has a column of that name. */
function trainedOn(features: readonly Column[], tables: readonly Dataset[]): object[] {
  return features.flatMap(feature =>
    tables
      .filter(table => (table.facets.schema?.fields as Column[] | undefined)?.some(field => field.name === feature.name))
      .map(({ namespace, name }) => ({ namespace, name, field: feature.name, transformations: [{ type: 'DIRECT', subtype: 'TRANSFORMATION', description: 'a feature of the trained model', masking: false }] }))
  );
}

function uriOf({ namespace, name }: { namespace: string; name: string }): string {
  const path = name.split('/').map(encodeURIComponent).join('/');
  return namespace === 'file' ? `file://${path}` : namespace.includes('://') ? `${namespace}/${path}` : `${encodeURIComponent(namespace)}:${path}`;
}
