/**
 * What a fragment asks for: those that MLflow's client prints and its users keep.
 *
 * @param {string} hash `#/experiments/1/runs/…`, perhaps with a tab or a query behind
 * @returns {{ kind: string } & Record<string, string>}
 */
export function placeOf(hash) {
  const parts = hash
    .replace(/^#\/?/, '')
    .split('?')[0]
    .split('/')
    .filter(part => part !== '')
    .map(decoded);
  const [first, name, second, id] = parts;
  if (first === 'experiments' && name !== undefined) {
    const inner = { runs: { kind: 'run', runId: id }, models: { kind: 'logged-model', modelId: id } }[second];
    return inner && id !== undefined ? inner : { kind: 'experiment', experimentId: name };
  }
  if (first === 'runs' && name !== undefined) {
    return { kind: 'run', runId: name };
  }
  if (first === 'models' && name !== undefined) {
    return second === 'versions' && id !== undefined ? { kind: 'version', name, version: id } : { kind: 'model', name };
  }
  return parts.length === 0 || (parts.length === 1 && first === 'experiments') ? { kind: 'home' } : { kind: 'unknown' };
}

function decoded(part) {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
