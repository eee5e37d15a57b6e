import type { IDocumentManager } from '@jupyterlab/docmanager';
import type { INotebookTracker, NotebookPanel } from '@jupyterlab/notebook';
import { localPath } from './paths';

const FLASH_MS = 1_600;

/**
 * Shows a cell of a notebook, opening the notebook if it is not open: selects
 * it, scrolls to it, lights it up for a moment.
 *
 * @param path absolute on disk, or as JupyterLab knows it; null is the current notebook
 */
export async function revealCell(notebooks: INotebookTracker, documents: IDocumentManager, path: string | null, cellId: string | null): Promise<void> {
  const panel = path === null ? notebooks.currentWidget : openNotebook(documents, path);
  if (!panel) {
    return;
  }
  await panel.context.ready;
  await panel.revealed;
  panel.activate();
  const index = panel.content.widgets.findIndex(cell => cell.model.id === cellId);
  const cell = panel.content.widgets[index];
  if (!cell) {
    return;
  }
  panel.content.activeCellIndex = index;
  await panel.content.scrollToItem(index, 'center');
  cell.addClass('jp-SlipwayFlash');
  setTimeout(() => cell.isDisposed || cell.removeClass('jp-SlipwayFlash'), FLASH_MS);
}

/** A script is shown as it is: its cells are lines. */
function openNotebook(documents: IDocumentManager, path: string): NotebookPanel | undefined {
  const known = path.startsWith('/') || path.startsWith('~') ? localPath(path) : path;
  if (known !== null && !known.endsWith('.ipynb')) {
    documents.openOrReveal(known);
    return undefined;
  }
  return known === null ? undefined : (documents.openOrReveal(known, 'Notebook') as NotebookPanel | undefined);
}
