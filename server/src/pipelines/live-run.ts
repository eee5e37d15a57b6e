import type { AnalyzedStep, StepState } from '@slipway/schema';
import type { Updateable } from 'kysely';
import type { Db } from '../database';
import { sourcesWith, type PipelineContent } from './content';
import type { DagStep } from './dag';
import * as store from './run-store';
import type { StepOutcome } from './step-outcome';
import type { RunRow, StepRow, StepRunTable } from './tables';

/** A step of a run in memory, with what steps after it need of it. */
export interface LiveStep extends DagStep {
  definition: AnalyzedStep;
  ordinal: number;
  attempts: number;
  mayUseCache: boolean;
  isCached: boolean;
  jobId: string | null;
  baseKey: string | null;
  stepKey: string | null;
  outcome: StepOutcome | null;
}

/** A run in memory: what deciding about it needs. Valid while the row's `revision` is `row.revision`. */
export interface LiveRun {
  row: RunRow;
  content: PipelineContent;
  /** Sources by cell, parameters written in. */
  sources: ReadonlyMap<string, string>;
  steps: LiveStep[];
}

export type StepChange = Updateable<StepRunTable>;

/** The columns a decision changed, by ordinal; written in one transaction. */
export type Changes = Map<number, StepChange>;

/** Changes a step in memory and notes it for the database. */
export function changeStep(step: LiveStep, changes: Changes, status: StepState, also: StepChange = {}): void {
  step.status = status;
  changes.set(step.ordinal, { ...changes.get(step.ordinal), ...also, status });
}

export async function loadRun(db: Db, runId: string): Promise<LiveRun | undefined> {
  const row = await store.runById(db, runId);
  if (!row) {
    return undefined;
  }
  const [content, steps] = await Promise.all([store.contentByHash(db, row.content_hash), store.stepsOf(db, runId)]);
  return { row, content, sources: sourcesWith(content, row.params), steps: steps.map(s => toLive(s, content)) };
}

function toLive(row: StepRow, content: PipelineContent): LiveStep {
  const definition = content.steps[row.ordinal]!;
  return {
    definition,
    name: row.name,
    after: definition.after,
    status: row.status,
    ordinal: row.ordinal,
    attempts: row.attempts,
    mayUseCache: row.may_use_cache,
    isCached: row.cached,
    jobId: row.job_id,
    baseKey: row.base_key,
    stepKey: row.step_key,
    outcome: row.result
  };
}

/** A copy to decide on: the original stays as the database has it until the commit. */
export function copyRun(run: LiveRun): LiveRun {
  return { ...run, row: { ...run.row }, steps: run.steps.map(s => ({ ...s })) };
}

/** Results of the steps that have one, by name. */
export function outcomesOf(run: LiveRun): Map<string, StepOutcome> {
  return new Map(run.steps.flatMap(s => (s.status === 'succeeded' && s.outcome ? [[s.name, s.outcome]] : [])));
}
