/** Why two CSV texts hold different tables; null when they hold the same to the relative tolerance. */
export function compareTables(a: string, b: string, tolerance: number): string | null {
  const [rowsA, rowsB] = [rowsOf(a), rowsOf(b)];
  if (rowsA.length !== rowsB.length) {
    return `${rowsA.length} lines in the notebook, ${rowsB.length} in the pipeline`;
  }
  for (const [i, row] of rowsA.entries()) {
    const other = rowsB[i]!;
    const at = row.length !== other.length ? Math.min(row.length, other.length) : row.findIndex((cell, j) => !sameCell(cell, other[j]!, tolerance));
    if (at >= 0) {
      return `line ${i + 1} has “${row[at] ?? ''}” in the notebook and “${other[at] ?? ''}” in the pipeline`;
    }
  }
  return null;
}

function rowsOf(text: string): string[][] {
  return text
    .replace(/\r\n/g, '\n')
    .replace(/\n$/, '')
    .split('\n')
    .map(line => line.split(/[,\t;]/));
}

function sameCell(a: string, b: string, tolerance: number): boolean {
  if (a === b) {
    return true;
  }
  const [x, y] = [Number(a), Number(b)];
  return a.trim() !== '' && b.trim() !== '' && Number.isFinite(x) && Number.isFinite(y) && Math.abs(x - y) <= tolerance * Math.max(Math.abs(x), Math.abs(y));
}
