import type { Db } from '../database';
import type { Tracking } from '../tracking';

/** What was logged for a version. */
export interface VersionRun {
  runId: string;
  tags: Readonly<Record<string, string>>;
  params: ReadonlyMap<string, string>;
  metrics: ReadonlyMap<string, number>;
}

/**
 * The run behind a version, with what the trial it was joined to holds beside
 * it: in a notebook the model may be logged by MLflow's client, and its metrics
 * be found by the hook. null where the run is gone.
 */
export async function runOfVersion(db: Db, tracking: Pick<Tracking, 'readRuns'>, runId: string): Promise<VersionRun | null> {
  const [run] = await tracking.readRuns(db, [runId]);
  if (!run) {
    return null;
  }
  const trialId = run.tags['slipway.trial'];
  const [trial] = trialId === undefined || trialId === runId ? [] : await tracking.readRuns(db, [trialId]);
  return {
    runId,
    tags: run.tags,
    params: new Map([...Object.entries(trial?.params ?? {}), ...Object.entries(run.params)]),
    // What the machine did says nothing of a model.
    metrics: new Map([...(trial?.metrics ?? []), ...run.metrics].filter(m => !m.key.startsWith('system/')).map(m => [m.key, m.value]))
  };
}
