import type { DataAccess } from '@slipway/schema';

/** `cell:NOTEBOOK#CELL@SOURCEHASH`: one version of one cell, wherever and however often it ran. */
export function cellUri(notebookKey: string, cellId: string | null, sourceHash: string): string {
  return `cell:${notebookKey}#${cellId ?? ''}@${sourceHash}`;
}

/** `dataset:PATH@sha256:DIGEST`; the path alone where the file was too large to digest. */
export function datasetUri(data: Pick<DataAccess, 'path' | 'digest'>): string {
  return data.digest === null ? `dataset:${data.path}` : `dataset:${data.path}@sha256:${data.digest}`;
}

export function runUri(runId: string): string {
  return `run:${runId}`;
}
