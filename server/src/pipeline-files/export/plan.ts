import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PipelineOptions, type Constant, type Scalar, type StepOptions } from '@slipway/schema';
import { packageRoot } from '../../core/package-root';
import { defaultParams, folderOf, wiredSteps, type PipelineContent } from '../../pipelines';
import type { KnownStarters } from '../starters';
import { allBefore } from '../step-order';
import { clockOf, starterWarnings, type Clock } from './clock';

/** A pipeline to be exported. */
export interface Exportable {
  name: string;
  content: PipelineContent;
  starters: KnownStarters;
}

/** A piece of a cell: text, or where a parameter is written in. */
export type Piece = string | { param: string; float: boolean };

/** A variable, and the step that makes it; the others that make it too, where not all of them run, nearest first. */
export interface PlannedInput {
  variable: string;
  from: string;
  otherwise: string[];
  isCollected: boolean;
}

export interface PlannedStep {
  name: string;
  /** Letters, digits, `_`: what every target takes as a name. */
  id: string;
  cells: Piece[][];
  params: string[];
  /** By variable, the id of the step that makes it. */
  inputs: PlannedInput[];
  outputs: string[];
  after: string[];
  options: StepOptions;
}

/** What every target is written from. */
export interface Plan {
  name: string;
  folder: string;
  params: Record<string, Scalar>;
  steps: PlannedStep[];
  options: PipelineOptions;
  /** The one schedule a target takes. */
  schedule: Clock | null;
  warnings: string[];
  /** The text of the runner that exports carry. */
  runner: string;
}

/** The parts of a pipeline that any orchestrator knows; what none can have is warned of. */
export function planOf({ name, content, starters }: Exportable): Plan {
  const options = content.options ?? PipelineOptions.parse({});
  const wired = wiredSteps(content);
  const ids = idsOf(wired.map(s => s.name));
  const warnings = [...generalWarnings(content, options), ...starterWarnings(starters)];
  const steps = wired.map((step): PlannedStep => {
    const before = allBefore(wired, step.name);
    const own = options.steps[step.name] ?? {};
    const cells = step.cells.map(id => piecesOf(content.cells.find(c => c.id === id)!, content.constants));
    const inputs = step.inputs.flatMap(variable => {
      const [maker, ...others] = wired.filter(s => before.has(s.name) && s.outputs.includes(variable)).reverse();
      // Of alternatives, the one that ran; of steps that all run, the last.
      const otherwise = maker && isConditional(options, maker.name) ? others.map(s => ids.get(s.name)!) : [];
      return maker ? [{ variable, from: ids.get(maker.name)!, otherwise, isCollected: options.steps[maker.name]?.map !== undefined }] : [];
    });
    const params = [...new Set(cells.flat().flatMap(piece => (typeof piece === 'string' ? [] : [piece.param])))];
    return { name: step.name, id: ids.get(step.name)!, cells, params, inputs, outputs: step.outputs, after: step.after.map(a => ids.get(a)!), options: own };
  });
  return { name, folder: folderOf(content), params: defaultParams(content), steps, options, schedule: clockOf(starters), warnings, runner: runnerText() };
}

function isConditional({ steps }: PipelineOptions, name: string): boolean {
  const own = steps[name];
  return own?.when !== undefined || own?.branch !== undefined || own?.runIf !== undefined;
}

function piecesOf(cell: { id: string; source: string }, constants: readonly Constant[]): Piece[] {
  const pieces: Piece[] = [];
  let at = 0;
  for (const { name, from, to } of constants.filter(c => c.cellId === cell.id).sort((a, b) => a.from - b.from)) {
    pieces.push(cell.source.slice(at, from), { param: name, float: /^[+-]?[\d_]*(\.|\d[eE])/.test(cell.source.slice(from, to)) });
    at = to;
  }
  return [...pieces, cell.source.slice(at)].filter(piece => piece !== '');
}

function idsOf(names: readonly string[]): Map<string, string> {
  const ids = new Map<string, string>();
  for (const name of names) {
    const base = name.replace(/[^A-Za-z0-9]+/g, '_').replace(/^_+|_+$/g, '').replace(/^(\d)/, 's$1').slice(0, 50).toLowerCase() || 'step';
    let id = base;
    for (let count = 2; [...ids.values()].includes(id); count++) {
      id = `${base}_${count}`;
    }
    ids.set(name, id);
  }
  return ids;
}

function generalWarnings(content: PipelineContent, options: PipelineOptions): string[] {
  const steps = Object.entries(options.steps);
  const said = (test: (o: StepOptions) => unknown, text: (names: string) => string): string[] => {
    const names = steps.filter(([, o]) => test(o)).map(([name]) => name);
    return names.length > 0 ? [text(names.join(', '))] : [];
  };
  return [
    ...(content.modules.length > 0 ? [`Local modules (${content.modules.map(m => m.path).join(', ')}) are not part of the export: put them where the steps run.`] : []),
    ...(content.models.length > 0 ? ['Models are not registered: the cells save them as they did in the notebook.'] : []),
    ...said(o => o.secrets, names => `Secrets of ${names}: give them as environment variables of the same names.`),
    ...said(o => o.cache, names => `The step cache (${names}) is Slipway’s own.`),
    ...said(o => o.engine && o.engine !== 'local', names => `The engine of ${names}: the target decides where steps run.`),
    ...said(o => o.isPreemptible, names => `Preemption of ${names}.`),
    ...said(o => o.rules, names => `Training rules of ${names}.`),
    ...said(o => (o.resources?.ranks ?? 1) > 1, names => `Ranks of ${names}: the cells run in one process.`),
    ...(options.notifications.length > 0 ? ['Notifications.'] : []),
    ...(options.deadlineMs !== undefined ? ['The deadline alert.'] : []),
    ...(options.project !== undefined ? ['The project whose quota is used.'] : [])
  ];
}

function runnerText(): string {
  return readFileSync(join(packageRoot(), 'kernels-bridge/python/slipway/standalone.py'), 'utf8');
}

/** A Python literal of plain data: JSON’s words for true, false and null are other ones there. */
export function pythonData(value: unknown): string {
  if (Array.isArray(value)) {
    return `[${value.map(pythonData).join(', ')}]`;
  }
  if (value !== null && typeof value === 'object') {
    return `{${Object.entries(value).map(([key, held]) => `${JSON.stringify(key)}: ${pythonData(held)}`).join(', ')}}`;
  }
  return value === true ? 'True' : value === false ? 'False' : value === null || value === undefined ? 'None' : typeof value === 'string' ? pythonText(value) : String(value);
}

/** Text as a Python string on one line. */
export function pythonText(text: string): string {
  return JSON.stringify(text).replace(/[\u007f-\uffff]/g, c => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`).replace(/\\ud[89ab][0-9a-f]{2}\\ud[c-f][0-9a-f]{2}/gi, pair => `\\U${String.fromCharCode(parseInt(pair.slice(2, 6), 16), parseInt(pair.slice(8, 12), 16)).codePointAt(0)!.toString(16).padStart(8, '0')}`);
}
