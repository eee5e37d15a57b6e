import type { Db } from '../database';
import { loadRun, type LiveStep } from './live-run';
import { datasetsRead } from './records';

interface Data {
  path: string;
  digest: string | null;
  stored?: boolean;
}
/** A run as others tell of it: what each step ran, read and wrote. */
export interface RunFacts {
  pipeline: string;
  version: number;
  notebookPath: string;
  mlflowRunId: string | null;
  steps: { name: string; cells: { id: string; source: string }[]; reads: Data[]; writes: Data[]; error: { message: string; traceback: string | null } | null }[];
  models: { name: string; version: string }[];
  error: string | null;
}

/** null where there is no such run. */
export async function factsOfRun(db: Db, runId: string, artifactRootOf: (mlflowRunId: string) => Promise<string | null>): Promise<RunFacts | null> {
  const run = await loadRun(db, runId);
  if (!run) {
    return null;
  }
  const [root, rows] = await Promise.all([run.row.mlflow_run_id === null ? null : artifactRootOf(run.row.mlflow_run_id), db.selectFrom('step_run').select(['ordinal', 'error']).where('run_id', '=', runId).execute()]);
  const errors = new Map(rows.map(row => [row.ordinal, row.error]));
  const toStep = (step: LiveStep): RunFacts['steps'][number] => {
    const error = errors.get(step.ordinal);
    return {
      name: step.name,
      cells: step.definition.cells.map(id => ({ id, source: run.sources.get(id) ?? '' })),
      reads: step.outcome ? datasetsRead(run, step.outcome) : [],
      writes: root === null ? [] : (step.outcome?.files ?? []).map(f => ({ path: `mlflow-artifacts:/${root}/files/${f.path}`, digest: f.digest, stored: true })),
      error: error ? { message: error.message, traceback: error.traceback ?? null } : null
    };
  };
  const { pipeline, version, mlflow_run_id, models, error } = run.row;
  return { pipeline, version, notebookPath: run.content.notebookPath, mlflowRunId: mlflow_run_id, steps: run.steps.map(toStep), models, error };
}

/** The pipeline run behind an MLflow run; null where it is none. */
export async function runIdOf(db: Db, mlflowRunId: string): Promise<string | null> {
  const row = await db.selectFrom('pipeline_run').select('id').where('mlflow_run_id', '=', mlflowRunId).executeTakeFirst();
  return row?.id ?? null;
}
