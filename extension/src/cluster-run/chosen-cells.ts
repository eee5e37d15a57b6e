import type { Notebook as NotebookWidget } from '@jupyterlab/notebook';
import type { Notebook } from '@slipway/schema';

/** Ids of the selected code cells as the daemon has them: nbformat's, else `#` and the position. */
export function chosenCells(notebook: Notebook, widget: Pick<NotebookWidget, 'widgets' | 'isSelectedOrActive'>): string[] {
  return notebook.cells.flatMap((cell, index) => {
    const shown = widget.widgets[index];
    return shown && cell.cell_type === 'code' && widget.isSelectedOrActive(shown) ? [cell.id ?? `#${index}`] : [];
  });
}

/** The notebook without what its cells showed: a run does not look at it, and it may be large. */
export function withoutOutputs(notebook: Notebook): Notebook {
  return { ...notebook, cells: notebook.cells.map(cell => (cell.cell_type === 'code' ? { ...cell, outputs: [], execution_count: null } : cell)) };
}
