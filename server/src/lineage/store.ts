import { sql } from 'kysely';
import type { Db } from '../database';

export interface EdgeRow {
  from_uri: string;
  to_uri: string;
  from_digest: string | null;
  to_digest: string | null;
  created_at: Date;
}
export interface Edge {
  from: string;
  to: string;
}
/** Edges known from `after` to `before`, both included. */
export interface Window {
  after: Date | null;
  before: Date | null;
}

/** Adds what is not known yet; `at` is when it came about, now where it is absent. */
export async function insertEdges(db: Db, edges: readonly Edge[], at?: Date): Promise<void> {
  await db
    .insertInto('lineage_edge')
    .values(edges.map(e => ({ from_uri: e.from, to_uri: e.to, ...(at && { created_at: at }) })))
    .onConflict(oc => oc.columns(['from_uri', 'to_uri']).doNothing())
    .execute();
}

/**
 * Edges reachable from `uri`, or from all that has `digest`, within `depth`
 * steps, nearest first; walks each edge once. The same bytes under another path
 * are gone on from too: a file that was moved leads on.
 */
export async function reachableEdges(db: Db, start: { uri: string; digest: string | null }, direction: 'up' | 'down', depth: number, limit: number, { after, before }: Window): Promise<EdgeRow[]> {
  const side = (name: 'uri' | 'digest', end: 'from' | 'to') => sql.ref(`e.${end}_${name}`);
  const [here, there] = direction === 'up' ? (['to', 'from'] as const) : (['from', 'to'] as const);
  const known = sql`(${after}::timestamptz is null or e.created_at >= ${after}) and (${before}::timestamptz is null or e.created_at <= ${before})`;
  // MLflow's digests are too short to say that two datasets are one, unless one asks for just them.
  const isSame = sql`(r.digest like 'sha256:%' or r.depth = 0)`;
  const touched = sql`
    select e.* from lineage_edge e where ${side('uri', here)} = r.uri and ${known}
    union all
    select e.* from lineage_edge e where ${isSame} and ${side('digest', here)} = r.digest and ${side('uri', here)} <> r.uri and ${known}`;
  const { rows } = await sql<EdgeRow>`
    with recursive reached (uri, digest, depth) as (
      select ${start.uri}::text, ${start.digest}::text, 0
      union
      select ${side('uri', there)}, ${side('digest', there)}, r.depth + 1
      from reached r cross join lateral (${touched}) e
      where r.depth < ${depth}
    ), nearest as (select uri, digest, min(depth) as depth from reached group by uri, digest)
    select e.from_uri, e.to_uri, e.from_digest, e.to_digest, e.created_at
    from (select e.*, min(r.depth) as depth
      from nearest r cross join lateral (${touched}) e
      where r.depth < ${depth}
      group by e.from_uri, e.to_uri, e.from_digest, e.to_digest, e.created_at) e
    order by e.depth, e.created_at, e.from_uri
    limit ${limit}`.execute(db);
  return rows;
}

/** Is there any edge of the URI, or of these bytes? */
export async function isLinked(db: Db, uri: string, digest: string | null): Promise<boolean> {
  const { rows } = await sql<{ is_linked: boolean }>`
    select exists (select from lineage_edge where from_uri = ${uri}) or exists (select from lineage_edge where to_uri = ${uri})
      or exists (select from lineage_edge where from_digest = ${digest}) or exists (select from lineage_edge where to_digest = ${digest}) as is_linked`.execute(db);
  return rows[0]!.is_linked;
}

/** Gives everything whose URI begins with `from` the same URI beginning with `to`. */
export async function renameUris(db: Db, from: string, to: string): Promise<void> {
  await sql`
    with old as (delete from lineage_edge where starts_with(from_uri, ${from}) or starts_with(to_uri, ${from}) returning *)
    insert into lineage_edge (from_uri, to_uri, created_at)
    select case when starts_with(from_uri, ${from}) then ${to} || substr(from_uri, length(${from}) + 1) else from_uri end,
      case when starts_with(to_uri, ${from}) then ${to} || substr(to_uri, length(${from}) + 1) else to_uri end, created_at
    from old on conflict do nothing`.execute(db);
}
