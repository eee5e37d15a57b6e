export interface CellUri {
  notebookPath: string;
  cellId: string;
}

/** Takes a `cell:NOTEBOOK#CELL@HASH` apart; null for any other URI. */
export function readCellUri(uri: string): CellUri | null {
  const [, notebookPath, cellId] = /^cell:(.*)#([^#]*?)(?:@[^@]*)?$/.exec(uri) ?? [];
  return notebookPath === undefined || cellId === undefined ? null : { notebookPath: safeDecode(notebookPath), cellId: safeDecode(cellId) };
}

function safeDecode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
