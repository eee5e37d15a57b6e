import { createHash } from 'node:crypto';
import type { StepRead } from '@slipway/kernels-bridge';
import { normalizedSource } from '../notebooks';
import type { JobSpec } from '../scheduler';
import { canonicalJson } from './content';
import type { StepInput } from './step-job';

/**
 * What a stored result was made by; a change makes every key new, so that
 * nothing kept by the older way is reused.
 */
export interface KeyVersions {
  /** Raise when stored values are written or read otherwise (`slipway/step/values.py`, `functions.py`). */
  codec: number;
  /**
   * Raise when the hook would say something else of the same cells: a metric's
   * name or step, what counts as one, what counts as a read or an impurity
   * (`slipway/hook`, `metric-functions.ts`). Else a cached step would give its
   * metrics under names that a fresh run no longer uses.
   */
  evidence: number;
}
const VERSIONS: KeyVersions = { codec: 2, evidence: 2 };

/**
 * What is known of a step before it runs: its code, what it takes, where it
 * runs. `keys` holds the key of each step whose result may be reused. Parquet,
 * npy and JSON count by their bytes; a pickle counts by the key of the step
 * that made it, for its bytes differ between processes.
 */
export function baseKey(spec: JobSpec, inputs: readonly StepInput[], keys: ReadonlyMap<string, string>, environmentLock: string, versions = VERSIONS): string {
  return hash({
    versions,
    environmentLock,
    folder: spec.folder,
    cells: spec.cells.map(c => [c.id, normalizedSource(c.source)]),
    inputs: inputs.map(({ value, from }) => [value.name, value.codec === 'cloudpickle' || value.codec === 'list' ? (keys.get(from) ?? value.digest) : value.digest]),
    files: spec.inputFiles.map(f => [f.path, f.digest]),
    outputs: spec.outputs,
    models: spec.models,
    env: spec.env,
    // Left out where there are none: keys of before stay what they were.
    ...(spec.spread && { spread: spec.spread }),
    ...(spec.ranks !== undefined && { ranks: spec.ranks }),
    ...(spec.secretRefs && { secretRefs: spec.secretRefs })
  });
}

/** The whole key: the base, and what the code turned out to read. */
export function stepKey(base: string, reads: readonly StepRead[], envRead: Record<string, string | null>): string {
  const seen = reads.map(r => [r.kind, r.path, r.digest].join('\0')).sort();
  return hash({ base, reads: seen, envRead });
}

function hash(value: unknown): string {
  return createHash('sha256').update(canonicalJson(value)).digest('hex');
}
