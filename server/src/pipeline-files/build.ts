import { PipelineOptions, type Constant, type Notebook, type PipelineFile } from '@slipway/schema';
import { join, normalize } from 'node:path';
import { AppError } from '../core/errors';
import { applyParams, constantsOf, modelsOf } from '../notebooks';
import { withOptions, type NotebookStep, type PipelineContent } from '../pipelines';
import { expandNotebook, type StepCell } from './notebook-step';
import type { ScriptCell } from './percent-script';
import { placed, Problems, type Place } from './problems';
import type { Locate } from './read-yaml';
import { checkStarters, startersOf, type Starters } from './starters';
import { wireSteps } from './wire-steps';

/** A pipeline as files say it, read but not yet judged. */
export interface Sources {
  file: PipelineFile;
  /** The file as it stands, nothing filled in. */
  value: Record<string, unknown>;
  locate: Locate;
  /** Of the file that holds the pipeline; absolute. */
  folder: string;
  cells: readonly Pick<ScriptCell, 'id' | 'source' | 'line'>[];
  script: string;
  /** By the path in the file. */
  notebooks: ReadonlyMap<string, Notebook>;
}

export interface Built {
  name: string;
  /** Without the local modules, which only the daemon reads. */
  content: PipelineContent;
  starters: Starters;
  warnings: string[];
}

/** What the files make. @throws PipelineFileInvalid with the place of every fault */
export function buildContent(sources: Sources, problems = new Problems()): Built {
  const { file, locate } = sources;
  const parts = new Map(Object.keys(file.steps).map(name => [name, cellsOfStep(name, sources, problems)]));
  problems.throwIfAny();
  const used = new Set([...parts.values()].flatMap(part => part.cells.map(c => c.id)));
  const scriptCells = sources.cells.filter(c => used.has(c.id)).map(({ id, source }) => ({ id, source }));
  const cells = [...scriptCells, ...[...parts.values()].flatMap(part => (part.notebook ? part.cells : []))];
  const models = settleModels(sources, cells, problems);
  const scored = new Map([...parts].map(([name, { cells: own }]) => [name, models.flatMap(m => (own.some(c => c.id === m.cellId) && m.dataName !== null ? [m.dataName] : []))]));
  const steps = wireSteps({ file, locate, problems, scored, cellsOf: new Map([...parts].map(([name, part]) => [name, part.cells])) });
  const constants = settleConstants(sources, scriptCells, parts, cells, problems);
  problems.throwIfAny();
  sources.cells.filter(c => !used.has(c.id)).forEach(c => problems.warn({ file: sources.script, line: c.line, column: 1 }, `No step runs the cell ${c.id}: it is left out.`));
  const notebookSteps = Object.fromEntries([...parts].flatMap(([name, part]) => (part.notebook ? [[name, part.notebook]] : [])));
  const bare: PipelineContent = {
    notebookPath: pathOf(sources, scriptCells.length > 0),
    ...(file.notebook === undefined ? { sourceKind: 'file' as const } : file.notebook.endsWith('.py') && { sourceKind: 'module' as const }),
    kernelName: file.kernel,
    cells,
    steps: steps!,
    constants,
    paramValues: file.paramValues ?? {},
    models,
    modules: [],
    ...(Object.keys(notebookSteps).length > 0 && { notebookSteps })
  };
  checkStarters(file, bare, locate, problems);
  const content = withCheckedOptions(bare, sources, problems);
  problems.throwIfAny();
  return { name: file.name, content, starters: startersOf(file), warnings: problems.warnings };
}

interface Part {
  cells: StepCell[];
  notebook?: NotebookStep;
  paramsCell: StepCell | null;
}

function cellsOfStep(name: string, sources: Sources, problems: Problems): Part {
  const { file, locate, cells } = sources;
  const step = file.steps[name]!;
  if (step.notebook !== undefined) {
    return notebookPart(name, sources, problems);
  }
  for (const field of ['params', 'env'] as const) {
    if (step[field] !== undefined) {
      problems.add(locate(['steps', name, field], 'key'), `\`${field}\` belongs to a step with \`notebook\`; here write it in the cells.`);
    }
  }
  const found = (step.cells ?? [name]).flatMap((id, i): StepCell[] => {
    const cell = cells.find(c => c.id === id);
    if (!cell) {
      const there = cells.map(c => c.id).slice(0, 20).join(', ') || 'none';
      const at: Place = step.cells ? locate(['steps', name, 'cells', i]) : locate(['steps', name], 'key');
      problems.add(at, `${sources.script} has no cell ${id}; there are: ${there}.${step.cells ? '' : ' A step without `cells` runs the cell of its own name.'}`);
    }
    return cell ? [{ id: cell.id, source: cell.source }] : [];
  });
  return { cells: found, paramsCell: null };
}

