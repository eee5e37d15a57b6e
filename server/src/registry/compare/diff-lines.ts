import type { DiffLine } from '@slipway/schema';

/** Beyond this many pairs of lines the longest common subsequence costs too much; all is then removed and added. */
const MOST_PAIRS = 4_000_000;
const CONTEXT = 3;

/** Lines to take away and to add so that `before` becomes `after`, with three unchanged ones around each change. */
export function diffLines(before: string, after: string): DiffLine[] {
  const a = before === '' ? [] : before.split('\n');
  const b = after === '' ? [] : after.split('\n');
  return nearChanges(a.length * b.length > MOST_PAIRS ? [...a.map(removed), ...b.map(added)] : walk(a, b, commonLengths(a, b)));
}

/** `lengths[i][j]`: how many lines a[i…] and b[j…] have in common, in order. */
function commonLengths(a: readonly string[], b: readonly string[]): Uint32Array[] {
  const lengths = Array.from({ length: a.length + 1 }, () => new Uint32Array(b.length + 1));
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      lengths[i]![j] = a[i] === b[j] ? lengths[i + 1]![j + 1]! + 1 : Math.max(lengths[i + 1]![j]!, lengths[i]![j + 1]!);
    }
  }
  return lengths;
}

function walk(a: readonly string[], b: readonly string[], lengths: readonly Uint32Array[]): DiffLine[] {
  const lines: DiffLine[] = [];
  let [i, j] = [0, 0];
  while (i < a.length && j < b.length) {
    if (a[i] === b[j]) {
      lines.push({ kind: 'same', text: a[i]! });
      i++;
      j++;
    } else {
      lines.push(lengths[i + 1]![j]! >= lengths[i]![j + 1]! ? removed(a[i++]!) : added(b[j++]!));
    }
  }
  return [...lines, ...a.slice(i).map(removed), ...b.slice(j).map(added)];
}

function nearChanges(lines: readonly DiffLine[]): DiffLine[] {
  const near = new Uint8Array(lines.length);
  lines.forEach((line, i) => line.kind !== 'same' && near.fill(1, Math.max(0, i - CONTEXT), i + CONTEXT + 1));
  return lines.filter((_, i) => near[i] === 1);
}

const removed = (text: string): DiffLine => ({ kind: 'removed', text });
const added = (text: string): DiffLine => ({ kind: 'added', text });
