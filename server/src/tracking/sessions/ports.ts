import type { Scalar } from '@slipway/schema';
import type { Db, Tx } from '../../database';

/** What sessions need of experiments and runs. */
export interface RunsPort {
  ensureExperiment(tx: Tx, name: string): Promise<string>;
  createRun(
    tx: Tx,
    run: { id?: string; experimentId: string; name?: string; parentRunId?: string; userId: string; startTime: Date; tags: Record<string, string> }
  ): Promise<string>;
  log(
    tx: Tx,
    runId: string,
    data: { params?: Record<string, string>; metrics?: { key: string; value: number; step?: number; timestamp?: Date }[]; tags?: Record<string, string> }
  ): Promise<void>;
  finishRun(tx: Tx, runId: string, status: 'FINISHED' | 'FAILED' | 'KILLED', endTime: Date): Promise<void>;
  reopenRun(tx: Tx, runId: string): Promise<void>;
  /** Puts a run into another experiment: a notebook's name may be told after its first cell. */
  moveRun(tx: Tx, runId: string, experimentId: string): Promise<void>;
  /** Takes metrics out of a run: a number that is no metric after all. */
  removeMetrics(tx: Tx, runId: string, keys: readonly string[]): Promise<void>;
  /** Remembers what a run ran on, so that the same again is found. */
  recordInputs(tx: Tx, runId: string, ranOn: { sources: readonly string[]; params: readonly string[]; digests: readonly (string | null)[] }): Promise<void>;
  /** Params and metrics of those of the runs that exist and are not deleted. */
  readRuns(db: Db, runIds: readonly string[]): Promise<JoinedRun[]>;
}

/** A run that MLflow calls of a notebook wrote. */
export interface JoinedRun {
  runId: string;
  status: string;
  params: Record<string, string>;
  metrics: { key: string; value: number; step: number }[];
  tags: Record<string, string>;
}

export interface TokensPort {
  registerSessionToken(tx: Tx, token: { sha256: string; sessionId: string }): Promise<void>;
  revokeSessionTokens(tx: Tx, sessionId: string): Promise<void>;
}

/** One execution as the dynamic slice sees it. */
export interface SliceableExecution {
  executionId: string;
  cellId: string | null;
  source: string;
  bound: string[];
  read: string[];
  deleted: string[];
  status: 'ok' | 'error' | 'aborted';
}

export interface ExecutionSlice {
  /** In order of execution, the sliced one among them. */
  executionIds: string[];
  /** Those that made what was measured: the same for all that joins one trial. */
  coreIds: string[];
  params: Record<string, Scalar>;
  /** Same key: the same executions produced what was measured. */
  coreKey: string;
  /** Same key: the same code with the same params. */
  groupKey: string;
  /** Sentences on hidden state. */
  hidden: string[];
}

export interface AnalysisPort {
  /** `executions` in the order they ran; `order`: cell ids in document order, where known. */
  sliceExecutions(executions: readonly SliceableExecution[], executionId: string, order?: readonly string[]): ExecutionSlice;
  sourceHash(source: string): string;
}