function notebookPart(name: string, { file, locate, notebooks }: Sources, problems: Problems): Part {
  const step = file.steps[name]!;
  const path = normalize(step.notebook!);
  const at = locate(['steps', name, 'notebook']);
  const notebook = notebooks.get(step.notebook!);
  if (step.cells) {
    problems.add(locate(['steps', name, 'cells'], 'key'), 'A step runs cells or a notebook, not both.');
  }
  if (path.startsWith('..')) {
    problems.add(at, `${step.notebook} lies outside the folder of the file, which is all that steps see.`);
  }
  if (!notebook) {
    problems.add(at, `The notebook ${step.notebook} is not there.`);
    return { cells: [], paramsCell: null };
  }
  for (const [variable, value] of Object.entries(step.env ?? {})) {
    if (typeof value !== 'string' && step.params?.[value.param] === undefined) {
      problems.add(locate(['steps', name, 'env', variable]), `${value.param} is none of the step’s params.`);
    }
  }
  const told: NotebookStep = { path, params: step.params ?? {}, env: step.env ?? {} };
  const { cells, paramsCell, warnings } = expandNotebook(name, notebook, told);
  warnings.forEach(text => problems.warn(at, text));
  if (cells.length === 0) {
    problems.add(at, `${step.notebook} has no code cell.`);
  }
  return { cells, paramsCell, notebook: told };
}

function settleModels({ file, locate }: Sources, cells: readonly StepCell[], problems: Problems): PipelineContent['models'] {
  if (!file.models) {
    return modelsOf(cells).map(({ cellId, variable, dataName }) => ({ cellId, variable, dataName }));
  }
  return file.models.map(({ cell, variable, data }, i) => {
    if (!cells.some(c => c.id === cell)) {
      problems.add(locate(['models', i, 'cell']), `No step runs a cell ${cell}.`);
    }
    return { cellId: cell, variable, dataName: data ?? null };
  });
}

/** Parameters: constants of the script’s cells, and what whole notebooks declare. */
function settleConstants(sources: Sources, scriptCells: readonly StepCell[], parts: ReadonlyMap<string, Part>, cells: readonly StepCell[], problems: Problems): Constant[] {
  const { file, locate } = sources;
  const found = [...constantsOf(scriptCells)];
  for (const [step, { paramsCell }] of parts) {
    for (const constant of paramsCell ? constantsOf([paramsCell]) : []) {
      const name = found.some(f => f.name === constant.name) ? `${step}.${constant.name}` : constant.name;
      found.push({ ...constant, name });
    }
  }
  const constants = found.map(({ isFloat: _isFloat, ...constant }) => constant);
  const there = `there are: ${constants.map(c => c.name).join(', ') || 'none'}`;
  file.params?.forEach((name, i) => {
    if (!constants.some(c => c.name === name)) {
      problems.add(locate(['params', i]), `There is no constant ${name} in the cells; ${there}.`);
    }
  });
  for (const [name, value] of Object.entries(file.paramValues ?? {})) {
    placed(locate(['paramValues', name]), problems, () => applyParams(cells, constants, { [name]: value }));
  }
  const chosen = file.params && new Set([...file.params, ...Object.keys(file.paramValues ?? {})]);
  return constants.filter(c => !chosen || chosen.has(c.name));
}

function withCheckedOptions(bare: PipelineContent, { file, locate }: Sources, problems: Problems): PipelineContent {
  try {
    return withOptions(bare, optionsIn(file));
  } catch (error) {
    if (!(error instanceof AppError) || !error.errors) {
      throw error;
    }
    error.errors.forEach(fault => problems.add(locate(pathInFile(fault.path, file)), fault.message));
    problems.throwIfAny();
    throw error;
  }
}

/** `options.steps.train.when` as keys of the file; names of steps may hold dots. */
function pathInFile(path: string, file: PipelineFile): (string | number)[] {
  const parts = path.replace(/^options\./, '').split('.');
  const rest = parts.slice(1).join('.');
  const step = parts[0] === 'steps' && Object.keys(file.steps).find(name => rest === name || rest.startsWith(`${name}.`));
  const keys = step ? ['steps', step, ...rest.slice(step.length + 1).split('.').filter(key => key !== '')] : parts;
  return keys.map(key => (/^\d+$/.test(key) ? Number(key) : key));
}

function pathOf({ file, folder, script }: Sources, hasScript: boolean): string {
  return file.notebook !== undefined ? join(folder, file.notebook) : join(folder, hasScript ? script : `${file.name}.pipeline.yaml`);
}

const NOT_OPTIONS = new Set(['cells', 'notebook', 'params', 'env', 'after', 'inputs', 'outputs']);

function optionsIn(file: PipelineFile): PipelineOptions {
  const steps = Object.fromEntries(Object.entries(file.steps).map(([name, step]) => [name, Object.fromEntries(Object.entries(step).filter(([key]) => !NOT_OPTIONS.has(key)))]));
  const { humanSteps, maxActiveRuns, priority, timeoutMs, deadlineMs, project, notifications } = file;
  const given = { steps, humanSteps, maxActiveRuns, priority, timeoutMs, deadlineMs, project, notifications };
  return PipelineOptions.parse(Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)));
}

