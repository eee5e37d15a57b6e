import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Draft, Notebook } from '@slipway/schema';
import type { Db } from '../database';
import { cellIdOf, sourceOf } from '../notebooks';
import { failedOutcome, whenDatabaseIsBack, type JobHandler, type JobLogs, type JobOutcome, type JobSpec, type Scheduler } from '../scheduler';
import { folderOf, type PipelineContent } from './content';
import type { Limits } from './step-job';
import { toOutcome, type StepOutcome } from './step-outcome';

/** A reference run that cannot be had, in words for the proof's page. */
export class NoReference extends Error {
  constructor(
    message: string,
    readonly cellId: string | null = null
  ) {
    super(message);
  }
}

const PRIORITY = 20;
/** How often a job is looked at whose end nobody told of. */
const LOOK_MS = 5_000;
/** So many cells outside the pipeline may fail before the notebook counts as one that does not run. */
const MAX_FAILING_CELLS = 5;

export type References = ReturnType<typeof createReferences>;

/** Runs a notebook whole in a fresh kernel of its kernelspec, as a job of the queue. */
export function createReferences(deps: { db: Db; scheduler: Scheduler; logs: JobLogs; limits: Limits }) {
  const { db, scheduler } = deps;
  const waiting = new Map<string, (outcome: JobOutcome) => void>();

  const handler: JobHandler = {
    isBoundToDaemon: true,
    async finished(job, outcome, settle) {
      await db.transaction().execute(settle);
      waiting.get(job.id)?.(outcome);
    }
  };

  async function runJob(spec: JobSpec, label: string, signal: AbortSignal): Promise<JobOutcome> {
    const id = randomUUID();
    const done = new Promise<JobOutcome>(resolve => waiting.set(id, resolve));
    try {
      await db.transaction().execute(tx =>
        scheduler.submit(tx, [{ id, kind: 'reference', label, spec, priority: PRIORITY, maxRetries: 1, gpus: 0, attempt: 0, logKey: `reference/${id}` }])
      );
      scheduler.wake();
      const stop = async (): Promise<void> => {
        const { cancelled } = await db.transaction().execute(tx => scheduler.cancel(tx, [id]));
        scheduler.wake();
        if (cancelled.includes(id)) {
          waiting.get(id)?.({ status: 'cancelled', result: null });
        }
      };
      signal.addEventListener('abort', () => void stop().catch(() => undefined), { once: true });
      for (;;) {
        const outcome = await Promise.race([done, sleep(LOOK_MS, undefined, { ref: false })]);
        if (outcome !== undefined) {
          return outcome;
        }
        if (await whenDatabaseIsBack(() => scheduler.isOver(id))) {
          return (await Promise.race([done, sleep(LOOK_MS, undefined, { ref: false })])) ?? failedOutcome('result_not_stored', 'The notebook’s results were lost with the database’s connection.');
        }
      }
    } finally {
      waiting.delete(id);
      await deps.logs.remove(`reference/${id}`);
      await deps.scheduler.checkpoints.remove(`reference/${id}`);
    }
  }

  return {
    handler,
    /**
     * The whole notebook's results. A cell outside the pipeline that fails is
     * left out, and said so in `notes`. @throws NoReference
     */
    async run(input: { content: PipelineContent; notebook: Notebook; draft: Draft; label: string }, signal: AbortSignal): Promise<{ outcome: StepOutcome; notes: string[] }> {
      const needed = new Set(input.content.cells.map(c => c.id));
      const notes: string[] = [];
      let cells = codeCells(input.notebook);
      for (let failing = 0; ; failing++) {
        const spec = referenceSpec(input.content, cells, deps.limits);
        const { status, result, error } = await runJob(spec, input.label, signal);
        if (status === 'succeeded' && result) {
          return { outcome: toOutcome(result), notes };
        }
        const cellId = error?.cellId ?? null;
        if (status === 'failed' && error?.code === 'cell_failed' && cellId !== null && !needed.has(cellId) && failing < MAX_FAILING_CELLS) {
          notes.push(`Cell ${cellId} fails in a fresh kernel; it is no part of the pipeline and was left out: ${error.message}`);
          cells = cells.filter(c => c.id !== cellId);
          continue;
        }
        throw new NoReference(error?.message ?? 'The notebook did not run.', cellId);
      }
    }
  };
}

function codeCells(notebook: Notebook): { id: string; source: string }[] {
  return notebook.cells.map((cell, i) => ({ id: cellIdOf(cell, i), source: sourceOf(cell), type: cell.cell_type })).flatMap(({ type, ...c }) => (type === 'code' ? [c] : []));
}

function referenceSpec(content: PipelineContent, cells: { id: string; source: string }[], limits: Limits): JobSpec {
  const there = new Set(cells.map(c => c.id));
  return {
    kernelName: content.kernelName,
    folder: folderOf(content),
    cells,
    inputs: [],
    inputFiles: content.modules,
    outputs: [],
    models: content.models.filter(m => there.has(m.cellId)),
    env: {},
    limits
  };
}
