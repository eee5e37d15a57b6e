/** Unchanged lines shown around a change. */
const AROUND = 3;
/** Longer texts are not compared line by line: the table would not fit. */
const MOST_CELLS = 16_000_000;

/** Lines that went (`-`), came (`+`) and stayed around them (` `), as `diff -u` shows them. */
export function lineDiff(before: string, after: string): string[] {
  const [a, b] = [before.split('\n'), after.split('\n')];
  const marked = (a.length + 1) * (b.length + 1) > MOST_CELLS ? [...a.map(l => `-${l}`), ...b.map(l => `+${l}`)] : walk(a, b);
  const near = marked.map((_, i) => marked.slice(Math.max(0, i - AROUND), i + AROUND + 1).some(l => !l.startsWith(' ')));
  return marked.flatMap((line, i) => (near[i] ? [line] : near[i - 1] ? ['@@'] : []));
}

/** By the longest common subsequence. */
function walk(a: readonly string[], b: readonly string[]): string[] {
  const width = b.length + 1;
  const longest = new Uint32Array((a.length + 1) * width);
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      longest[i * width + j] = a[i] === b[j] ? longest[(i + 1) * width + j + 1]! + 1 : Math.max(longest[(i + 1) * width + j]!, longest[i * width + j + 1]!);
    }
  }
  const lines: string[] = [];
  let [i, j] = [0, 0];
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) {
      lines.push(` ${a[i]}`);
      i++;
      j++;
    } else if (i < a.length && (j === b.length || longest[(i + 1) * width + j]! >= longest[i * width + j + 1]!)) {
      lines.push(`-${a[i++]}`);
    } else {
      lines.push(`+${b[j++]}`);
    }
  }
  return lines;
}
