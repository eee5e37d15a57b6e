import type { StoredFile, StoredValue } from '@slipway/kernels-bridge';
import type { AnalyzedStep, PipelineOptions, ResourcesInput, StepOptions } from '@slipway/schema';
import type { JobSpec } from '../scheduler';
import { folderOf, type PipelineContent } from './content';
import { ancestors } from './dag';
import { injectedCell } from './injected-cell';
import type { StepOutcome } from './step-outcome';
import { wiredSteps } from './wiring';

export type Limits = JobSpec['limits'];

/** What a step gets when nobody said otherwise. */
export const DEFAULT_LIMITS: Limits = { memoryBytes: 4 * 2 ** 30, cpus: 1, timeoutMs: 3_600_000, logBytes: 50_000_000 };

/** A value a step takes, and the step that made it. */
export interface StepInput {
  value: StoredValue;
  from: string;
}

/** What a step is told besides what the steps before it made. */
export interface Given {
  /** Python literals by variable. */
  literals?: Record<string, string>;
  /** A value that takes the place of the input of its name. */
  value?: StoredValue;
  env?: Record<string, string>;
}

/** What deciding about a step's job needs of its run. */
export interface StepPlace {
  content: PipelineContent;
  step: AnalyzedStep;
  options: StepOptions;
  sources: ReadonlyMap<string, string>;
  outcomes: ReadonlyMap<string, StepOutcome>;
}

/** Each name a step takes comes from the last step before it that gave it; names nobody gave are left out. */
export function inputsOf({ content, step, outcomes }: Pick<StepPlace, 'content' | 'step' | 'outcomes'>): StepInput[] {
  const before = ancestors(wiredSteps(content), step.name);
  return step.inputs.flatMap(name => {
    const maker = before.findLast(s => s.outputs.includes(name) && outcomes.has(s.name));
    const value = maker && outcomes.get(maker.name)?.values.find(v => v.name === name);
    return value ? [{ value, from: maker.name }] : [];
  });
}

/** Names a step takes that some step before it gives, but none did in this run. */
export function missingInputs(place: Pick<StepPlace, 'content' | 'step' | 'outcomes'>): string[] {
  const there = new Set(inputsOf(place).map(i => i.value.name));
  const before = ancestors(wiredSteps(place.content), place.step.name);
  return place.step.inputs.filter(name => !there.has(name) && before.some(s => s.outputs.includes(name)));
}

/** The version's modules, then what earlier steps wrote; a later file hides an earlier one of its path. */
export function inputFilesOf(content: PipelineContent, step: AnalyzedStep, outcomes: ReadonlyMap<string, StepOutcome>): StoredFile[] {
  const written = ancestors(wiredSteps(content), step.name).flatMap(s => outcomes.get(s.name)?.files ?? []);
  return [...new Map([...content.modules, ...written].map(f => [f.path, f])).values()];
}

/** Everything the attempt of a step needs, as plain data. */
export function stepJobSpec(place: StepPlace, limits: Limits, given: Given = {}): JobSpec {
  const { content, step, options, sources, outcomes } = place;
  const told = new Set([...Object.keys(given.literals ?? {}), ...(given.value ? [given.value.name] : [])]);
  const spread = content.wiring?.spread[step.name];
  const mlflowRuns = ancestors(wiredSteps(content), step.name).flatMap(s => outcomes.get(s.name)?.logged?.map(run => run.id) ?? []);
  return {
    kernelName: content.kernelName,
    folder: folderOf(content),
    cells: [...injectedCell(given.literals ?? {}), ...step.cells.map(id => ({ id, source: sources.get(id) ?? '' }))],
    inputs: [...inputsOf(place).map(i => i.value).filter(v => !told.has(v.name)), ...(given.value ? [given.value] : [])],
    inputFiles: inputFilesOf(content, step, outcomes),
    outputs: step.outputs,
    ...(spread && { spread }),
    ...(mlflowRuns.length > 0 && { mlflowRuns: [...new Set(mlflowRuns)] }),
    models: content.models.filter(m => step.cells.includes(m.cellId)),
    env: given.env ?? {},
    ...(options.secrets && { secretRefs: options.secrets }),
    ...(options.resources && options.resources.ranks > 1 && { ranks: options.resources.ranks }),
    limits: limitsOf(options, limits)
  };
}

/** What the step asks for, where it asks for something; `limits` is what it gets else. */
function limitsOf(options: StepOptions, limits: Limits): Limits {
  const { resources, timeoutMs } = options;
  // The default of the contract may be more than this machine has.
  const memoryBytes = resources && resources.memoryBytes !== DEFAULT_LIMITS.memoryBytes ? resources.memoryBytes : limits.memoryBytes;
  return { ...limits, memoryBytes, ...(resources && { cpus: resources.cpus }), ...(timeoutMs !== undefined && { timeoutMs }) };
}

/** What the steps ask of this machine, or its cluster, or of an engine, as their jobs will; without those that ask for nothing of their own. */
export function resourcesAsked(options: PipelineOptions | undefined, limits: Limits): Record<string, { engine: string; resources: ResourcesInput; isPreemptible: boolean }> {
  const asking = Object.entries(options?.steps ?? {}).filter(([, step]) => step.resources !== undefined || step.engine !== undefined);
  return Object.fromEntries(
    asking.map(([name, step]) => {
      const { cpus, memoryBytes } = limitsOf(step, limits);
      return [name, { engine: step.engine ?? 'local', resources: { ...step.resources, cpus, memoryBytes }, isPreemptible: step.isPreemptible ?? false }];
    })
  );
}
