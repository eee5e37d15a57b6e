import type { Notebook, Scalar } from '@slipway/schema';
import { constantsOf, pythonLiteral, sourceOf } from '../notebooks';
import type { NotebookStep } from '../pipelines';

export interface StepCell {
  id: string;
  source: string;
}

export interface ExpandedNotebook {
  cells: StepCell[];
  /** The cell whose constants are the notebook's parameters; null where there are none. */
  paramsCell: StepCell | null;
  warnings: string[];
}

/** Papermill's name for the cell it puts behind the one tagged `parameters`. */
export const INJECTED = 'injected-parameters';

/**
 * The cells of a notebook run whole. As papermill does, a cell with the values
 * is put behind the one tagged `parameters`, else before all others; its
 * constants are the step's parameters, all that the tagged cell sets included.
 */
export function expandNotebook(stepName: string, notebook: Notebook, step: NotebookStep): ExpandedNotebook {
  const code = notebook.cells.map((cell, index) => ({ cell, id: `${stepName}/${cell.id ?? `#${index}`}` })).filter(({ cell }) => cell.cell_type === 'code');
  const tagged = code.findIndex(({ cell }) => cell.metadata?.tags?.includes('parameters'));
  const own = tagged < 0 ? [] : constantsOf([{ id: 'parameters', source: sourceOf(code[tagged]!.cell) }]).filter(c => /^[A-Za-z_]\w*$/.test(c.name));
  const values = { ...Object.fromEntries(own.map(c => [c.name, c.value])), ...step.params };
  const paramsCell = Object.keys(values).length === 0 ? null : { id: `${stepName}/${INJECTED}`, source: assignments(values, own) };
  const cells = code.map(({ cell, id }) => ({ id, source: sourceOf(cell) }));
  const env = Object.keys(step.env).length === 0 ? [] : [{ id: `${stepName}/environment`, source: environmentCell(step.env) }];
  cells.splice(tagged + 1, 0, ...(paramsCell ? [paramsCell] : []), ...env);
  const unknown = tagged < 0 ? [] : Object.keys(step.params).filter(name => !own.some(c => c.name === name));
  return {
    cells,
    paramsCell,
    warnings: [
      ...(tagged < 0 && Object.keys(step.params).length > 0 ? [`No cell of ${step.path} has the tag \`parameters\`: the values are set before its first cell.`] : []),
      ...unknown.map(name => `The cell tagged \`parameters\` in ${step.path} sets no ${name}.`)
    ]
  };
}

/** A Python script as a notebook of one cell. */
export function scriptAsNotebook(text: string): Notebook {
  return { nbformat: 4, nbformat_minor: 5, metadata: {}, cells: [{ id: 'script', cell_type: 'code', source: text, metadata: {} }] };
}

function assignments(values: Record<string, Scalar>, own: readonly { name: string; isFloat: boolean }[]): string {
  return ['# Parameters', ...Object.entries(values).map(([name, value]) => `${name} = ${pythonLiteral(value, own.some(c => c.name === name && c.isFloat))}`)].join('\n');
}

function environmentCell(env: NotebookStep['env']): string {
  const lines = Object.entries(env).map(([name, value]) => `os.environ[${pythonLiteral(name)}] = ${typeof value === 'string' ? pythonLiteral(value) : `str(${value.param})`}`);
  return ['import os', '', ...lines].join('\n');
}
