import type { LineageGraph } from '@slipway/schema';
import type { Db } from '../database';
import * as store from './store';

export type Lineage = ReturnType<typeof createLineage>;
const EDGE_LIMIT = 2_000;

export function createLineage(deps: { db: Db }) {
  return {
    /** Adds edges inside the caller's transaction; an edge known already is kept. */
    async link(tx: Db, edges: readonly { from: string; to: string }[]): Promise<void> {
      if (edges.length > 0) {
        await store.insertEdges(tx, edges);
      }
    },
    /** What `uri` came from (`up`), led to (`down`), or both; at most 2,000 edges a side. */
    async graph(query: { uri: string; direction: 'up' | 'down' | 'both'; depth: number }): Promise<LineageGraph> {
      const sides = query.direction === 'both' ? (['up', 'down'] as const) : ([query.direction] as const);
      const found = await Promise.all(sides.map(side => store.reachableEdges(deps.db, query.uri, side, query.depth, EDGE_LIMIT + 1)));
      const edges = found.flatMap(rows => rows.slice(0, EDGE_LIMIT));
      const uris = new Set([query.uri, ...edges.flatMap(e => [e.from_uri, e.to_uri])]);
      return {
        nodes: [...uris].map(uri => ({ uri, ...describe(uri) })),
        edges: edges.map(e => ({ from: e.from_uri, to: e.to_uri, createdAt: e.created_at.toISOString() })),
        isTruncated: found.some(rows => rows.length > EDGE_LIMIT)
      };
    }
  };
}

/** `dataset:/data/iris.csv@sha256:ab…` → kind `dataset`, label `iris.csv`. */
function describe(uri: string): { kind: string; label: string } {
  const colon = uri.indexOf(':');
  const kind = uri.slice(0, colon);
  const rest = uri.slice(colon + 1);
  if (kind === 'dataset') {
    return { kind, label: rest.replace(/@sha256:[0-9a-f]+$/, '').split('/').at(-1) ?? rest };
  }
  if (kind === 'cell') {
    return { kind, label: (rest.split('/').at(-1) ?? rest).replace(/@[0-9a-f]+$/, '') };
  }
  return { kind, label: rest };
}
