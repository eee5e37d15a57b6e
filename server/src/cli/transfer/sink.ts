import type { ImportedModel, RunImport } from '@slipway/schema';
import type { z } from 'zod';

export type RunBatch = z.input<typeof RunImport>;

/** Where a transfer goes: a daemon, or a folder of files. */
export interface Sink {
  /** Takes a batch; gives, for each run and logged model, what to call its folder of files. */
  runs(batch: RunBatch): Promise<Map<string, string>>;
  model(model: ImportedModel): Promise<void>;
  file(folder: string, path: string, bytes: () => Promise<ReadableStream<Uint8Array>>): Promise<void>;
}

/** What was transferred, for the last line of a command. */
export interface Totals {
  experiments: number;
  runs: number;
  points: number;
  loggedModels: number;
  files: number;
  models: number;
  versions: number;
  /** What could not be taken along, and why. */
  left: string[];
}

export function noTotals(): Totals {
  return { experiments: 0, runs: 0, points: 0, loggedModels: 0, files: 0, models: 0, versions: 0, left: [] };
}
