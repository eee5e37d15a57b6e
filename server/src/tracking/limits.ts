import { InvalidInput } from '../core/errors';

/** MLflow's limits; longer values are cut where MLflow cuts, else refused. */
export const LIMITS = { key: 250, param: 6_000, tag: 8_000, experimentName: 500, experimentTag: 5_000, metricsPerBatch: 1_000, paramsPerBatch: 100, tagsPerBatch: 100, perBatch: 1_000 } as const;

/** @throws {InvalidInput} if a key is empty, too long, not a plain relative path, or has characters MLflow refuses */
export function checkKey(kind: 'metric' | 'param' | 'tag', key: string): void {
  if (key === '' || key.length > LIMITS.key) {
    throw new InvalidInput('invalid_key', `Invalid value for the name of a ${kind}: it has ${key.length} characters, allowed are 1 to ${LIMITS.key}.`);
  }
  const isPlainPath = !key.startsWith('/') && key.split('/').every(part => part !== '' && part !== '.' && part !== '..');
  // Python's \w, by which MLflow judges: letters and digits of every script.
  if (!/^[/\p{L}\p{M}\p{N}_.\- :]*$/u.test(key) || !isPlainPath) {
    throw new InvalidInput('invalid_key', `Invalid ${kind} name: '${key}'. Names may only contain alphanumerics, underscores (_), dashes (-), periods (.), spaces ( ), colon(:) and slashes (/), as a plain relative path.`);
  }
}

/** At most so many characters as Python counts them: no half of a surrogate pair. PostgreSQL keeps no NUL in text. */
export function cut(value: string, length: number): string {
  const text = value.replaceAll('\0', '\uFFFD');
  return text.length <= length ? text : [...text].slice(0, length).join('');
}

/** @throws {InvalidInput} unless the name can be an experiment's */
export function checkExperimentName(name: string): void {
  if (name === '') {
    throw new InvalidInput('invalid_name', "Invalid experiment name: ''. Experiment name cannot be empty.");
  }
  if (name.length > LIMITS.experimentName || name.includes('\0')) {
    throw new InvalidInput('invalid_name', `'name' exceeds the maximum length of ${LIMITS.experimentName} characters.`);
  }
}
