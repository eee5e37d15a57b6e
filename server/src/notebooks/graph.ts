import { createInterpreter } from './interpret/interpreter';
import type { Unit } from './interpret/unit';
import type { World } from './interpret/world';
import type { CodeCell } from './notebook';
import { createParser, type ParsedCell } from './source/parsed-cell';

/** The notebook's cells with all that was found out about them, in document order. */
export interface Graph {
  cells: readonly CodeCell[];
  parsed: readonly ParsedCell[];
  units: readonly Unit[];
  world: World;
}

/** Walks the cells from top to bottom, as one run of the whole notebook would. */
export function buildGraph(cells: readonly CodeCell[], parse = createParser()): Graph {
  const interpreter = createInterpreter();
  const parsed = cells.map(c => parse(c.source));
  const units = cells.map((c, i) => interpreter.run({ id: c.id, cell: parsed[i]! }));
  return { cells, parsed, units, world: interpreter.world };
}

/** The units and all they rest on, directly or not, in document order. */
export function closure(units: readonly Unit[], from: Iterable<number>): number[] {
  const found = new Set<number>();
  const pending = [...from];
  while (pending.length > 0) {
    const unit = pending.pop()!;
    if (!found.has(unit)) {
      found.add(unit);
      pending.push(...units[unit]!.dependsOn);
    }
  }
  return [...found].sort((a, b) => a - b);
}
