import { isUuid } from '../core/uuid';
import type { Db } from '../database';
import { isFinal } from './dag';
import type { TrackingPort } from './ports';

/**
 * The runs whose steps' checkpoints are of use yet: those under way, and those
 * that may be retried, for as long as retention keeps their MLflow run.
 */
export async function runsWithCheckpoints(db: Db, tracking: Pick<TrackingPort, 'artifactRootOf'>, owners: readonly string[]): Promise<ReadonlySet<string>> {
  const ids = owners.filter(isUuid);
  const rows = ids.length === 0 ? [] : await db.selectFrom('pipeline_run').select(['id', 'status', 'mlflow_run_id']).where('id', 'in', ids).execute();
  const kept = new Set(owners.filter(owner => !isUuid(owner))); // whoever made them removes them
  for (const { id, status, mlflow_run_id } of rows) {
    const mayBeRetried = status !== 'succeeded' && mlflow_run_id !== null && (await tracking.artifactRootOf(mlflow_run_id)) !== null;
    if (!isFinal(status) || mayBeRetried) {
      kept.add(id);
    }
  }
  return kept;
}
