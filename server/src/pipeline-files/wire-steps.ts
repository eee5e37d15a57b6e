import type { AnalyzedStep, FileStep, PipelineFile } from '@slipway/schema';
import { namesOf, type CellNames } from '../notebooks';
import { inOrder } from '../pipelines';
import type { Problems } from './problems';
import type { Locate } from './read-yaml';
import { allBefore, cycleOf } from './step-order';
import { mayBe } from './types';

/** A step of a file with its cells, not yet joined to the others. */
interface Loose {
  name: string;
  step: FileStep;
  cells: readonly { id: string; source: string }[];
  names: CellNames;
  inputs: string[] | null;
  outputs: string[] | null;
  after: string[];
}

export interface WireInput {
  file: PipelineFile;
  locate: Locate;
  cellsOf: ReadonlyMap<string, readonly { id: string; source: string }[]>;
  /** Rows that models are scored on, by the step that saves them. */
  scored: ReadonlyMap<string, readonly string[]>;
  problems: Problems;
}

/**
 * Steps joined by what they give and take: what a step does not declare is
 * read from its cells, in the order of the file. Null when the problems say
 * why it cannot be.
 */
export function wireSteps(input: WireInput): AnalyzedStep[] | null {
  const { file, locate, problems } = input;
  const loose = Object.entries(file.steps).map(([name, step]) => looseStep(name, step, input));
  const known = new Set(loose.map(s => s.name));
  for (const { name, step } of loose) {
    step.after?.forEach((before, i) => {
      if (!known.has(before)) {
        problems.add(locate(['steps', name, 'after', i]), `There is no step ${before}; there are: ${[...known].join(', ')}.`);
      }
    });
  }
  checkHumanSteps(file, known, locate, problems);
  loose.forEach((step, index) => takeWhatIsMade(step, loose, index));
  const cycle = cycleOf(loose);
  if (cycle) {
    const [first] = cycle;
    problems.add(locate(['steps', first!, 'after']), `These steps wait for each other: ${[...cycle, first].reverse().join(' → ')}.`);
  }
  if (!problems.isEmpty) {
    return null;
  }
  const ordered = inOrder(loose);
  const wired = ordered.map(step => joined(step, ordered, input));
  return problems.isEmpty ? withOutputs(ordered, wired) : null;
}

function looseStep(name: string, step: FileStep, { cellsOf, scored }: WireInput): Loose {
  const cells = cellsOf.get(name) ?? [];
  const names = namesOf(cells);
  if (step.map) {
    names.needs.delete(step.map.as);
    names.needs.add(step.map.over);
  }
  const rows = (scored.get(name) ?? []).filter(data => !names.binds.has(data));
  rows.forEach(data => names.needs.add(data));
  return { name, step, cells, names, inputs: declared(step.inputs), outputs: declared(step.outputs), after: [...(step.after ?? [])] };
}

/** Settles what a step takes, and what it comes after for that. */
function takeWhatIsMade(step: Loose, all: readonly Loose[], index: number): void {
  const makerOf = (name: string): Loose | undefined => all.slice(0, index).findLast(s => gives(s, name)) ?? (step.inputs ? all.find(s => s !== step && gives(s, name)) : undefined);
  const isWhole = step.step.notebook !== undefined;
  step.inputs ??= isWhole ? [] : [...step.names.needs].filter(name => makerOf(name) !== undefined).sort();
  if (step.step.after === undefined) {
    const makers = new Set(step.inputs.flatMap(name => makerOf(name)?.name ?? []));
    step.after = all.filter(s => makers.has(s.name)).map(s => s.name);
  }
}

const gives = (step: Loose, name: string): boolean => (step.outputs ? step.outputs.includes(name) : step.names.binds.has(name));

function joined(step: Loose, all: readonly Loose[], { locate, problems }: WireInput): AnalyzedStep {
  const before = allBefore(all, step.name);
  const takes = step.inputs!;
  takes.forEach((name, i) => {
    const at = locate(['steps', step.name, 'inputs', Array.isArray(step.step.inputs) ? i : name], 'key');
    const maker = all.findLast(s => before.has(s.name) && gives(s, name));
    if (!maker) {
      const elsewhere = all.filter(s => s !== step && gives(s, name)).map(s => s.name);
      problems.add(at, `No step before ${step.name} gives ${name}${elsewhere.length > 0 ? `; ${elsewhere.join(' and ')} would: name it in \`after\`` : ''}.`);
      return;
    }
    const [given, taken] = [typeOf(maker.step.outputs, name), typeOf(step.step.inputs, name)];
    if (given !== undefined && taken !== undefined && !mayBe(given, taken)) {
      problems.add(locate(['steps', step.name, 'inputs', name]), `${step.name} takes ${name} as ${taken}, but ${maker.name} gives it as ${given}.`);
    }
  });
  step.outputs?.forEach((name, i) => {
    if (!step.names.binds.has(name) && !takes.includes(name)) {
      problems.warn(locate(['steps', step.name, 'outputs', Array.isArray(step.step.outputs) ? i : name], 'key'), `No cell of ${step.name} is seen to make ${name}.`);
    }
  });
  const missing = step.step.notebook === undefined ? [...step.names.needs].filter(name => !takes.includes(name) && name !== step.step.map?.over) : [];
  if (missing.length > 0) {
    problems.warn(locate(['steps', step.name], 'key'), `${step.name} uses ${missing.join(', ')}, which it neither makes nor takes.`);
  }
  const types = { ...typesOf(step.step.inputs), ...typesOf(step.step.outputs) };
  return { name: step.name, cells: step.cells.map(c => c.id), inputs: takes, outputs: step.outputs ?? [], after: step.after, ...(Object.keys(types).length > 0 && { types }) };
}

/** Steps that do not say what they give, give what later ones take. */
function withOutputs(all: readonly Loose[], wired: readonly AnalyzedStep[]): AnalyzedStep[] {
  const taken = new Map(all.map(s => [s.name, new Set<string>()]));
  for (const step of wired) {
    const before = allBefore(wired, step.name);
    step.inputs.forEach(name => taken.get(all.findLast(s => before.has(s.name) && gives(s, name))!.name)!.add(name));
  }
  return wired.map((step, i) => (all[i]!.outputs ? step : { ...step, outputs: [...taken.get(step.name)!].sort() }));
}

function checkHumanSteps(file: PipelineFile, known: ReadonlySet<string>, locate: Locate, problems: Problems): void {
  for (const [index, human] of (file.humanSteps ?? []).entries()) {
    for (const part of ['after', 'before'] as const) {
      human[part].forEach((name, i) => {
        if (!known.has(name) && !file.humanSteps!.some(h => h.name === name)) {
          problems.add(locate(['humanSteps', index, part, i]), `There is no step ${name}; there are: ${[...known].join(', ')}.`);
        }
      });
    }
    if (known.has(human.name)) {
      problems.add(locate(['humanSteps', index, 'name']), `The name ${human.name} is taken by a step.`);
    }
  }
}

function declared(names: FileStep['inputs']): string[] | null {
  return names === undefined ? null : Array.isArray(names) ? names : Object.keys(names);
}

function typesOf(names: FileStep['inputs']): Record<string, string> {
  return names === undefined || Array.isArray(names) ? {} : names;
}

const typeOf = (names: FileStep['inputs'], name: string): string | undefined => typesOf(names)[name];
