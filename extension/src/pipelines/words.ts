import type { TranslationBundle } from '@jupyterlab/translation';
import type { RunState, StepState } from '@slipway/schema';

/** The state of a run or step as people say it. */
export function stateWord(trans: TranslationBundle, state: RunState | StepState): string {
  const words: Record<RunState | StepState, string> = {
    waiting: trans.__('Waiting'),
    queued: trans.__('Queued'),
    running: trans.__('Running'),
    succeeded: trans.__('Succeeded'),
    failed: trans.__('Failed'),
    cancelling: trans.__('Cancelling'),
    cancelled: trans.__('Cancelled'),
    skipped: trans.__('Skipped')
  };
  return words[state];
}

/** What started a run. */
export function triggerWord(trans: TranslationBundle, trigger: 'hand' | 'schedule' | 'proof' | 'retry'): string {
  return { hand: trans.__('by hand'), schedule: trans.__('schedule'), proof: trans.__('check before saving'), retry: trans.__('retry') }[trigger];
}
