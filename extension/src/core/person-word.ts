import type { TranslationBundle } from '@jupyterlab/translation';

/** Who did something, as the daemon names them: `owner`, `token:NAME`, `session:ID`. */
export function personWord(trans: TranslationBundle, person: string, me: string | null = null): string {
  if (person === me) {
    return trans.__('you');
  }
  const [kind, ...rest] = person.split(':');
  return kind === 'owner' ? trans.__('the owner') : kind === 'session' ? trans.__('a notebook’s kernel') : rest.join(':') || person;
}
