import type { LoggedRun, StoredValue } from '@slipway/kernels-bridge';
import type { PipelineOptions, SecretReference } from '@slipway/schema';
import type { Tx } from '../database';
import type { NewEvent } from '../events';
import type { ChildRun } from '../tracking';

/** The parts of other features that pipelines call; the composition root passes the features themselves. */
export interface TrackingPort {
  ensureExperiment(tx: Tx, name: string): Promise<string>;
  createRun(tx: Tx, run: { experimentId: string; name?: string; parentRunId?: string; userId: string; startTime: Date; tags: Record<string, string> }): Promise<string>;
  log(
    tx: Tx,
    runId: string,
    data: { params?: Record<string, string>; metrics?: { key: string; value: number; step?: number; timestamp?: Date }[]; tags?: Record<string, string> }
  ): Promise<void>;
  /** Metrics and files of one run; gives the folder its files lie in, and the news of it, which are the caller's to tell. */
  record(tx: Tx, runId: string, data: { metrics: readonly { key: string; value: number; step?: number; timestamp?: Date }[]; files: readonly { path: string; digest: string; sizeBytes: number }[] }): Promise<{ root: string; news: NewEvent[] }>;
  /** Remembers what a run ran on, so that the same again is found. */
  recordInputs(tx: Tx, runId: string, ranOn: { sources: readonly string[]; params: readonly string[]; digests: readonly string[] }): Promise<void>;
  /** Params and tags of one step: a param the run has with another value keeps it, and the step's own stands under `STEP/KEY`. */
  addPart(tx: Tx, runId: string, part: { name: string; params: Record<string, string>; tags: Record<string, string> }): Promise<void>;
  /** A run below another, whole; written again, it is the same run. */
  addChild(tx: Tx, child: ChildRun): Promise<void>;
  removeParams(tx: Tx, runId: string, keys: readonly string[]): Promise<void>;
  linkDatasets(tx: Tx, runId: string, datasets: LoggedRun['datasets']): Promise<void>;
  finishRun(tx: Tx, runId: string, status: 'FINISHED' | 'FAILED' | 'KILLED', endTime: Date): Promise<void>;
  reopenRun(tx: Tx, runId: string): Promise<void>;
  /** Folder of a run's files among the artifacts; null where there is no such run. */
  artifactRootOf(runId: string): Promise<string | null>;
  /** Gives the folder of the run's files among the artifacts. */
  setArtifacts(tx: Tx, runId: string, files: readonly { path: string; digest: string; sizeBytes: number }[]): Promise<string>;
}

export interface RegistryPort {
  registerVersion(tx: Tx, version: { name: string; source: string; runId: string; tags?: Record<string, string> }): Promise<{ name: string; version: string }>;
  /** @throws NotFound when there is no such version (any more) */
  resolve(name: string, version: string): Promise<{ name: string; version: string }>;
}

export interface KernelsPort {
  /** @throws an error that names the kernels there are */
  findKernel(name: string): Promise<{ language: string; python: string | null }>;
  environmentLock(kernelName: string): Promise<string>;
  compareValues(a: StoredValue, b: StoredValue): Promise<{ isEqual: boolean; message: string }>;
}

export interface SecretsPort {
  /** @throws InvalidInput `unknown_secret`, with its place, for one that cannot be had; by step and variable */
  check(references: Readonly<Record<string, Readonly<Record<string, SecretReference>>>>): Promise<void>;
}

export interface NotificationsPort {
  /** @throws InvalidInput for a place that could never be told */
  check(options: PipelineOptions | undefined): Promise<void>;
  tell(
    tx: Tx,
    options: PipelineOptions | undefined,
    occasion: {
      type: 'succeeded' | 'failed' | 'cancelled' | 'deadline' | 'approval' | 'finding';
      run: { id: string; pipeline: string; version: number; status: string; trigger: string; error: string | null };
      step?: string;
      instructions?: string;
      message?: string;
    }
  ): Promise<void>;
}
