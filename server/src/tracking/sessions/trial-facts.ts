import type { Db } from '../../database';
import { sourcePlace } from '../../lineage';
import { datasetsOf } from '../run-links-store';

interface Data {
  path: string;
  digest: string | null;
  /** MLflow's schema JSON, where its client logged the data. */
  schema?: string | null;
}
/** A trial as others tell of it: what its cells were, read and wrote. */
export interface TrialFacts {
  sessionId: string;
  notebookPath: string | null;
  cells: { id: string; source: string }[];
  reads: Data[];
  writes: Data[];
  startedAt: Date;
  endedAt: Date;
}

/** null where the run is no trial. */
export async function factsOfTrial(db: Db, runId: string): Promise<TrialFacts | null> {
  const trial = await db.selectFrom('trial').innerJoin('session', 'session.id', 'trial.session_id').select(['trial.slice', 'trial.mlflow_run_ids', 'trial.started_at', 'session.id', 'session.notebook_path']).where('trial.run_id', '=', runId).executeTakeFirst();
  if (!trial) {
    return null;
  }
  const cells = trial.slice.length === 0 ? [] : await db.selectFrom('cell_execution').selectAll().where('execution_id', 'in', trial.slice).orderBy('seq').execute();
  const logged = await datasetsOf(db, [runId, ...trial.mlflow_run_ids]);
  const data = cells.flatMap(c => c.details.data ?? []);
  const of = (mode: 'read' | 'write'): Data[] => data.filter(d => d.mode === mode).map(({ path, digest }) => ({ path, digest }));
  return {
    sessionId: trial.id,
    notebookPath: trial.notebook_path,
    cells: cells.map(c => ({ id: c.cell_id ?? '', source: c.source })),
    reads: [...of('read'), ...logged.map(d => ({ path: sourcePlace(d.source) ?? d.name, digest: `mlflow:${d.digest}`, schema: d.schema }))],
    writes: of('write'),
    startedAt: cells[0]?.started_at ?? trial.started_at,
    endedAt: trial.started_at
  };
}
