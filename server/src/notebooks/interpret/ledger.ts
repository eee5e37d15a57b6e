/** All that each unit rests on, directly or not. */
export class Ancestors {
  private readonly sets: Set<number>[] = [];

  /** Told once a unit's dependencies are complete, in order. */
  close(unit: number, dependsOn: Iterable<number>): void {
    const all = new Set<number>();
    for (const d of dependsOn) {
      all.add(d);
      this.sets[d]?.forEach(a => all.add(a));
    }
    this.sets[unit] = all;
  }

  of(unit: number): ReadonlySet<number> | undefined {
    return this.sets[unit];
  }
}

/**
 * Who changed what last: for each name or resource the units whose work its
 * present state rests on and that do not rest on one another. Mostly one; two
 * where an alias was changed without the name itself being used.
 */
export class Ledger {
  private readonly units = new Map<string, readonly number[]>();

  constructor(private readonly ancestors: Ancestors) {}

  lastOf(key: string): readonly number[] | undefined {
    return this.units.get(key);
  }

  keys(): IterableIterator<string> {
    return this.units.keys();
  }

  bind(key: string, unit: number): void {
    this.units.set(key, [unit]);
  }

  /** The unit changed it; those before it remain where it does not rest on them. */
  change(key: string, unit: number): void {
    const before = this.units.get(key) ?? [];
    const resting = this.ancestors.of(unit);
    this.units.set(key, [...before.filter(u => u !== unit && !resting?.has(u)), unit]);
  }

  forget(key: string): void {
    this.units.delete(key);
  }
}
