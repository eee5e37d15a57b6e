const MAX = 250;

/**
 * A name as MLflow takes it for a metric or param: letters, digits and `_-. :/`
 * as a plain relative path. Notebooks have others: `Tree.depth#2`, `R² (test)`.
 */
export function mlflowKey(name: string): string {
  const plain = name.replace(/#(\d+)$/, ' $1').replace(/[^\p{L}\p{M}\p{N}_.\- :/]/gu, '_');
  const path = plain.split('/').filter(part => part !== '' && part !== '.' && part !== '..');
  return path.join('/').slice(0, MAX) || '_';
}

/** The values under their MLflow keys; of two names with one key the first counts. */
export function underMlflowKeys<T>(values: readonly (readonly [string, T])[]): Record<string, T> {
  const keyed = new Map<string, T>();
  for (const [name, value] of values) {
    const key = mlflowKey(name);
    if (!keyed.has(key)) {
      keyed.set(key, value);
    }
  }
  return Object.fromEntries(keyed);
}
