import type { TranslationBundle } from '@jupyterlab/translation';
import type { Backfill, BackfillItem, Job, RunState, StepState, Sweep, SweepTrial } from '@slipway/schema';

/** How something that Slipway runs stands: a run, a step, a job, a backfill or one of its intervals, a sweep or one of its trials. */
export type State = RunState | StepState | Job['state'] | Backfill['state'] | BackfillItem['state'] | Sweep['state'] | SweepTrial['state'];

const OVER: ReadonlySet<State> = new Set<State>(['succeeded', 'failed', 'cancelled', 'skipped', 'pruned', 'refused']);

/** True where nothing more comes by itself. */
export function isOver(state: State): boolean {
  return OVER.has(state);
}

/** A state as people say it. */
export function stateWord(trans: TranslationBundle, state: State): string {
  const words: Record<State, string> = {
    waiting: trans.__('Waiting'),
    awaiting: trans.__('Waiting for somebody'),
    queued: trans.__('Queued'),
    running: trans.__('Running'),
    paused: trans.__('Paused'),
    stopping: trans.__('Stopping'),
    cancelling: trans.__('Cancelling'),
    succeeded: trans.__('Succeeded'),
    failed: trans.__('Failed'),
    cancelled: trans.__('Cancelled'),
    skipped: trans.__('Skipped'),
    pruned: trans.__('Stopped early'),
    refused: trans.__('Could not start')
  };
  return words[state];
}
