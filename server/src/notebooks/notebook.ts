import { Notebook } from '@slipway/schema';
import { InvalidInput } from '../core/errors';

export type NotebookCell = Notebook['cells'][number];

/** A code cell and its place. */
export interface CodeCell {
  id: string;
  /** Position in the notebook from 1, markdown counted. */
  ordinal: number;
  source: string;
}

/** Reads a notebook of nbformat 4. @throws InvalidInput `notebook_invalid` */
export function parseNotebook(json: unknown): Notebook {
  const parsed = Notebook.safeParse(json);
  if (parsed.success) {
    return parsed.data;
  }
  const version = (json as { nbformat?: unknown } | null)?.nbformat;
  const [issue] = parsed.error.issues;
  const why = typeof version === 'number' && version !== 4 ? `it has nbformat ${version}; open it in JupyterLab and save it to bring it to 4` : `${issue!.path.join('.') || 'the file'}: ${issue!.message}`;
  throw new InvalidInput('notebook_invalid', `This is no notebook that can be read: ${why}.`, {
    cause: parsed.error,
    errors: parsed.error.issues.slice(0, 20).map(i => ({ path: i.path.join('.'), message: i.message }))
  });
}

/** nbformat's id of a cell, or `#` and its position for one without. */
export function cellIdOf(cell: Pick<NotebookCell, 'id'>, index: number): string {
  return cell.id ?? `#${index}`;
}

/** A cell's text; nbformat may hold it in lines. */
export function sourceOf(cell: Pick<NotebookCell, 'source'>): string {
  return (Array.isArray(cell.source) ? cell.source.join('') : cell.source).replace(/\r\n?/g, '\n');
}

/** The code cells in document order. */
export function codeCells(notebook: Notebook): CodeCell[] {
  return notebook.cells.flatMap((cell, index) => (cell.cell_type === 'code' ? [{ id: cellIdOf(cell, index), ordinal: index + 1, source: sourceOf(cell) }] : []));
}
