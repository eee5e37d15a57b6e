import type { TranslationBundle } from '@jupyterlab/translation';
import type { Sweep, SweepTrial } from '@slipway/schema';

export function sweepStateWord(trans: TranslationBundle, state: Sweep['state']): string {
  const words: Record<Sweep['state'], string> = {
    running: trans.__('Running'),
    paused: trans.__('Paused'),
    stopping: trans.__('Stopping'),
    succeeded: trans.__('Succeeded'),
    failed: trans.__('Failed'),
    cancelled: trans.__('Cancelled')
  };
  return words[state];
}

export function trialStateWord(trans: TranslationBundle, state: SweepTrial['state']): string {
  const words: Record<SweepTrial['state'], string> = {
    waiting: trans.__('Waiting'),
    running: trans.__('Running'),
    succeeded: trans.__('Succeeded'),
    pruned: trans.__('Stopped early'),
    failed: trans.__('Failed'),
    cancelled: trans.__('Cancelled')
  };
  return words[state];
}

/** The mark that a state shares with others: a paused sweep waits, a pruned trial was left out. */
export const markOf = (state: Sweep['state'] | SweepTrial['state']): string => ({ paused: 'queued', waiting: 'queued', stopping: 'cancelling', pruned: 'skipped' })[state as string] ?? state;

export const isOver = (state: Sweep['state']): boolean => state === 'succeeded' || state === 'failed' || state === 'cancelled';
