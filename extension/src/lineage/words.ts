import type { TranslationBundle } from '@jupyterlab/translation';

export function kindWord(trans: TranslationBundle, kind: string): string {
  const words: Record<string, string> = { cell: trans.__('cell'), dataset: trans.__('data'), run: trans.__('run'), model: trans.__('model'), 'logged-model': trans.__('logged model'), pipeline: trans.__('pipeline') };
  return words[kind] ?? kind;
}
