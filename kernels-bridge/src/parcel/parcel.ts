import { join } from 'node:path';
import type { StepResult, StepSpec } from '../step/spec';

/**
 * A step as a folder that an engine's node can read and write, which is all
 * that daemon and node share:
 *
 *     spec.json     what to run; the runner removes it once read, for it may hold secrets
 *     blobs/        inputs, and files of earlier steps, by digest
 *     folder/       the notebook's folder, where it is copied
 *     claim         made by the first runner that starts: a second one ends at once
 *     alive         touched while the runner lives
 *     log           the step's log, as it grows
 *     live          what it measures and uses, as it comes, a line each (`live.ts`)
 *     engine.log    what the engine caught of the runner's own output
 *     cancel        made by the daemon: the runner stops the step
 *     out/          what the step left, by digest
 *     outcome.json  how it ended; there once all else is
 *     gang/, ranks/ of several processes: where they meet, and what each but the first leaves
 */
export function parcelPaths(folder: string) {
  const at = (name: string): string => join(folder, name);
  return {
    folder,
    spec: at('spec.json'),
    blobs: at('blobs'),
    notebookFolder: at('folder'),
    claim: at('claim'),
    alive: at('alive'),
    log: at('log'),
    live: at('live'),
    engineLog: at('engine.log'),
    cancel: at('cancel'),
    out: at('out'),
    outcome: at('outcome.json')
  } as const;
}
export type ParcelPaths = Readonly<Record<keyof ReturnType<typeof parcelPaths>, string>>;

/** Of one process of a gang: what it takes and is told lies where the first one's does, what it leaves is its own. */
export function rankPaths(main: ParcelPaths, rank: number): ParcelPaths {
  const { spec, blobs, notebookFolder, cancel, engineLog } = main;
  return rank === 0 ? main : { ...parcelPaths(join(main.folder, 'ranks', String(rank))), spec, blobs, notebookFolder, cancel, engineLog };
}

export interface ParcelSpec {
  /** `folder` is the notebook's on the daemon's machine; `gpus` is empty, for the engine grants them. */
  step: StepSpec;
  gpuCount: number;
  /** Processes of a gang, each started by the engine; absent = 1. */
  ranks?: number;
  /** Interpreter on the nodes. */
  python: string;
  sandbox: 'auto' | 'none';
  /** Whether the notebook's folder lies in the parcel, or on the nodes under the very same path. */
  notebookFolder: 'copied' | 'mounted';
  /** On the nodes: what no step may see, as it holds others' parcels. */
  hiddenPaths: string[];
  /** Of the kernel on the daemon's machine: what another environment made is not reused there. */
  environmentLock: string | null;
}

export interface ParcelOutcome {
  result: StepResult;
  /** `signal`: the engine ended it, and knows why; `request`: we asked for it. */
  stoppedBy: 'signal' | 'request' | null;
  host: string;
}

/** How often a runner shows that it lives, and looks whether it is to stop. */
export const ALIVE_MS = 500;
/** Exit code of a runner that found its step run already. */
export const ALREADY_RUN = 75;
