import type { Tx } from '../database';

/** The part of tracking that sweeps call: a sweep is a run, the parent of its trials' runs. */
export interface TrackingPort {
  ensureExperiment(tx: Tx, name: string): Promise<string>;
  createRun(tx: Tx, run: { experimentId: string; name?: string; userId: string; startTime: Date; tags: Record<string, string> }): Promise<string>;
  log(tx: Tx, runId: string, data: { metrics?: { key: string; value: number; step?: number }[]; tags?: Record<string, string> }): Promise<void>;
  finishRun(tx: Tx, runId: string, status: 'FINISHED' | 'FAILED' | 'KILLED', endTime: Date): Promise<void>;
  reopenRun(tx: Tx, runId: string): Promise<void>;
}
