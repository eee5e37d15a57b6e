import type { RunCell } from '@slipway/schema';

export interface DiffLine {
  kind: 'same' | 'added' | 'removed';
  text: string;
}
/** One cell beside itself in another run; either side may lack it. */
export interface CellPair {
  key: string;
  before: RunCell | null;
  after: RunCell | null;
  isSame: boolean;
  lines: DiffLine[];
}

/** A cell of more lines than this is shown as replaced whole. */
const MOST_LINES = 2_000;

/** Lines of `before` and `after`, after their longest common subsequence. */
export function diffLines(before: string, after: string): DiffLine[] {
  const [a, b] = [before === '' ? [] : before.split('\n'), after === '' ? [] : after.split('\n')];
  const line = (kind: DiffLine['kind']) => (text: string): DiffLine => ({ kind, text });
  if (a.length > MOST_LINES || b.length > MOST_LINES) {
    return [...a.map(line('removed')), ...b.map(line('added'))];
  }
  const common = commonLengths(a, b);
  const lines: DiffLine[] = [];
  let [i, j] = [0, 0];
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) {
      lines.push({ kind: 'same', text: a[i]! });
      i++;
      j++;
    } else if (j >= b.length || (i < a.length && common[i + 1]![j]! >= common[i]![j + 1]!)) {
      lines.push({ kind: 'removed', text: a[i++]! });
    } else {
      lines.push({ kind: 'added', text: b[j++]! });
    }
  }
  return lines;
}

/** `lengths[i][j]`: how many lines the ends of both from i and from j on share in order. */
function commonLengths(a: readonly string[], b: readonly string[]): Uint16Array[] {
  const lengths = Array.from({ length: a.length + 1 }, () => new Uint16Array(b.length + 1));
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      lengths[i]![j] = a[i] === b[j] ? lengths[i + 1]![j + 1]! + 1 : Math.max(lengths[i + 1]![j]!, lengths[i]![j + 1]!);
    }
  }
  return lengths;
}

/** Cells by their ids, else by their text, in the order of `after`, those that are gone at their end. */
export function pairCells(before: readonly RunCell[], after: readonly RunCell[]): CellPair[] {
  const left = [...before];
  const take = (isIt: (cell: RunCell) => boolean): RunCell | null => {
    const at = left.findIndex(isIt);
    return at < 0 ? null : left.splice(at, 1)[0]!;
  };
  const pairs = after.map(cell => pairOf(take(other => (cell.cellId === null ? other.source === cell.source : other.cellId === cell.cellId)), cell));
  return [...pairs, ...left.map(cell => pairOf(cell, null))];
}

function pairOf(before: RunCell | null, after: RunCell | null): CellPair {
  const [old, fresh] = [before?.source ?? '', after?.source ?? ''];
  return { key: `${before?.executionId ?? ''}/${after?.executionId ?? ''}`, before, after, isSame: old === fresh, lines: diffLines(old, fresh) };
}
