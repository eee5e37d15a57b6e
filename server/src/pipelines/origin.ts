import type { Db } from '../database';
import { contentByHash } from './run-store';

/** Where a run's results came from in a pipeline: the cells of its version, and what its steps imported and read. */
export interface PipelineOrigin {
  notebookPath: string | null;
  cells: { id: string; source: string }[];
  packages: Record<string, string>;
  data: { path: string; digest: string | null }[];
}

/** null for runs that are not a pipeline's. */
export async function originOf(db: Db, run: { runId: string; tags: Readonly<Record<string, string>> }): Promise<PipelineOrigin | null> {
  const id = run.tags['slipway.run_id'] ?? '';
  const row = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(id) ? await db.selectFrom('pipeline_run').select(['content_hash', 'mlflow_run_id']).where('id', '=', id).executeTakeFirst() : undefined;
  // A tag anybody may write: the run itself says whether it is meant.
  if (row?.mlflow_run_id !== run.runId) {
    return null;
  }
  const [content, steps] = await Promise.all([contentByHash(db, row.content_hash), db.selectFrom('step_run').select('result').where('run_id', '=', id).orderBy('ordinal').execute()]);
  const packages = steps.flatMap(s => Object.entries(s.result?.packages ?? {}));
  // What it read is lineage's to tell: it knows files of the steps' own from data.
  return { notebookPath: content.notebookPath, cells: content.cells.map(({ id: cellId, source }) => ({ id: cellId, source })), packages: Object.fromEntries(packages.map(([name, version]) => [name.toLowerCase(), version])), data: [] };
}
