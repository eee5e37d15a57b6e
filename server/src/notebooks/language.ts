import type { Notebook } from '@slipway/schema';
import { isPython } from '../core/languages';
import { codeCells, type CodeCell } from './notebook';

/** The language of a notebook that is not written in Python, as its kernel calls it; null for Python, and where nothing tells. */
export function foreignLanguage({ metadata }: Notebook): string | null {
  const told = metadata.language_info?.name ?? metadata.kernelspec?.language;
  return typeof told !== 'string' || told === '' || isPython(told) ? null : told;
}

/** What the user is told of such a notebook. */
export function foreignNote(language: string): string {
  return `This notebook is written in ${language}: only Python notebooks are analysed and made into pipelines; its cells are tracked by source, time and status`;
}

/** The code cells as Python may read them: those of another language say nothing. */
export function pythonCells(notebook: Notebook): CodeCell[] {
  return foreignLanguage(notebook) === null ? codeCells(notebook) : codeCells(notebook).map(cell => ({ ...cell, source: '' }));
}
