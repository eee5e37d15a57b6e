/** OpenLineage's facets: each with its producer and the schema it keeps to. The versions are those of openlineage-python 1.54. */

const SPEC = 'https://openlineage.io/spec';
export const RUN_EVENT_SCHEMA = `${SPEC}/2-0-2/OpenLineage.json#/$defs/RunEvent`;

const VERSIONS = {
  ParentRunFacet: '1-2-0',
  ErrorMessageRunFacet: '1-0-1',
  ProcessingEngineRunFacet: '1-1-1',
  SourceCodeJobFacet: '1-0-1',
  JobTypeJobFacet: '2-0-4',
  DatasourceDatasetFacet: '1-0-1',
  SchemaDatasetFacet: '1-2-0',
  DatasetVersionDatasetFacet: '1-0-1',
  ColumnLineageDatasetFacet: '1-2-0'
} as const;
export type FacetName = keyof typeof VERSIONS;
export type Facet = Record<string, unknown> & { _producer: string; _schemaURL: string };

/** Makes facets in the producer's name. */
export function facetsOf(producer: string) {
  return (name: FacetName, content: Record<string, unknown>): Facet => ({ _producer: producer, _schemaURL: `${SPEC}/facets/${VERSIONS[name]}/${name}.json#/$defs/${name}`, ...content });
}
export type MakeFacet = ReturnType<typeof facetsOf>;
