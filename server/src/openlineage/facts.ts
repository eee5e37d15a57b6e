/** What the features that run code tell of a run, for its events. */

export interface Cell {
  id: string;
  source: string;
}
/** Data by its place; `digest` is SHA-256 in hex, or MLflow's own with `mlflow:` before it; null where it is not known. */
export interface Data {
  path: string;
  digest: string | null;
  /** A stored file of ours, by its SHA-256: its columns can be read. */
  stored?: boolean;
  /** Of tables that said so. */
  columns?: readonly Column[];
}
export interface Column {
  name: string;
  type: string | null;
}
export interface Failure {
  message: string;
  traceback: string | null;
}
export interface StepFacts {
  name: string;
  cells: readonly Cell[];
  reads: readonly Data[];
  writes: readonly Data[];
  error: Failure | null;
}
export interface PipelineFacts {
  pipeline: string;
  version: number;
  notebookPath: string;
  mlflowRunId: string | null;
  steps: readonly StepFacts[];
  models: readonly { name: string; version: string }[];
  error: string | null;
}
export interface TrialFacts {
  sessionId: string;
  notebookPath: string | null;
  cells: readonly Cell[];
  reads: readonly Data[];
  writes: readonly Data[];
  startedAt: Date;
  endedAt: Date;
}
export interface FactSources {
  /** null where there is none (any more). */
  pipelineRun(runId: string): Promise<PipelineFacts | null>;
  trial(runId: string): Promise<TrialFacts | null>;
  /** Columns that a model takes and gives; null where its signature is not known. */
  modelColumns(name: string, version: string): Promise<{ inputs: Column[]; outputs: Column[] } | null>;
}
