import { createHash } from 'node:crypto';
import { dirname } from 'node:path';
import type { StoredFile } from '@slipway/kernels-bridge';
import type { AnalyzedStep, Constant, Draft, PipelineOptions, PipelineSpec, Scalar } from '@slipway/schema';
import { InvalidInput } from '../core/errors';
import { applyParams } from '../notebooks';
import { ancestors, inOrder } from './dag';
import { optionsOf } from './options';
import { checkOptions } from './options-check';
import { wiringOf, type Wiring } from './wiring';

/** A whole notebook or script that is one step. */
export interface NotebookStep {
  /** Relative to the folder the steps run in. */
  path: string;
  params: Record<string, Scalar>;
  env: Record<string, string | { param: string }>;
}

/** All that a pipeline version is made of, and all that running it needs. */
export interface PipelineContent {
  /** Where the cells come from, in whose folder the steps run. */
  notebookPath: string;
  /** What `notebookPath` is where it is no notebook: the script or the file of a pipeline, or a module that declares one. */
  sourceKind?: 'file' | 'module';
  kernelName: string;
  /** Needed cells in document order, as the notebook has them. */
  cells: { id: string; source: string }[];
  /** In topological order. */
  steps: AnalyzedStep[];
  /** The constants that are parameters, with the notebook's values. */
  constants: Constant[];
  /** Values the pipeline has in place of the notebook's. */
  paramValues: Record<string, Scalar>;
  models: { cellId: string; variable: string; dataName: string | null }[];
  /** Local modules the cells import, as they were when saved; laid over the notebook's folder. */
  modules: StoredFile[];
  /** By step; absent where there are none. */
  notebookSteps?: Record<string, NotebookStep>;
  /** Absent where there are none, so that such content keeps the hash it had before there were any. */
  options?: PipelineOptions;
  /** What the options add to the steps; absent where they add nothing. */
  wiring?: Wiring;
}

/** What a draft becomes once its parameters are chosen. @throws InvalidInput `unknown_param` */
export function contentOf(input: {
  draft: Draft;
  spec: Pick<PipelineSpec, 'params' | 'paramValues'>;
  notebookPath: string;
  kernelName: string;
  modules: StoredFile[];
  options?: PipelineOptions;
}): PipelineContent {
  const { draft, spec } = input;
  const known = new Map(draft.constants.map(c => [c.name, c]));
  const paramValues = spec.paramValues ?? {};
  for (const name of [...(spec.params ?? []), ...Object.keys(paramValues)]) {
    if (!known.has(name)) {
      throw new InvalidInput('unknown_param', `There is no constant ${name}; there are: ${[...known.keys()].join(', ') || 'none'}.`);
    }
  }
  const chosen = spec.params && new Set([...spec.params, ...Object.keys(paramValues)]);
  const models = draft.models.map(({ cellId, variable, dataName }) => ({ cellId, variable, dataName }));
  const cells = draft.cells.filter(c => c.isNeeded).map(({ id, source }) => ({ id, source }));
  const constants = draft.constants.filter(c => !chosen || chosen.has(c.name));
  applyParams(cells, constants, paramValues); // refuses a value of the wrong type here and now
  return withOptions({
    notebookPath: input.notebookPath,
    kernelName: input.kernelName,
    cells,
    steps: carryScoredData(inOrder(draft.steps), models, draft),
    constants,
    paramValues,
    models,
    modules: input.modules
  }, input.options);
}

/** The same content with other options. @throws InvalidInput `invalid_options` */
export function withOptions({ options: _options, wiring: _wiring, ...bare }: PipelineContent, options: PipelineOptions | undefined): PipelineContent {
  const content: PipelineContent = { ...bare, ...optionsOf(options) };
  const wiring = wiringOf(content, content.cells);
  const wired = { ...content, ...(wiring && { wiring }) };
  if (options) {
    checkOptions({ ...wired, options }, defaultParams(wired)); // as it was written: a step that is not there is told even if nothing is said of it
  }
  return wired;
}

/** The version's identity: SHA-256 over its content, keys in a fixed order. */
export function contentHash(content: PipelineContent): string {
  return createHash('sha256').update(canonicalJson(content)).digest('hex');
}

/** The value of each parameter when a run names none. */
export function defaultParams(content: PipelineContent): Record<string, Scalar> {
  return { ...Object.fromEntries(content.constants.map(c => [c.name, c.value])), ...content.paramValues };
}

/** Sources of the cells with the parameters written in. @throws InvalidInput `unknown_param`, `param_type` */
export function sourcesWith(content: PipelineContent, params: Record<string, Scalar>): Map<string, string> {
  const values = { ...content.paramValues, ...params };
  return new Map(applyParams(content.cells, content.constants, values).map(c => [c.id, c.source]));
}

export function folderOf(content: PipelineContent): string {
  return dirname(content.notebookPath);
}

/** JSON with sorted keys: equal values give equal text. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, v: unknown) =>
    v !== null && typeof v === 'object' && !Array.isArray(v) ? Object.fromEntries(Object.entries(v).sort(([a], [b]) => (a < b ? -1 : 1))) : v
  );
}

/**
 * A model's signature and example come from the rows it was scored on. Where a
 * step saves a model but does not hold those rows, they are carried to it from
 * the step before it that made them.
 */
function carryScoredData(steps: AnalyzedStep[], models: PipelineContent['models'], draft: Draft): AnalyzedStep[] {
  const defines = new Map(draft.analysis.cells.map(c => [c.id, c.defines]));
  const makes = (step: AnalyzedStep, name: string): boolean => step.cells.some(id => defines.get(id)?.includes(name));
  const result = steps.map(s => ({ ...s, inputs: [...s.inputs], outputs: [...s.outputs] }));
  for (const { cellId, dataName } of models) {
    const saver = result.find(s => s.cells.includes(cellId));
    if (!saver || dataName === null || saver.inputs.includes(dataName) || makes(saver, dataName)) {
      continue;
    }
    const maker = ancestors(result, saver.name).findLast(s => makes(s, dataName));
    if (maker) {
      saver.inputs.push(dataName);
      maker.outputs = [...new Set([...maker.outputs, dataName])];
    }
  }
  return result;
}
