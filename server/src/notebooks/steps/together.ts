import { Partition } from './partition';
import type { Graph } from '../graph';

/** Why two cells must run in one process. */
export interface Bond {
  units: [number, number];
  why: string;
}

/**
 * Cells that no stored value can connect: they share the state of the process
 * (a seeded generator they draw from one after the other), one object under
 * several names of which one is changed, or a value that cannot be stored.
 */
export function bonds(graph: Graph, needed: readonly number[], replicated: ReadonlySet<number>): Bond[] {
  const found: Bond[] = [];
  const add = (a: number, b: number, why: string): void => {
    if (a !== b && needed.includes(b) && !replicated.has(a) && !replicated.has(b)) {
      found.push({ units: [a, b], why });
    }
  };
  for (const u of needed) {
    const unit = graph.units[u]!;
    unit.process.forEach(p => add(u, p, 'they share a state of the process, such as its random numbers'));
    for (const { names, units } of unit.shared) {
      const living = names.filter(name => needed.some(n => n >= u && graph.units[n]!.uses.has(name)));
      if (living.length > 1) {
        units.forEach(m => add(u, m, `${living.map(n => `\`${n}\``).join(' and ')} lead to one object, which is changed`));
      }
    }
    for (const [name, makers] of unit.uses) {
      makers.filter(m => graph.units[m]!.unstorable.has(name)).forEach(m => add(u, m, `\`${name}\` cannot be stored`));
    }
  }
  return found;
}

/** One group a cell, joined only as far as bonds and exact values demand. */
export function smallestGroups(graph: Graph, needed: readonly number[], replicated: ReadonlySet<number>): Partition {
  let partition = Partition.of(graph, replicated, needed.filter(u => !replicated.has(u)).map(u => [u]));
  for (const { units } of bonds(graph, needed, replicated)) {
    const [a, b] = units.map(u => partition.groupIndexOf(u)!) as [number, number];
    partition = a === b ? partition : partition.merge(a, b);
  }
  for (;;) {
    const cycle = partition.cycle();
    const conflict = cycle.length === 0 ? partition.conflict() : null;
    const groups = conflict ? [conflict.user, conflict.meant, conflict.seen].flatMap(u => partition.groupIndexOf(u) ?? []) : cycle;
    const distinct = [...new Set(groups)];
    if (distinct.length < 2) {
      return partition;
    }
    partition = partition.merge(...distinct);
  }
}
