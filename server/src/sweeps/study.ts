import type { Scalar, SweepTrialState } from '@slipway/schema';
import type { Db } from '../database';
import type { Optimizer } from './optimizer';
import * as store from './store';
import type { SweepRow, TrialAttrs } from './tables';

/** What a trial is to Optuna. One that was cancelled says as little as one that failed. */
const STATES: Record<SweepTrialState, 'RUNNING' | 'COMPLETE' | 'PRUNED' | 'FAIL'> = { waiting: 'RUNNING', running: 'RUNNING', succeeded: 'COMPLETE', pruned: 'PRUNED', failed: 'FAIL', cancelled: 'FAIL' };

/** The sweep as Optuna's process takes it (`slipway/optimize.py`). */
function studyOf({ id, spec, warm }: SweepRow, trials: readonly store.PastTrial[]): object {
  const { objective, space, sampler, pruner } = spec;
  return { name: id, direction: objective.direction, space, sampler, pruner, warm, trials: trials.map(({ number: _, state, ...trial }) => ({ ...trial, state: STATES[state] })) };
}

/** The next trial's params; `number` is the one they are for, and `state` the sampler to go on with once they are stored. */
export async function suggest(db: Db, optimizer: Optimizer, sweep: SweepRow): Promise<{ number: number; params: Record<string, Scalar>; attrs: TrialAttrs; state: string }> {
  const trials = await store.historyToAsk(db, sweep.id);
  const answer = await optimizer.ask<{ params: Record<string, Scalar>; attrs: TrialAttrs; state: string }>({ ask: studyOf(sweep, trials), state: sweep.sampler_state });
  return { number: trials.length, ...answer };
}

/** At which of its new points, stored already, the trial is to stop; null where it may go on. */
export async function judge(db: Db, optimizer: Optimizer, sweep: SweepRow, number: number, steps: readonly number[]): Promise<{ step: number | null; attrs: TrialAttrs }> {
  const trials = await store.historyToJudge(db, sweep.id, number, steps);
  const isNew = ([step]: [number, number | string]): boolean => steps.includes(step);
  const points = trials[number]!.points.filter(isNew);
  const before = trials.map(t => (t.number === number ? { ...t, points: t.points.filter(point => !isNew(point)) } : t));
  return optimizer.ask({ prune: studyOf(sweep, before), number, points });
}

/** The share of each param, the most important first. @throws InvalidInput `too_few_trials` */
export async function importancesOf(db: Db, optimizer: Optimizer, sweep: SweepRow, method: string): Promise<{ name: string; importance: number }[]> {
  const study = studyOf(sweep, await store.historyToAsk(db, sweep.id));
  const { importances } = await optimizer.ask<{ importances: Record<string, number> }>({ importances: study, method });
  return Object.entries(importances)
    .map(([name, importance]) => ({ name, importance }))
    .sort((a, b) => b.importance - a.importance);
}
