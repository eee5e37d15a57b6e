/** A step as far as its order goes. */
interface Ordered {
  name: string;
  after: readonly string[];
}

/** Steps on a cycle in the order they wait for each other; null where there is none. */
export function cycleOf(steps: readonly Ordered[]): string[] | null {
  const byName = new Map(steps.map(s => [s.name, s]));
  const done = new Set<string>();
  const path: string[] = [];
  const visit = (name: string): string[] | null => {
    if (done.has(name)) {
      return null;
    }
    if (path.includes(name)) {
      return path.slice(path.indexOf(name));
    }
    path.push(name);
    for (const before of byName.get(name)?.after ?? []) {
      const found = visit(before);
      if (found) {
        return found;
      }
    }
    path.pop();
    done.add(name);
    return null;
  };
  for (const { name } of steps) {
    const found = visit(name);
    if (found) {
      return found;
    }
  }
  return null;
}

/** Names of all steps before one. */
export function allBefore(steps: readonly Ordered[], name: string): Set<string> {
  const byName = new Map(steps.map(s => [s.name, s]));
  const found = new Set<string>();
  const pending = [...(byName.get(name)?.after ?? [])];
  while (pending.length > 0) {
    const next = pending.pop()!;
    if (!found.has(next)) {
      found.add(next);
      pending.push(...(byName.get(next)?.after ?? []));
    }
  }
  return found;
}
