import type { RetryRun } from '@slipway/schema';
import { Conflict, InvalidInput } from '../core/errors';
import { isLimited } from './admission';
import type { PipelineContent } from './content';
import { ancestors, isFinal, withDescendants } from './dag';
import { changeStep, type Changes, type LiveRun, type LiveStep } from './live-run';
import { mlflowKey } from './mlflow-key';
import { noMove, type Move } from './run-book';
import { ownParamKeys } from './told-records';

/** A run that was over and goes on. */
export interface Retry {
  move: Move;
  /** Ordinals of the maps of which no item is kept. */
  mapsAnew: number[];
  /** Keys of the params that its steps tell MLflow again. */
  paramsAnew: string[];
  content: PipelineContent;
}

/**
 * The chosen steps and all after them wait again: from one step on, what a
 * failed item of a map held back, or else whatever did not succeed.
 *
 * @throws InvalidInput `unknown_step`; Conflict `run_active`, `nothing_to_retry`
 */
export function retryOf(run: LiveRun, { fromStep, failedItemsOf }: RetryRun): Retry {
  requireOver(run.row);
  const again = failedItemsOf === undefined ? stepsToRetry(run, fromStep) : withAllAfter(run, [stepNamed(run, failedItemsOf).name]);
  const isAnew = fromStep !== undefined;
  const retry: Retry = { move: noMove(), mapsAnew: mapsAnew(run, again, isAnew), paramsAnew: paramsAnew(run, again), content: run.content };
  const set = { timed_out: false, is_late: false, is_held: isLimited(run.row, run.content) };
  Object.assign(run.row, { status: 'running', ...set });
  retry.move.run = set;
  again.forEach(step => resetStep(step, retry.move.changes, !isAnew));
  return retry;
}

/** @throws Conflict `run_active` */
export function requireOver({ status }: Pick<LiveRun['row'], 'status'>): void {
  if (!isFinal(status)) {
    throw new Conflict('run_active', 'The run is still under way; cancel it first, or wait for its end.');
  }
}

/** @throws InvalidInput `unknown_step` */
export function stepNamed(run: LiveRun, name: string): LiveStep {
  const step = run.steps.find(s => s.name === name);
  if (!step) {
    throw new InvalidInput('unknown_step', `The run has no step ${name}; it has: ${run.steps.map(s => s.name).join(', ')}.`);
  }
  return step;
}

function stepsToRetry(run: LiveRun, chosen: string | undefined): LiveStep[] {
  const first = chosen !== undefined ? [stepNamed(run, chosen).name] : run.steps.filter(s => s.status !== 'succeeded').map(s => s.name);
  if (first.length === 0) {
    throw new Conflict('nothing_to_retry', 'Every step of the run succeeded; name the step to start again from.');
  }
  // A step before the chosen one that did not succeed has to run as well.
  const unfinished = run.steps.filter(s => s.status !== 'succeeded').map(s => s.name);
  return withAllAfter(run, [...first, ...unfinished]);
}

function withAllAfter(run: LiveRun, first: readonly string[]): LiveStep[] {
  const names = new Set(withDescendants(run.steps, [...first]));
  return run.steps.filter(s => names.has(s.name));
}

/** Maps whose items begin anew: they were asked for, or their list is made again. */
function mapsAnew(run: LiveRun, again: readonly LiveStep[], isAsked: boolean): number[] {
  const names = new Set(again.map(s => s.name));
  return again.filter(s => s.kind === 'map' && (isAsked || ancestors(run.steps, s.name).some(a => names.has(a.name)))).map(s => s.ordinal);
}

/** Params that only the steps to be run again told MLflow: another value of them is no contradiction. */
function paramsAnew(run: LiveRun, again: readonly LiveStep[]): string[] {
  const kept = new Set([...Object.keys(run.row.params).map(mlflowKey), ...ownParamKeys(run, run.steps.filter(s => !again.includes(s)))]);
  return ownParamKeys(run, again).filter(key => !kept.has(key));
}

function resetStep(step: LiveStep, changes: Changes, mayUseCache: boolean): void {
  step.mayUseCache = mayUseCache;
  step.outcome = null;
  step.stepKey = null;
  step.isCached = false;
  step.skipCode = null;
  step.jobId = null;
  changeStep(step, changes, 'waiting', {
    may_use_cache: mayUseCache,
    cached: false,
    cache_note: null,
    result: null,
    step_key: null,
    skip_code: null,
    skipped_because: null,
    map_total: null,
    map_succeeded: 0,
    map_failed: 0,
    job_id: null,
    error: null,
    started_at: null,
    ended_at: null,
    notebook_digest: null
  });
}
