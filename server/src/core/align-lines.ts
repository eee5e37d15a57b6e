/** More would not fit into the table. */
const MOST_CELLS = 16_000_000;

/** A line of either text; of both where it stayed. */
export interface AlignedLine {
  kind: 'same' | 'gone' | 'new';
  line: string;
}

/** Two texts line by line, by their longest common subsequence; such long ones that they are not compared are wholly gone and new. */
export function alignLines(a: readonly string[], b: readonly string[]): AlignedLine[] {
  const width = b.length + 1;
  if ((a.length + 1) * width > MOST_CELLS) {
    return [...a.map(line => ({ kind: 'gone' as const, line })), ...b.map(line => ({ kind: 'new' as const, line }))];
  }
  const longest = new Uint32Array((a.length + 1) * width);
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      longest[i * width + j] = a[i] === b[j] ? longest[(i + 1) * width + j + 1]! + 1 : Math.max(longest[(i + 1) * width + j]!, longest[i * width + j + 1]!);
    }
  }
  const lines: AlignedLine[] = [];
  let [i, j] = [0, 0];
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) {
      lines.push({ kind: 'same', line: a[i]! });
      i++;
      j++;
    } else if (i < a.length && (j === b.length || longest[(i + 1) * width + j]! >= longest[i * width + j + 1]!)) {
      lines.push({ kind: 'gone', line: a[i++]! });
    } else {
      lines.push({ kind: 'new', line: b[j++]! });
    }
  }
  return lines;
}
