import { relative, resolve } from 'node:path';
import type { JobOutcome, JobRow } from '../scheduler';
import { freshNote } from './advance';
import { impureNote } from './cache';
import { stepKey } from './cache-key';
import { folderOf } from './content';
import { changeStep, stepAt, type LiveRun, type LiveStep } from './live-run';
import { noMove, type Move } from './run-book';
import { toOutcome, type StepOutcome } from './step-outcome';

/** What the end of a job makes of its step; nothing when the step has gone on with another job. */
export function settleStep(run: LiveRun, ordinal: number, job: JobRow, outcome: JobOutcome): Move {
  const move = noMove();
  const step = stepAt(run, ordinal);
  if (!step || step.jobId !== job.id) {
    return move;
  }
  const { result, error } = outcome;
  step.attempts = job.attempt;
  step.outcome = result && withoutOwnReads(toOutcome(result), folderOf(run.content));
  const { isReusable, key } = reuseOf(step, outcome.status, step.outcome, step.baseKey);
  const note = freshNote(step);
  step.stepKey = key;
  changeStep(step, move.changes, outcome.status, {
    result: step.outcome && JSON.stringify(step.outcome),
    step_key: step.stepKey,
    error: outcome.status === 'failed' && error ? JSON.stringify(error) : null,
    attempts: job.attempt,
    log_attempt: job.attempt,
    notebook_digest: result?.notebook?.digest ?? null,
    peak_memory_bytes: result?.peakMemoryBytes ?? null,
    peak_gpu_memory_bytes: result?.gpuPeaks?.memoryBytes ?? null,
    gpu_percent: result?.gpuPeaks?.percent ?? null,
    ...(typeof result?.pid === 'number' && { pid: result.pid }),
    ...(note !== null && { cache_note: note }),
    ended_at: new Date()
  });
  move.recorded.push(step);
  if (isReusable) {
    move.cached.push(step);
  }
  return move;
}

/** May what a step, or an item of a map, gave be kept for other runs, and under which key; null where it is kept only to say why it is not reused. */
export function reuseOf(step: LiveStep, status: JobOutcome['status'], outcome: StepOutcome | null, base: string | null): { isReusable: boolean; key: string | null } {
  if (status !== 'succeeded' || outcome === null || base === null || step.node.options.cache?.isEnabled === false) {
    return { isReusable: false, key: null };
  }
  return { isReusable: true, key: impureNote(outcome) === null ? stepKey(base, outcome.reads, outcome.envRead) : null };
}

/** A file that a step wrote and read again is its result, not what it depends on. */
export function withoutOwnReads(outcome: StepOutcome, folder: string): StepOutcome {
  const written = new Map(outcome.files.map(f => [f.path, f.digest]));
  return { ...outcome, reads: outcome.reads.filter(r => r.kind !== 'file' || written.get(relative(folder, resolve(folder, r.path))) !== r.digest) };
}
