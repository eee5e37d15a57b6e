import type { StepGrouping } from '@slipway/schema';
import { Conflict, InvalidInput } from '../../core/errors';
import type { Graph } from '../graph';
import { Partition } from './partition';
import { replicatedUnits } from './replicated';
import { bonds } from './together';

/**
 * The user's own grouping, checked.
 * @throws InvalidInput `unknown_cell`, `cell_ungrouped`, `step_name_taken`
 * @throws Conflict `step_cycle`, `step_conflict`
 */
export function groupsOf(graph: Graph, needed: readonly number[], grouping: StepGrouping): { partition: Partition; names: string[]; warnings: string[] } {
  const given = readGroups(graph, grouping);
  const inSteps = new Set(given.flatMap(g => g.units));
  const definitions = replicatedUnits(graph, needed);
  const missing = needed.filter(u => !inSteps.has(u) && !definitions.has(u));
  if (missing.length > 0) {
    throw new InvalidInput('cell_ungrouped', `Needed cells are in no step: ${missing.map(u => nameOf(graph, u)).join(', ')}.`);
  }
  // Definitions join whoever uses them; a step of nothing else keeps its own.
  const groups = given.map(g => ({ name: g.name, units: g.units.some(u => !definitions.has(u)) ? g.units.filter(u => !definitions.has(u)) : g.units })).filter(g => g.units.length > 0);
  const own = new Set(groups.flatMap(g => g.units));
  const replicated = new Set([...definitions].filter(u => !own.has(u)));
  const ordered = groups.sort((a, b) => a.units[0]! - b.units[0]!);
  const partition = Partition.of(graph, replicated, ordered.map(g => g.units));
  const names = ordered.map(g => g.name);
  refuse(graph, partition, names);
  const apart = bonds(graph, needed, replicated).filter(b => partition.groupIndexOf(b.units[0]) !== partition.groupIndexOf(b.units[1]));
  const warnings = apart.map(b => `${nameOf(graph, b.units[0])} and ${nameOf(graph, b.units[1])} should be in one step: ${b.why}`);
  return { partition, names, warnings: [...new Set(warnings)] };
}

function readGroups(graph: Graph, grouping: StepGrouping): { name: string; units: number[] }[] {
  const names = new Set<string>();
  const placed = new Set<number>();
  return grouping.map(({ name, cells }) => {
    if (names.has(name)) {
      throw new InvalidInput('step_name_taken', `Two steps are called ${name}.`);
    }
    names.add(name);
    const units = cells.map(id => {
      const unit = graph.cells.findIndex(c => c.id === id);
      if (unit < 0) {
        throw new InvalidInput('unknown_cell', `There is no code cell ${id} in the notebook.`);
      }
      return unit;
    });
    // A definition may be listed in several steps: it is run in each.
    const fresh = [...new Set(units)].filter(u => !placed.has(u)).sort((a, b) => a - b);
    fresh.forEach(u => placed.add(u));
    return { name, units: fresh };
  });
}

function refuse(graph: Graph, partition: Partition, names: readonly string[]): void {
  const cycle = partition.cycle();
  if (cycle.length > 0) {
    const crossing = new Set(cycle.flatMap(g => partition.inputsOf(g).filter(i => cycle.includes(partition.groupIndexOf(i.from)!)).map(i => i.name)));
    const steps = cycle.map(g => names[g]!);
    throw new Conflict('step_cycle', `The steps ${steps.join(', ')} wait for each other${crossing.size > 0 ? ` through ${[...crossing].map(n => `\`${n}\``).join(', ')}` : ''}: merge them, or move a cell.`, {
      errors: steps.map(name => ({ path: name, message: 'is on the cycle' }))
    });
  }
  const conflict = partition.conflict();
  if (conflict) {
    const { name, user, meant, seen } = conflict;
    throw new Conflict('step_conflict', `${nameOf(graph, user)} uses \`${name}\` as ${nameOf(graph, meant)} left it, but grouped so it would see what ${nameOf(graph, seen)} makes of it: move one of them.`);
  }
}

function nameOf(graph: Graph, unit: number): string {
  return `cell ${graph.cells[unit]!.ordinal}`;
}
