import type { AnalyzedStep, StepState } from '@slipway/schema';
import type { Updateable } from 'kysely';
import type { Db } from '../database';
import { sourcesWith, type PipelineContent } from './content';
import type { DagStep } from './dag';
import { graphOf, type GraphNode } from './graph';
import * as store from './run-store';
import type { StepOutcome } from './step-outcome';
import type { RunRow, SkipCode, StepRow, StepRunTable } from './tables';

/** A step of a run in memory, with what steps after it need of it. */
export interface LiveStep extends DagStep {
  node: GraphNode;
  definition: AnalyzedStep;
  kind: GraphNode['kind'];
  ordinal: number;
  attempts: number;
  mayUseCache: boolean;
  isCached: boolean;
  jobId: string | null;
  baseKey: string | null;
  stepKey: string | null;
  outcome: StepOutcome | null;
  skipCode: SkipCode | null;
}

/** A run in memory: what deciding about it needs. Valid while the row's `revision` is `row.revision`. */
export interface LiveRun {
  row: RunRow;
  content: PipelineContent;
  /** Sources by cell, parameters written in. */
  sources: ReadonlyMap<string, string>;
  /** Each behind those it comes after. */
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

/** Leaves a step out, and says why. */
export function skipStep(step: LiveStep, changes: Changes, code: SkipCode, because: string): void {
  step.skipCode = code;
  changeStep(step, changes, 'skipped', { skip_code: code, skipped_because: because, ended_at: new Date() });
}

/** Ends a step that ran nothing. */
export function failStep(step: LiveStep, changes: Changes, code: string, message: string): void {
  changeStep(step, changes, 'failed', { error: JSON.stringify({ code, message, cellId: null, traceback: null, isRetryable: false }), ended_at: new Date() });
}

export async function loadRun(db: Db, runId: string): Promise<LiveRun | undefined> {
  const row = await store.runById(db, runId);
  if (!row) {
    return undefined;
  }
  const [content, rows] = await Promise.all([store.contentByHash(db, row.content_hash), store.stepsOf(db, runId)]);
  const steps = graphOf(content, row.trigger === 'proof').flatMap(node => {
    const step = rows.find(s => s.ordinal === node.ordinal);
    return step ? [toLive(node, step)] : [];
  });
  return { row, content, sources: sourcesWith(content, row.params), steps };
}

/** A step that has not begun. */
export function newStep(node: GraphNode): LiveStep {
  return {
    node,
    definition: node.definition,
    kind: node.kind,
    name: node.name,
    after: node.after,
    waitsFor: node.waitsFor,
    runIf: node.runIf,
    status: 'waiting',
    skipCode: null,
    ordinal: node.ordinal,
    attempts: 0,
    mayUseCache: true,
    isCached: false,
    jobId: null,
    baseKey: null,
    stepKey: null,
    outcome: null
  };
}

function toLive(node: GraphNode, row: StepRow): LiveStep {
  return {
    ...newStep(node),
    status: row.status,
    skipCode: row.skip_code,
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

/** The step of a row. */
export function stepAt(run: LiveRun, ordinal: number): LiveStep | undefined {
  return run.steps.find(s => s.ordinal === ordinal);
}

/** Results of the steps that have one, by name. */
export function outcomesOf(run: LiveRun): Map<string, StepOutcome> {
  return new Map(run.steps.flatMap(s => (s.status === 'succeeded' && s.outcome ? [[s.name, s.outcome]] : [])));
}
