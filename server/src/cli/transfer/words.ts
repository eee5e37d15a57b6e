import type { Totals } from './sink';

/** `3 experiments, 120 runs (4,000 points), 15 files, 2 models (5 versions)`. */
export function inWords(t: Totals): string {
  const n = (count: number, noun: string): string => `${count.toLocaleString('en')} ${noun}${count === 1 ? '' : 's'}`;
  return `${n(t.experiments, 'experiment')}, ${n(t.runs, 'run')} (${n(t.points, 'point')}), ${n(t.loggedModels, 'logged model')}, ${n(t.files, 'file')}${t.filesThere > 0 ? ` (${t.filesThere.toLocaleString('en')} more were here)` : ''}, ${n(t.models, 'registered model')} (${n(t.versions, 'version')})`;
}

export function progressLine(totals: Totals): string {
  return `… ${inWords(totals)}`;
}
