import type { Graph } from '../graph';
import type { Unit } from '../interpret/unit';
import { Facts, changes, type Entry } from './group-facts';

/** Why cells cannot be grouped so: a step would see another value of a name than its cells do. */
export interface VersionConflict {
  name: string;
  /** Unit that uses the name, unit whose value it means, unit whose value it would see. */
  user: number;
  meant: number;
  seen: number;
}

/** Cells in groups, each to run in a process of its own; replicated cells stand outside and join every group that rests on them. */
export class Partition {
  private readonly groupOf = new Map<number, number>();
  private readonly parents = new Map<number, ReadonlySet<number>>();

  constructor(
    private readonly facts: Facts,
    readonly groups: readonly (readonly number[])[]
  ) {
    groups.forEach((units, g) => units.forEach(u => this.groupOf.set(u, g)));
  }

  static of(graph: Graph, replicated: ReadonlySet<number>, groups: readonly (readonly number[])[]): Partition {
    return new Partition(new Facts(graph, replicated), groups);
  }

  get graph(): Graph {
    return this.facts.graph;
  }

  unit(index: number): Unit {
    return this.facts.unit(index);
  }

  unitsOf(group: number): Unit[] {
    return this.groups[group]!.map(u => this.unit(u));
  }

  /** The group a unit is in; undefined for a replicated one. */
  groupIndexOf(unit: number): number | undefined {
    return this.groupOf.get(unit);
  }

  /** A group's cells and the replicated ones it rests on, in document order. */
  cellsOf(group: number): readonly number[] {
    return this.facts.of(this.groups[group]!).cells;
  }

  /** Names that enter a group, each with the unit whose value it is. */
  inputsOf(group: number): readonly Entry[] {
    return this.facts.of(this.groups[group]!).entries;
  }

  /** Groups a group must wait for. */
  after(group: number): ReadonlySet<number> {
    const known = this.parents.get(group) ?? new Set([...this.facts.of(this.groups[group]!).dependsOn].flatMap(d => this.groupOf.get(d) ?? []));
    this.parents.set(group, known);
    return known;
  }

  /** Groups on a cycle; empty when there is none. */
  cycle(): number[] {
    const state = new Map<number, 'open' | 'done'>();
    const path: number[] = [];
    const visit = (g: number): number[] => {
      if (state.get(g) === 'done') {
        return [];
      }
      if (state.get(g) === 'open') {
        return path.slice(path.indexOf(g));
      }
      state.set(g, 'open');
      path.push(g);
      for (const next of this.after(g)) {
        const found = visit(next);
        if (found.length > 0) {
          return found;
        }
      }
      path.pop();
      state.set(g, 'done');
      return [];
    };
    for (const g of this.groups.keys()) {
      const found = visit(g);
      if (found.length > 0) {
        return found;
      }
    }
    return [];
  }

  /** The first name of which some group would see a wrong value. */
  conflict(): VersionConflict | null {
    for (const g of this.groups.keys()) {
      for (const entry of this.inputsOf(g)) {
        const seen = entry.overwrittenBy ?? this.lostBy(entry);
        if (seen !== null) {
          return { name: entry.name, user: entry.user, meant: entry.from, seen };
        }
      }
    }
    return null;
  }

  /** A unit in the step that makes a value, by which it is another when the step ends. */
  private lostBy({ name, from }: Entry): number | null {
    const maker = this.groupOf.get(from);
    const last = maker === undefined ? undefined : this.cellsOf(maker).findLast(c => c > from && (changes(this.unit(c), name) || this.unit(c).ghosts.has(name)));
    return last ?? null;
  }

  /** The same with several groups as one. */
  merge(...indexes: number[]): Partition {
    const merged = indexes.flatMap(i => this.groups[i]!).sort((a, b) => a - b);
    return this.with([...this.groups.filter((_, i) => !indexes.includes(i)), merged]);
  }

  /** The same cells in other groups. */
  with(groups: readonly (readonly number[])[]): Partition {
    return new Partition(this.facts, [...groups].sort((a, b) => a[0]! - b[0]!));
  }

  isValid(): boolean {
    return this.cycle().length === 0 && this.conflict() === null;
  }
}
