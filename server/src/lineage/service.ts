import type { Db } from '../database';
import * as store from './store';
import { parseDatasetUri } from './uris';

export type Lineage = ReturnType<typeof createLineage>;
const EDGE_LIMIT = 2_000;

export interface GraphQuery {
  uri: string;
  direction: 'up' | 'down' | 'both';
  depth: number;
  /** Edges known from `after` to `before`, both included. */
  after?: Date | null;
  before?: Date | null;
}
export interface FoundEdge {
  from: string;
  to: string;
  createdAt: Date;
}

/** Edges between URIs, whatever they name. */
export function createLineage(deps: { db: Db }) {
  const { db } = deps;
  return {
    /** Adds edges inside the caller's transaction; an edge known already is kept as it is. `at` is when they came about. */
    async link(tx: Db, edges: readonly store.Edge[], at?: Date): Promise<void> {
      if (edges.length > 0) {
        await store.insertEdges(tx, edges, at);
      }
    },
    /** What had URIs beginning with `from` has them beginning with `to`, inside the caller's transaction. */
    rename: (tx: Db, from: string, to: string): Promise<void> => store.renameUris(tx, from, to),
    /** Edges that `uri` came from (`up`), led to (`down`), or both; at most 2,000 a side. */
    async edges(query: GraphQuery): Promise<{ edges: FoundEdge[]; isTruncated: boolean }> {
      const sides = query.direction === 'both' ? (['up', 'down'] as const) : ([query.direction] as const);
      const start = { uri: query.uri, digest: parseDatasetUri(query.uri)?.digest ?? null };
      const window = { after: query.after ?? null, before: query.before ?? null };
      const found = await Promise.all(sides.map(side => store.reachableEdges(db, start, side, query.depth, EDGE_LIMIT + 1, window)));
      const rows = found.flatMap(list => list.slice(0, EDGE_LIMIT));
      const edges = new Map(rows.map(e => [`${e.from_uri}\n${e.to_uri}`, { from: e.from_uri, to: e.to_uri, createdAt: e.created_at }]));
      return { edges: [...edges.values()], isTruncated: found.some(list => list.length > EDGE_LIMIT) };
    },
    /** Has anything ever been said of the URI? */
    isLinked: (uri: string): Promise<boolean> => store.isLinked(db, uri, parseDatasetUri(uri)?.digest ?? null)
  };
}
