import { FileSchedule, FileTrigger, PipelineOptions, type FileStep, type PipelineFile, type PipelineSourceFile } from '@slipway/schema';
import { basename, dirname, relative } from 'node:path';
import { stringify } from 'yaml';
import type { z } from 'zod';
import { constantsOf, modelsOf } from '../notebooks';
import { canonicalJson, folderOf, type PipelineContent } from '../pipelines';
import { buildContent } from './build';
import { lean, leanOptions } from './lean-options';
import { scriptAsNotebook } from './notebook-step';
import { printScript } from './percent-script';
import { readSources, SUFFIX } from './read-sources';
import type { KnownStarters } from './starters';

export interface Printed {
  files: PipelineSourceFile[];
  file: PipelineFileInput;
}

/** A pipeline file as it is written: without what has a default. */
export type PipelineFileInput = Partial<Omit<PipelineFile, 'schedules' | 'triggers'>> &
  Pick<PipelineFile, 'slipway' | 'name' | 'steps'> & { schedules?: Record<string, Partial<FileSchedule>>; triggers?: Record<string, Partial<FileTrigger>> };

/** A pipeline as files that make the same content again; `folder` is where they are to lie. */
export function printFiles(name: string, content: PipelineContent, options: { folder?: string; starters?: KnownStarters } = {}): Printed {
  const folder = options.folder ?? folderOf(content);
  const base = headOf(name, content, folder, options.starters ?? { schedules: [], triggers: [] });
  const script = base.script ?? `${name}.py`;
  const own = content.cells.filter(c => !isOfNotebook(content, c.id));
  const scriptText = printScript(own.map(c => ({ ...c, title: titleOf(content, c.id) })));
  const filesWith = (file: PipelineFileInput): PipelineSourceFile[] => [
    { path: `${name}${SUFFIX}`, text: printYaml(file) },
    ...(own.length > 0 ? [{ path: script, text: scriptText }] : [])
  ];
  const terse = { ...base, steps: Object.fromEntries(content.steps.map(step => [step.name, stepOf(content, step, () => false)])) };
  const isRight = missing(content, folder, filesWith(terse));
  const file = { ...terse, steps: Object.fromEntries(content.steps.map(step => [step.name, stepOf(content, step, field => !isRight(step.name, field))])) };
  return { files: filesWith(file), file };
}

/** YAML as a person would write it: no folding, no anchors, the order of the format. */
export function printYaml(file: PipelineFileInput): string {
  return stringify(file, { lineWidth: 0, aliasDuplicateObjects: false, schema: 'core' });
}

function headOf(name: string, content: PipelineContent, folder: string, { schedules, triggers }: KnownStarters): PipelineFileInput {
  const { constants, models, options, sourceKind, notebookPath, kernelName, paramValues } = content;
  const own = content.cells.filter(c => !isOfNotebook(content, c.id));
  const all = constantsOf(own).length + constants.filter(c => isOfNotebook(content, c.cellId)).length;
  const found = modelsOf(content.cells).map(({ cellId, variable, dataName }) => ({ cellId, variable, dataName }));
  const { steps: _steps, ...whole } = leanOptions(options ?? PipelineOptions.parse({}));
  const isScript = sourceKind === 'file' && dirname(notebookPath) === folder;
  const script = sourceKind === 'module' ? `${name}.cells.py` : isScript && !notebookPath.endsWith(SUFFIX) ? basename(notebookPath) : undefined;
  return {
    slipway: 1,
    name,
    ...(kernelName !== 'python3' && { kernel: kernelName }),
    ...(!isScript && { notebook: relative(folder, notebookPath) || basename(notebookPath) }),
    ...(script !== undefined && script !== `${name}.py` && { script }),
    ...(constants.length !== all && { params: constants.map(c => c.name) }),
    ...(Object.keys(paramValues).length > 0 && { paramValues }),
    steps: {},
    ...(canonicalJson(found) !== canonicalJson(models) && { models: models.map(m => ({ cell: m.cellId, variable: m.variable, ...(m.dataName !== null && { data: m.dataName }) })) }),
    ...whole,
    ...(schedules.length > 0 && { schedules: byName(FileSchedule, schedules) }),
    ...(triggers.length > 0 && { triggers: byName(FileTrigger, triggers) })
  };
}

/** In the order of their names, whatever order they were made in. */
function byName<T>(schema: z.ZodType<T>, specs: readonly { name: string }[]): Record<string, Partial<T>> {
  const sorted = [...specs].sort((a, b) => (a.name < b.name ? -1 : 1));
  return Object.fromEntries(sorted.map(({ name, ...spec }) => [name, lean(schema, spec)]));
}

/** A step as the file has it; empty lists are written only where their absence would mean another thing. */
function stepOf(content: PipelineContent, step: PipelineContent['steps'][number], isNeeded: (field: 'inputs' | 'outputs' | 'after') => boolean): FileStep {
  const notebook = content.notebookSteps?.[step.name];
  const own = content.options?.steps[step.name];
  const types = step.types ?? {};
  const typed = (names: readonly string[]): FileStep['inputs'] => (names.some(n => types[n] !== undefined) ? Object.fromEntries(names.map(n => [n, types[n] ?? 'any'])) : [...names]);
  const isOwnCell = step.cells.length === 1 && step.cells[0] === step.name;
  return {
    ...(notebook ? { notebook: notebook.path, ...some('params', notebook.params), ...some('env', notebook.env) } : !isOwnCell && { cells: step.cells }),
    ...((step.after.length > 0 || isNeeded('after')) && { after: step.after }),
    ...((step.inputs.length > 0 || isNeeded('inputs')) && { inputs: typed(step.inputs) }),
    ...((step.outputs.length > 0 || isNeeded('outputs')) && { outputs: typed(step.outputs) }),
    ...(own && leanOptions(PipelineOptions.parse({ steps: { [step.name]: own } })).steps[step.name])
  };
}

const some = <K extends string, V extends object>(key: K, value: V): Partial<Record<K, V>> => (Object.keys(value).length > 0 ? ({ [key]: value } as Record<K, V>) : {});

/** Tells of each list of a step whether the files as they are make it again. */
function missing(content: PipelineContent, folder: string, files: readonly PipelineSourceFile[]): (step: string, field: 'inputs' | 'outputs' | 'after') => boolean {
  try {
    const sources = readSources(folder, files);
    const stub = new Map(Object.entries(content.notebookSteps ?? {}).map(([name, n]) => [n.path, scriptAsNotebook(content.cells.filter(c => c.id.startsWith(`${name}/`)).map(c => c.source).join('\n'))]));
    const made = new Map(buildContent({ ...sources, notebooks: stub }).content.steps.map(s => [s.name, s]));
    const wanted = new Map(content.steps.map(s => [s.name, s]));
    return (step, field) => canonicalJson(made.get(step)?.[field] ?? null) === canonicalJson(wanted.get(step)![field]);
  } catch {
    return () => false; // what cannot be left out is written
  }
}

function isOfNotebook(content: PipelineContent, cellId: string): boolean {
  return Object.keys(content.notebookSteps ?? {}).some(step => cellId.startsWith(`${step}/`));
}

/** Which steps run a cell, for who reads the script. */
function titleOf(content: PipelineContent, cellId: string): string {
  const steps = content.steps.filter(s => s.cells.includes(cellId)).map(s => s.name);
  return steps.length === 1 && steps[0] === cellId ? '' : steps.length > 3 ? 'several steps' : steps.join(', ').replace(/[\r\n]+/g, ' ').trim();
}

