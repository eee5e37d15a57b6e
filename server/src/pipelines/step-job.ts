import type { StoredFile, StoredValue } from '@slipway/kernels-bridge';
import type { AnalyzedStep } from '@slipway/schema';
import type { JobSpec } from '../scheduler';
import { folderOf, type PipelineContent } from './content';
import { ancestors } from './dag';
import type { StepOutcome } from './step-outcome';

export type Limits = JobSpec['limits'];

/** What a step gets when nobody said otherwise. */
export const DEFAULT_LIMITS: Limits = { memoryBytes: 4 * 2 ** 30, cpus: 1, timeoutMs: 3_600_000, logBytes: 50_000_000 };

/** A value a step takes, and the step that made it. */
export interface StepInput {
  value: StoredValue;
  from: string;
}

/** Each name a step takes comes from the last step before it that gives it; names nobody gave are left out. */
export function inputsOf(content: PipelineContent, step: AnalyzedStep, outcomes: ReadonlyMap<string, StepOutcome>): StepInput[] {
  const before = ancestors(content.steps, step.name);
  return step.inputs.flatMap(name => {
    const maker = before.findLast(s => s.outputs.includes(name));
    const value = maker && outcomes.get(maker.name)?.values.find(v => v.name === name);
    return value ? [{ value, from: maker.name }] : [];
  });
}

/** The version's modules, then what earlier steps wrote; a later file hides an earlier one of its path. */
export function inputFilesOf(content: PipelineContent, step: AnalyzedStep, outcomes: ReadonlyMap<string, StepOutcome>): StoredFile[] {
  const written = ancestors(content.steps, step.name).flatMap(s => outcomes.get(s.name)?.files ?? []);
  return [...new Map([...content.modules, ...written].map(f => [f.path, f])).values()];
}

/** Everything the attempt of a step needs, as plain data. */
export function stepJobSpec(
  content: PipelineContent,
  step: AnalyzedStep,
  sources: ReadonlyMap<string, string>,
  outcomes: ReadonlyMap<string, StepOutcome>,
  limits: Limits
): JobSpec {
  return {
    kernelName: content.kernelName,
    folder: folderOf(content),
    cells: step.cells.map(id => ({ id, source: sources.get(id) ?? '' })),
    inputs: inputsOf(content, step, outcomes).map(i => i.value),
    inputFiles: inputFilesOf(content, step, outcomes),
    outputs: step.outputs,
    models: content.models.filter(m => step.cells.includes(m.cellId)),
    env: {},
    limits
  };
}
