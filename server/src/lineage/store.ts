import { sql } from 'kysely';
import type { Db } from '../database';

export interface EdgeRow {
  from_uri: string;
  to_uri: string;
  created_at: Date;
}

export async function insertEdges(db: Db, edges: readonly { from: string; to: string }[]): Promise<void> {
  await db
    .insertInto('lineage_edge')
    .values(edges.map(e => ({ from_uri: e.from, to_uri: e.to })))
    .onConflict(oc => oc.columns(['from_uri', 'to_uri']).doNothing())
    .execute();
}

/** Edges reachable from `uri` within `depth` steps, nearest first; walks each edge once. */
export async function reachableEdges(db: Db, uri: string, direction: 'up' | 'down', depth: number, limit: number): Promise<EdgeRow[]> {
  const here = sql.ref(direction === 'up' ? 'to_uri' : 'from_uri');
  const there = sql.ref(direction === 'up' ? 'from_uri' : 'to_uri');
  const { rows } = await sql<EdgeRow>`
    with recursive reached (uri, depth) as (
      select ${uri}::text, 0
      union
      select ${there}, r.depth + 1
      from reached r join lineage_edge on ${here} = r.uri
      where r.depth < ${depth}
    )
    select e.from_uri, e.to_uri, e.created_at
    from lineage_edge e
    join (select uri, min(depth) as depth from reached group by uri) r on r.uri = e.${here}
    where r.depth < ${depth}
    order by r.depth, e.created_at, e.from_uri
    limit ${limit}`.execute(db);
  return rows;
}
