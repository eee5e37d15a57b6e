import type { TranslationBundle } from '@jupyterlab/translation';
import type { TriggerSource, TriggerSpec } from '@slipway/schema';
import { sourceDraftOf } from './trigger-draft';

/** What a source waits for, in a phrase. */
export function sourceWords(trans: TranslationBundle, source: TriggerSource): string {
  const { kind, texts: [first, second] } = sourceDraftOf(source);
  switch (kind) {
    case 'files':
      return trans.__('new or changed files %1', first);
    case 'objects':
      return trans.__('new or changed objects %1', first);
    case 'pipeline':
      return second === 'any' ? trans.__('the end of %1', first) : second === 'failed' ? trans.__('a failure of %1', first) : trans.__('a success of %1', first);
    case 'event':
      return trans.__('the event %1', second === '' ? first : `${first} (${second})`);
    case 'dataset':
      return trans.__('a new version of %1', first);
    case 'git':
      return trans.__('a commit to %1 of %2', second, first);
    case 'webhook':
      return second === '' ? trans.__('a call of its webhook') : trans.__('a push to %1', second);
    case 'sqlite':
      return trans.__('other rows of a query on %1', first);
    case 'postgres':
      return trans.__('other rows of a query on a PostgreSQL database');
  }
}

/** All that a trigger waits for: `a and b, or c`. */
export function whenWords(trans: TranslationBundle, when: TriggerSpec['when']): string {
  return when.any.map(group => group.all.map(source => sourceWords(trans, source)).join(trans.__(' and '))).join(trans.__(', or '));
}
