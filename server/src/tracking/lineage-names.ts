import type { Db } from '../database';
import type { Description } from '../lineage';

/** Names of the runs and logged models among the URIs. */
export async function describeForLineage(db: Db, uris: readonly string[]): Promise<Map<string, Description>> {
  const [runs, models] = await Promise.all([describeRuns(db, idsOf(uris, 'run:')), describeModels(db, idsOf(uris, 'logged-model:'))]);
  return new Map([...runs, ...models]);
}

const idsOf = (uris: readonly string[], prefix: string): string[] => uris.flatMap(uri => (uri.startsWith(prefix) ? [uri.slice(prefix.length)] : []));

async function describeRuns(db: Db, ids: readonly string[]): Promise<[string, Description][]> {
  if (ids.length === 0) {
    return [];
  }
  const rows = await db
    .selectFrom('run')
    .innerJoin('experiment', 'experiment.id', 'run.experiment_id')
    .select(['run.id', 'run.name', 'run.status', 'run.lifecycle_stage', 'experiment.name as experiment'])
    .where('run.id', 'in', ids)
    .execute();
  return rows.map(row => [`run:${row.id}`, { label: row.name, detail: [row.experiment, row.lifecycle_stage === 'deleted' ? 'deleted' : row.status.toLowerCase()].join(' · ') }]);
}

async function describeModels(db: Db, ids: readonly string[]): Promise<[string, Description][]> {
  const rows = ids.length === 0 ? [] : await db.selectFrom('logged_model').select(['id', 'name', 'model_type', 'lifecycle_stage']).where('id', 'in', ids).execute();
  return rows.map(row => [`logged-model:${row.id}`, { label: row.name, detail: [row.model_type || 'logged model', ...(row.lifecycle_stage === 'deleted' ? ['deleted'] : [])].join(' · ') }]);
}
