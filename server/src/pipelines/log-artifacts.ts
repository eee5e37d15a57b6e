import type { BlobStore } from '@slipway/kernels-bridge';
import type { Log } from '../core/log';
import type { Db } from '../database';
import type { JobLogs } from '../scheduler';
import type { TrackingPort } from './ports';
import { fileName } from './records';
import { stepsOf } from './run-store';

/** Copies the logs of ended runs to their MLflow runs, beside the path of what comes next. */
export function createLogArtifacts(deps: { db: Db; log: Log; logs: JobLogs; blobs: BlobStore; tracking: Pick<TrackingPort, 'setArtifacts'> }) {
  const pending = new Set<Promise<void>>();

  async function store(runId: string, mlflowRunId: string): Promise<void> {
    const steps = (await stepsOf(deps.db, runId)).filter(s => !s.cached && s.log_key !== null && s.log_attempt !== null);
    const files: { path: string; digest: string; sizeBytes: number }[] = [];
    for (const step of steps) {
      if ((await deps.logs.sizeOf(step.log_key!, step.log_attempt!)) > 0) {
        files.push({ path: `logs/${fileName(step)}.txt`, ...(await deps.blobs.putFile(deps.logs.pathOf(step.log_key!, step.log_attempt!))) });
      }
    }
    if (files.length > 0) {
      await deps.db.transaction().execute(tx => deps.tracking.setArtifacts(tx, mlflowRunId, files));
    }
  }

  return {
    /** Begins the copy; what fails of it is logged, for the log itself is still where it was. */
    keep(runId: string, mlflowRunId: string): void {
      const work = store(runId, mlflowRunId)
        .catch((err: unknown) => deps.log.warn({ err, runId }, 'the logs of a run could not be kept as artifacts'))
        .finally(() => pending.delete(work));
      pending.add(work);
    },
    async stop(): Promise<void> {
      await Promise.all(pending);
    }
  };
}
