import { createHash } from 'node:crypto';
import type { StepRead } from '@slipway/kernels-bridge';
import { normalizedSource } from '../notebooks';
import type { JobSpec } from '../scheduler';
import { canonicalJson } from './content';
import type { StepInput } from './step-job';

/** Raised when what a stored result means changes. */
const CODEC_VERSION = 1;

/**
 * What is known of a step before it runs: its code, what it takes, where it
 * runs. `keys` holds the key of each step whose result may be reused. Parquet,
 * npy and JSON count by their bytes; a pickle counts by the key of the step
 * that made it, for its bytes differ between processes.
 */
export function baseKey(spec: JobSpec, inputs: readonly StepInput[], keys: ReadonlyMap<string, string>, environmentLock: string): string {
  return hash({
    codec: CODEC_VERSION,
    environmentLock,
    folder: spec.folder,
    cells: spec.cells.map(c => [c.id, normalizedSource(c.source)]),
    inputs: inputs.map(({ value, from }) => [value.name, value.codec === 'cloudpickle' ? (keys.get(from) ?? value.digest) : value.digest]),
    files: spec.inputFiles.map(f => [f.path, f.digest]),
    outputs: spec.outputs,
    models: spec.models,
    env: spec.env
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
