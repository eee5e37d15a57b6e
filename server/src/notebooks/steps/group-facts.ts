import type { Graph } from '../graph';
import type { Unit } from '../interpret/unit';

/** A value that enters a group. */
export interface Entry {
  name: string;
  /** Unit whose value it is. */
  from: number;
  /** The first unit of the group that uses it. */
  user: number;
  /** Unit whose value would be seen instead, where the group itself is in the way. */
  overwrittenBy: number | null;
}

/** What is known of a group on its own, whatever the others are. */
export interface GroupFacts {
  /** Its cells and the replicated ones it rests on, in document order. */
  cells: readonly number[];
  entries: readonly Entry[];
  /** Units outside that it rests on, replicated ones not counted. */
  dependsOn: ReadonlySet<number>;
}

/** Facts of groups, found once for each: partitions share most of their groups. */
export class Facts {
  private readonly byGroup = new WeakMap<readonly number[], GroupFacts>();
  private readonly definitions = new Map<number, ReadonlySet<number>>();

  constructor(
    readonly graph: Graph,
    readonly replicated: ReadonlySet<number>
  ) {}

  of(group: readonly number[]): GroupFacts {
    const known = this.byGroup.get(group) ?? this.find(group);
    this.byGroup.set(group, known);
    return known;
  }

  private find(group: readonly number[]): GroupFacts {
    const own = new Set(group);
    group.forEach(u => this.definitionsOf(u).forEach(d => own.add(d)));
    const cells = [...own].sort((a, b) => a - b);
    const dependsOn = new Set(group.flatMap(u => [...this.unit(u).dependsOn].filter(d => !own.has(d) && !this.replicated.has(d))));
    return { cells, entries: this.entriesOf(cells, own), dependsOn };
  }

  /** Replicated units that a unit rests on, directly or through other replicated ones. */
  private definitionsOf(unit: number): ReadonlySet<number> {
    const known = this.definitions.get(unit);
    if (known) {
      return known;
    }
    const found = new Set<number>();
    for (const d of this.unit(unit).dependsOn) {
      if (this.replicated.has(d)) {
        found.add(d);
        this.definitionsOf(d).forEach(inner => found.add(inner));
      }
    }
    this.definitions.set(unit, found);
    return found;
  }

  private entriesOf(cells: readonly number[], own: ReadonlySet<number>): Entry[] {
    const entries = new Map<string, Entry>();
    const lastChange = new Map<string, number>();
    for (const user of cells) {
      const unit = this.unit(user);
      for (const [name, providers] of [...unit.uses, ...unit.weak]) {
        const from = Math.max(-1, ...providers);
        const known = entries.get(name);
        if (from < 0 || own.has(from) || (known && known.from === from && lastChange.get(name) === undefined)) {
          continue;
        }
        const overwrittenBy = lastChange.get(name) ?? (known && known.from !== from ? known.from : null);
        if (!known || overwrittenBy !== null) {
          entries.set(name, { name, from, user, overwrittenBy: overwrittenBy ?? known?.overwrittenBy ?? null });
        }
      }
      changedNames(unit).forEach(name => lastChange.set(name, user));
    }
    return [...entries.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  unit(index: number): Unit {
    return this.graph.units[index]!;
  }
}

/** Names whose value a unit leaves other than it found it. */
export function changedNames(unit: Unit): string[] {
  return [...unit.defines, ...unit.mutates, ...unit.deletes];
}

export function changes(unit: Unit, name: string): boolean {
  return unit.defines.has(name) || unit.mutates.has(name) || unit.deletes.has(name);
}
