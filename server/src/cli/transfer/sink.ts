import type { ImportedModel, RunImport } from '@slipway/schema';
import type { z } from 'zod';

export type RunBatch = z.input<typeof RunImport>;

/** Where a transfer goes: a daemon, or a folder of files. */
export interface Sink {
  /** Takes a batch; gives, for each run and logged model, what to call its folder of files. */
  runs(batch: RunBatch): Promise<Map<string, string>>;
  model(model: ImportedModel): Promise<void>;
  /** Files of that folder that are there, by path, with their sizes: a transfer that broke off goes on after them. */
  present(folder: string): Promise<ReadonlyMap<string, number>>;
  file(folder: string, path: string, bytes: () => Promise<ReadableStream<Uint8Array>>): Promise<void>;
}

/** What was transferred, for the last line of a command. */
export interface Totals {
  experiments: number;
  runs: number;
  points: number;
  loggedModels: number;
  /** Sent now. */
  files: number;
  /** There already, of the same size. */
  filesThere: number;
  models: number;
  versions: number;
  /** What could not be taken along, and why. */
  left: string[];
}

/** Sends a file, unless one of its size is there under its name. */
export async function sendFile(sink: Sink, totals: Totals, to: { folder: string; path: string; there: ReadonlyMap<string, number> }, file: { sizeBytes: number | null; bytes: () => Promise<ReadableStream<Uint8Array>> }): Promise<void> {
  if (file.sizeBytes !== null && to.there.get(to.path) === file.sizeBytes) {
    totals.filesThere++;
    return;
  }
  await sink.file(to.folder, to.path, file.bytes);
  totals.files++;
}

export function noTotals(): Totals {
  return { experiments: 0, runs: 0, points: 0, loggedModels: 0, files: 0, filesThere: 0, models: 0, versions: 0, left: [] };
}
