import type { Analysis, Notebook } from '@slipway/schema';
import { analyze } from '..';

/** A notebook of code cells `a`, `b`, `c`, … with these sources. */
export function notebookOf(...sources: string[]): Notebook {
  return {
    nbformat: 4,
    nbformat_minor: 5,
    metadata: {},
    cells: sources.map((source, i) => ({ id: idAt(i), cell_type: 'code', source, metadata: {}, outputs: [], execution_count: null }))
  };
}

export function idAt(index: number): string {
  return index < 26 ? String.fromCharCode(97 + index) : `c${index}`;
}

export function analysisOf(...sources: string[]): Analysis {
  return analyze(notebookOf(...sources));
}

/** `defines | uses | mutates` of the last cell, each a list in words. */
export function lastCell(...sources: string[]): string {
  const { defines, uses, mutates } = analysisOf(...sources).cells.at(-1)!;
  return [defines, uses, mutates].map(names => names.join(' ')).join(' | ');
}

/** Direct dependencies of the last cell, as letters in one word. */
export function lastDependencies(...sources: string[]): string {
  const { cells, dependencies } = analysisOf(...sources);
  return dependencies[cells.at(-1)!.id]!.join('');
}

/** The needed cells of the notebook, as letters in one word. */
export function neededOf(...sources: string[]): string {
  return analysisOf(...sources).needed.join('');
}
