import { alignLines } from '../../core/align-lines';

/** Unchanged lines shown around a change. */
const AROUND = 3;
const SIGNS = { same: ' ', gone: '-', new: '+' };

/** Lines that went (`-`), came (`+`) and stayed around them (` `), as `diff -u` shows them. */
export function lineDiff(before: string, after: string): string[] {
  const marked = alignLines(before.split('\n'), after.split('\n')).map(({ kind, line }) => `${SIGNS[kind]}${line}`);
  const near = marked.map((_, i) => marked.slice(Math.max(0, i - AROUND), i + AROUND + 1).some(l => !l.startsWith(' ')));
  return marked.flatMap((line, i) => (near[i] ? [line] : near[i - 1] ? ['@@'] : []));
}
