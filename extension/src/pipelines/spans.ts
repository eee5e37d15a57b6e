import type { PipelineRun, StepRun } from '@slipway/schema';
import { isOver } from '../core/states';

/** When a step of a run waited and ran; in ms from the run's creation. */
export interface Span {
  step: StepRun;
  /** From when nothing before it kept it; null while something does. */
  readyMs: number | null;
  /** null until it begins; of several attempts the last. */
  startMs: number | null;
  /** Up to now while it waits or runs. */
  endMs: number;
}

/**
 * The steps over the run's time: waiting from the end of the last step before
 * each, running from its begin.
 *
 * @param edges which step comes after which
 * @param now in ms of the epoch
 */
export function spansOf(run: PipelineRun, edges: readonly { from: string; to: string }[], now: number): Span[] {
  const zero = Date.parse(run.createdAt);
  const isLive = run.endedAt === null;
  const until = (isLive ? now : Date.parse(run.endedAt!)) - zero;
  const endOf = (step: StepRun): number | null => (step.startedAt === null || step.durationMs === null ? null : Date.parse(step.startedAt) - zero + step.durationMs);
  const steps = new Map(run.steps.map(step => [step.name, step]));
  const beforeOf = (step: StepRun): StepRun[] => edges.filter(edge => edge.to === step.name).flatMap(edge => steps.get(edge.from) ?? []);
  const known = new Map<StepRun, number>();
  /** When nothing before the step kept it any more; what was left out has no end of its own, and keeps others as long as it was kept. */
  const freeAt = (step: StepRun): number => {
    const found = known.get(step) ?? Math.max(0, ...beforeOf(step).map(each => endOf(each) ?? freeAt(each)));
    known.set(step, found);
    return found;
  };
  return run.steps.map(step => {
    const readyMs = beforeOf(step).every(each => isOver(each.status)) ? freeAt(step) : null;
    const startMs = step.startedAt === null ? null : Math.max(0, Date.parse(step.startedAt) - zero);
    const waits = step.status === 'queued' || step.status === 'awaiting' || step.status === 'running';
    const endMs = endOf(step) ?? (waits ? until : (startMs ?? readyMs ?? 0));
    return { step, readyMs: startMs === null && !waits ? null : readyMs === null ? startMs : Math.min(readyMs, startMs ?? readyMs), startMs, endMs: Math.max(0, endMs) };
  });
}
