import { cellUri } from '../lineage';
import { sourceHash } from '../notebooks';
import type { Facet } from './facets';
import type { Cell } from './facts';

const NAME = 'SlipwayNotebookCellJobFacet';
/** A released version never changes: what is added makes a new one. */
const VERSION = '1-0-0';
export const NOTEBOOK_CELL_SCHEMA_PATH = `/openlineage/facets/${VERSION}/${NAME}.json`;

/** The JSON Schema of the facet, as it is published at `base`. */
export function notebookCellSchema(base: string): object {
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    $id: `${base}${NOTEBOOK_CELL_SCHEMA_PATH}`,
    $defs: {
      [NAME]: {
        allOf: [
          { $ref: 'https://openlineage.io/spec/2-0-2/OpenLineage.json#/$defs/JobFacet' },
          {
            properties: {
              notebook: { description: 'Path of the notebook; null where its kernel had none', type: ['string', 'null'] },
              cells: {
                description: 'The cells that the job ran, in order',
                type: 'array',
                items: {
                  type: 'object',
                  properties: {
                    id: { description: 'nbformat’s cell id, or #0, #1… by position', type: 'string' },
                    sourceHash: { description: 'SHA-256 (hex) of the source without comments and spacing: the same in Slipway’s lineage', type: 'string', pattern: '^[0-9a-f]{64}$' },
                    uri: { description: 'What Slipway’s lineage calls the cell', type: 'string' }
                  },
                  required: ['id', 'sourceHash', 'uri']
                }
              }
            },
            required: ['notebook', 'cells'],
            type: 'object'
          }
        ],
        type: 'object'
      }
    },
    type: 'object',
    properties: { slipway_notebookCell: { $ref: `#/$defs/${NAME}` } }
  };
}

/** The facet of a job that ran cells. */
export function notebookCellFacet(producer: string, base: string, notebook: { path: string | null; key: string; cells: readonly Cell[] }): Facet {
  const cells = notebook.cells.map(({ id, source }) => {
    const hash = sourceHash(source);
    return { id, sourceHash: hash, uri: cellUri(notebook.key, id, hash) };
  });
  return { _producer: producer, _schemaURL: `${base}${NOTEBOOK_CELL_SCHEMA_PATH}#/$defs/${NAME}`, notebook: notebook.path, cells };
}
