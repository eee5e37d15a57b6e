import type { TranslationBundle } from '@jupyterlab/translation';
import type { PipelineRun, TrainingRule } from '@slipway/schema';

/** What started a run. */
export function triggerWord(trans: TranslationBundle, trigger: PipelineRun['trigger']): string {
  const words: Record<PipelineRun['trigger'], string> = {
    hand: trans.__('by hand'),
    schedule: trans.__('schedule'),
    proof: trans.__('check before saving'),
    retry: trans.__('retry'),
    backfill: trans.__('backfill'),
    trigger: trans.__('trigger'),
    rerun: trans.__('chosen steps'),
    sweep: trans.__('sweep')
  };
  return words[trigger];
}

/** What a training rule found, in a word or two. */
export function ruleWord(trans: TranslationBundle, kind: TrainingRule['kind']): string {
  const words: Record<TrainingRule['kind'], string> = {
    not_finite: trans.__('Not finite:'),
    not_decreasing: trans.__('No longer improving:'),
    overfitting: trans.__('Over-fitting:'),
    vanishing: trans.__('Vanishing:'),
    exploding: trans.__('Exploding:'),
    gpu_idle: trans.__('GPUs idle:'),
    memory_growing: trans.__('Memory only grows:')
  };
  return words[kind];
}
