import type { TranslationBundle } from '@jupyterlab/translation';
import type { GateEvaluation, Promotion, VersionChange } from '@slipway/schema';
import { occasionWord, verdictState, verdictWord } from './words';

/** Something that happened to a version, in words. */
export interface Happening {
  key: string;
  at: string;
  by: string | null;
  words: string;
  state: string;
  promotionId?: string;
}

/** Changes, evaluations and promotions of one version in one line of time, newest first. */
export function happenings(trans: TranslationBundle, of: { changes: readonly VersionChange[]; evaluations: readonly GateEvaluation[]; promotions: readonly Promotion[] }): Happening[] {
  const all = [
    ...of.changes.map(change => ({ key: `change ${change.id}`, at: change.at, by: change.by, words: changeWords(trans, change), state: 'waiting' })),
    ...of.evaluations.map(each => ({ key: `evaluation ${each.id}`, at: each.evaluatedAt, by: each.evaluatedBy, words: trans.__('%1, %2', verdictWord(trans, each), occasionWord(trans, each.trigger)), state: verdictState(each) })),
    ...of.promotions.flatMap(promotion => ofPromotion(trans, promotion))
  ];
  return all.sort((a, b) => (a.at < b.at ? 1 : a.at > b.at ? -1 : 0));
}

function ofPromotion(trans: TranslationBundle, promotion: Promotion): Happening[] {
  const { id, alias, requestedAt, requestedBy, status, decidedAt, decidedBy, comment, expiresAt } = promotion;
  const asked = { key: `asked ${id}`, at: requestedAt, by: requestedBy, words: trans.__('Promotion to @%1 asked for', alias), state: 'waiting', promotionId: id };
  if (status === 'open') {
    return [asked];
  }
  const ends = { approved: trans.__('Promotion to @%1 approved', alias), rejected: trans.__('Promotion to @%1 rejected', alias), withdrawn: trans.__('Promotion to @%1 withdrawn', alias), expired: trans.__('Promotion to @%1 expired', alias) };
  const state = status === 'approved' ? 'ok' : status === 'rejected' ? 'failed' : 'waiting';
  return [asked, { key: `ended ${id}`, at: decidedAt ?? expiresAt, by: decidedBy, words: comment ? `${ends[status]}: ${comment}` : ends[status], state, promotionId: id }];
}

function changeWords(trans: TranslationBundle, { kind, from, to, name }: VersionChange): string {
  switch (kind) {
    case 'registered':
      return trans.__('Registered');
    case 'stage':
      return trans.__('Stage %1, before %2', to ?? 'None', from ?? 'None');
    case 'alias_set':
      return from === null ? trans.__('Became @%1', name) : trans.__('Became @%1, in place of version %2', name, from);
    case 'alias_removed':
      return trans.__('@%1 taken away', name);
    case 'tag_set':
      return from === null ? trans.__('Tag %1 = %2', name, to ?? '') : trans.__('Tag %1 = %2, before %3', name, to ?? '', from);
    case 'tag_removed':
      return trans.__('Tag %1 taken away', name);
    case 'described':
      return trans.__('Description written');
    case 'card_edited':
      return trans.__('Model card written');
  }
}
