import type { TranslationBundle } from '@jupyterlab/translation';
import type { GateEvaluation, Promotion, PromotionStatus } from '@slipway/schema';

/** `fraud v3 → @champion` */
export function promotionTitle({ model, version, alias }: Promotion): string {
  return `${model} v${version} → @${alias}`;
}

export function promotionWord(trans: TranslationBundle, status: PromotionStatus): string {
  const words = { open: trans.__('Waits for a decision'), approved: trans.__('Approved'), rejected: trans.__('Rejected'), withdrawn: trans.__('Withdrawn'), expired: trans.__('Expired') };
  return words[status];
}

/** The state whose colour and mark a promotion has. */
export function promotionState(status: PromotionStatus): string {
  return { open: 'waiting', approved: 'ok', rejected: 'failed', withdrawn: 'waiting', expired: 'waiting' }[status];
}

export function verdictWord(trans: TranslationBundle, evaluation: GateEvaluation): string {
  if (evaluation.override) {
    return trans.__('Let through');
  }
  return { passed: trans.__('Gates passed'), failed: trans.__('Gates failed'), pending: trans.__('Being measured') }[evaluation.verdict];
}

export function verdictState(evaluation: GateEvaluation): string {
  return evaluation.override ? 'warning' : { passed: 'ok', failed: 'failed', pending: 'running' }[evaluation.verdict];
}

/** What made the gates be held against a version. */
export function occasionWord(trans: TranslationBundle, trigger: GateEvaluation['trigger']): string {
  const words: Record<GateEvaluation['trigger'], string> = {
    registered: trans.__('when it was registered'),
    asked: trans.__('when asked'),
    alias: trans.__('when an alias was moved'),
    promotion: trans.__('for a promotion'),
    stage: trans.__('when its stage was changed'),
    measured: trans.__('when its latency had been measured')
  };
  return words[trigger];
}
