interface Entry {
  map: Map<string, unknown>;
  key: string;
  had: boolean;
  old: unknown;
}
type Changes = Map<Map<string, unknown>, Map<string, { value: unknown; has: boolean }>>;

/** Remembers changes of maps, so that the branches of an `if` can be walked from the same start and joined. */
export class Trail {
  private readonly entries: Entry[] = [];

  set<V>(map: Map<string, V>, key: string, value: V): void {
    this.note(map as Map<string, unknown>, key);
    map.set(key, value);
  }

  delete<V>(map: Map<string, V>, key: string): void {
    this.note(map as Map<string, unknown>, key);
    map.delete(key);
  }

  /**
   * Walks each branch from the present state, then leaves what `merge` makes of
   * the ends. A branch that returns false has left (return, raise) and does not count.
   */
  branch(branches: readonly (() => boolean)[], merge: (map: Map<string, unknown>, ends: unknown[]) => unknown): boolean {
    const ends: Changes[] = [];
    for (const walk of branches) {
      const mark = this.entries.length;
      const stays = walk();
      const changes = this.rollback(mark);
      if (stays) {
        ends.push(changes);
      }
    }
    for (const [map, keys] of union(ends)) {
      for (const key of keys) {
        const values = ends.map(e => e.get(map)?.get(key) ?? { value: map.get(key), has: map.has(key) });
        this.set(map, key, merge(map, values.map(v => (v.has ? v.value : undefined))));
      }
    }
    return ends.length > 0;
  }

  /** Starts over: nothing before is undone any more. */
  clear(): void {
    this.entries.length = 0;
  }

  private note(map: Map<string, unknown>, key: string): void {
    this.entries.push({ map, key, had: map.has(key), old: map.get(key) });
  }

  private rollback(mark: number): Changes {
    const changes: Changes = new Map();
    while (this.entries.length > mark) {
      const { map, key, had, old } = this.entries.pop()!;
      const keys = changes.get(map) ?? new Map<string, { value: unknown; has: boolean }>();
      changes.set(map, keys);
      if (!keys.has(key)) {
        keys.set(key, { value: map.get(key), has: map.has(key) });
      }
      if (had) {
        map.set(key, old);
      } else {
        map.delete(key);
      }
    }
    return changes;
  }
}

function union(ends: readonly Changes[]): Map<Map<string, unknown>, Set<string>> {
  const all = new Map<Map<string, unknown>, Set<string>>();
  for (const [map, keys] of ends.flatMap(e => [...e])) {
    const known = all.get(map) ?? new Set();
    all.set(map, known);
    [...keys.keys()].forEach(k => known.add(k));
  }
  return all;
}
