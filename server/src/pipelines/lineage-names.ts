import type { Db } from '../database';
import { cellTitle, parseCellUri, parseVersionUri, pipelineUri, runUri, type Description } from '../lineage';
import { sourceHash } from '../notebooks';
import { contentByHash } from './run-store';

/** Names of pipeline versions and of their cells among the URIs, and which runs are a pipeline's. */
export async function describeForLineage(db: Db, uris: readonly string[]): Promise<Map<string, Partial<Description>>> {
  const named = await Promise.all([describeVersions(db, uris), describeCells(db, uris), describeRuns(db, uris)]);
  return new Map<string, Partial<Description>>(named.flat());
}

async function describeVersions(db: Db, uris: readonly string[]): Promise<[string, Description][]> {
  const names = uris.flatMap(uri => parseVersionUri('pipeline', uri)?.name ?? []);
  const rows = names.length === 0 ? [] : await db.selectFrom('pipeline_version').select(['pipeline', 'version', 'created_by']).where('pipeline', 'in', [...new Set(names)]).execute();
  const asked = new Set(uris);
  return rows.map((row): [string, Description] => [pipelineUri(row.pipeline, row.version), { label: `${row.pipeline} v${row.version}`, detail: `pipeline, saved by ${row.created_by}` }]).filter(([uri]) => asked.has(uri));
}

/** Cells of pipelines whose notebook nobody ran in a kernel of ours: the pipelines they went into hold their sources. */
async function describeCells(db: Db, uris: readonly string[]): Promise<[string, Description][]> {
  const cells = uris.filter(uri => parseCellUri(uri) !== null);
  const into = cells.length === 0 ? [] : await db.selectFrom('lineage_edge').select(['from_uri', 'to_uri']).where('from_uri', 'in', cells).where('to_uri', 'like', 'pipeline:%').execute();
  const versions = [...new Set(into.map(edge => edge.to_uri))].flatMap(uri => parseVersionUri('pipeline', uri) ?? []);
  const hashes = new Set<string>();
  for (const { name, version } of versions) {
    const row = await db.selectFrom('pipeline_version').select('content_hash').where('pipeline', '=', name).where('version', '=', version).executeTakeFirst();
    row && hashes.add(row.content_hash);
  }
  const contents = await Promise.all([...hashes].map(hash => contentByHash(db, hash)));
  const asked = new Set(cells);
  return contents
    .flatMap(content => content.cells.map((c): [string, Description] => [`cell:${content.notebookPath}#${c.id}@${sourceHash(c.source)}`, { label: cellTitle(c.source), detail: content.notebookPath }]))
    .filter(([uri]) => asked.has(uri));
}

async function describeRuns(db: Db, uris: readonly string[]): Promise<[string, Partial<Description>][]> {
  const ids = uris.flatMap(uri => (uri.startsWith('run:') ? [uri.slice('run:'.length)] : []));
  const rows = ids.length === 0 ? [] : await db.selectFrom('pipeline_run').select(['id', 'mlflow_run_id']).where('mlflow_run_id', 'in', ids).execute();
  return rows.map(row => [runUri(row.mlflow_run_id!), { pipelineRunId: row.id }]);
}
