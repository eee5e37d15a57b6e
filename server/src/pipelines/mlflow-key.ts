/** MLflow's longest key. */
const KEY_LENGTH = 250;

/** A name as MLflow takes it for a param or metric: what it refuses becomes `_`, so `fit.n#2` is `fit.n_2`. */
export function mlflowKey(name: string): string {
  const parts = name.replace(/[^/\p{L}\p{M}\p{N}_.\- :]/gu, '_').split('/');
  return parts.map(part => (part === '' || part === '.' || part === '..' ? '_' : part)).join('/').slice(0, KEY_LENGTH);
}
