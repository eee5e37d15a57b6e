import type { MetricAggregate, RunLine } from '@slipway/schema';
import type { TranslationBundle } from '@jupyterlab/translation';

export function statusWord(trans: TranslationBundle, status: RunLine['status']): string {
  const words = { RUNNING: trans.__('running'), SCHEDULED: trans.__('waiting'), FINISHED: trans.__('finished'), FAILED: trans.__('failed'), KILLED: trans.__('killed') };
  return words[status];
}

/** The state whose colour and mark the status has. */
export function stateOf(status: RunLine['status']): string {
  return status.toLowerCase();
}

export function kindWord(trans: TranslationBundle, kind: RunLine['kind']): string {
  const words = { session: trans.__('session'), trial: trans.__('trial'), pipeline: trans.__('pipeline run'), run: trans.__('run') };
  return words[kind];
}

export function aggregateWord(trans: TranslationBundle, aggregate: MetricAggregate): string {
  const words = { last: trans.__('last'), min: trans.__('min'), max: trans.__('max'), mean: trans.__('mean') };
  return words[aggregate];
}
