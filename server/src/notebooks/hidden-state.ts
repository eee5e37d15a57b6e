import type { Unit } from './interpret/unit';

interface Run {
  executionId: string;
  cellId: string | null;
  source: string;
}

/**
 * Where a slice rests on an order of running that the document does not have:
 * on a cell further down, on an older text of a cell, on a cell that ran again
 * on its own result. Cells are named by their place in the document, or by the
 * order in which they first ran where that is not known.
 */
export function hiddenIn(runs: readonly Run[], units: readonly Unit[], slice: readonly number[], order?: readonly string[]): string[] {
  const firstRun = [...new Set(runs.map(r => r.cellId).filter(id => id !== null))];
  const places = new Map((order ?? firstRun).map((id, i) => [id, i + 1]));
  const placeOf = (u: number): number | null => places.get(runs[u]!.cellId ?? '') ?? null;
  const nameOf = (u: number): string => (placeOf(u) === null ? 'a cell that is gone' : `cell ${placeOf(u)!}`);
  const found = new Set<string>();
  for (const u of slice) {
    for (const [name, makers] of units[u]!.uses) {
      const maker = Math.max(-1, ...makers);
      if (maker >= 0) {
        const text = say(runs, units, { u, maker, name }, placeOf, nameOf);
        if (text) {
          found.add(text);
        }
      }
    }
  }
  return [...found];
}

function say(runs: readonly Run[], units: readonly Unit[], { u, maker, name }: { u: number; maker: number; name: string }, placeOf: (u: number) => number | null, nameOf: (u: number) => string): string | null {
  const [user, made] = [placeOf(u), placeOf(maker)];
  if (runs[u]!.cellId !== null && runs[u]!.cellId === runs[maker]!.cellId) {
    return units[u]!.mutates.has(name) || units[u]!.defines.has(name) ? `${nameOf(u)} ran again on \`${name}\` as it had left it itself` : null;
  }
  if (user !== null && made !== null && made > user) {
    return `${nameOf(u)} uses \`${name}\` as ${nameOf(maker)} left it`;
  }
  const latest = runs.findLastIndex((r, i) => i < runs.length && r.cellId === runs[maker]!.cellId && r.cellId !== null);
  if (latest > u && runs[latest]!.source !== runs[maker]!.source) {
    return `${nameOf(u)} uses \`${name}\` of an older text of ${nameOf(maker)}`;
  }
  return made === null && runs[maker]!.cellId !== null ? `${nameOf(u)} uses \`${name}\` of ${nameOf(maker)}` : null;
}
