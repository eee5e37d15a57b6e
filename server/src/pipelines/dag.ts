import type { RunIf, RunState, StepState } from '@slipway/schema';
import type { SkipCode } from './tables';

/** A step as far as the order of things goes. */
export interface DagStep {
  name: string;
  /** Steps it comes after; `runIf` judges them. */
  after: readonly string[];
  /** Steps that must be over first, however they ended. */
  waitsFor?: readonly string[];
  runIf?: RunIf;
  status: StepState;
  skipCode?: SkipCode | null;
}

/** Whether a waiting step may start, has to wait, or never will. */
export type Verdict = { kind: 'wait' } | { kind: 'go' } | { kind: 'skip'; code: SkipCode; because: string };

export const isActive = (s: StepState): boolean => s === 'queued' || s === 'running' || s === 'awaiting';
const isDead = (s: StepState): boolean => s === 'failed' || s === 'skipped' || s === 'cancelled';
/** It has ended, or will never begin. */
export const isOver = (s: StepState): boolean => s === 'succeeded' || isDead(s);

const hasFailed = (s: DagStep): boolean => s.status === 'failed' || s.status === 'cancelled' || (s.status === 'skipped' && s.skipCode === 'before_failed');

/** What the steps before make of a waiting step; `byName` knows them all. */
export function judge(step: DagStep, byName: ReadonlyMap<string, DagStep>): Verdict {
  const before = step.after.map(name => byName.get(name)!);
  const runIf = step.runIf ?? 'all_succeeded';
  const stopper = before.find(s => isDead(s.status));
  if (runIf === 'all_succeeded' && stopper) {
    // Known at once, whatever the others come to.
    return { kind: 'skip', code: before.some(hasFailed) ? 'before_failed' : 'before_skipped', because: `\`${stopper.name}\`, which it comes after, ${ENDED[stopper.status]}.` };
  }
  if (![...before, ...(step.waitsFor ?? []).map(name => byName.get(name)!)].every(s => isOver(s.status))) {
    return { kind: 'wait' };
  }
  if (before.length === 0 || HOLDS[runIf](before)) {
    return { kind: 'go' };
  }
  return { kind: 'skip', code: before.some(hasFailed) ? 'before_failed' : 'run_if', because: `It runs ${RUN_IF[runIf]}: ${before.map(s => `\`${s.name}\` ${ENDED[s.status]}`).join(', ')}.` };
}

const HOLDS: Record<RunIf, (before: readonly DagStep[]) => boolean> = {
  all_succeeded: before => before.every(s => s.status === 'succeeded'),
  any_succeeded: before => before.some(s => s.status === 'succeeded'),
  any_failed: before => before.some(hasFailed),
  all_failed: before => before.every(hasFailed),
  none_failed: before => !before.some(hasFailed),
  all_done: () => true
};
const RUN_IF: Record<RunIf, string> = {
  all_succeeded: 'if all before it succeed',
  any_succeeded: 'if any before it succeeds',
  any_failed: 'if any before it fails',
  all_failed: 'if all before it fail',
  none_failed: 'if none before it fails',
  all_done: 'once all before it are over'
};
const ENDED: Record<StepState, string> = {
  waiting: 'waits',
  awaiting: 'waits for somebody',
  queued: 'is queued',
  running: 'runs',
  succeeded: 'succeeded',
  failed: 'failed',
  cancelled: 'was cancelled',
  skipped: 'was skipped'
};

export const byName = <S extends { name: string }>(steps: readonly S[]): Map<string, S> => new Map(steps.map(s => [s.name, s]));

/**
 * What the states of its steps make of a run; `isCancelling` once its owner
 * wants it stopped. A step left out does no harm: what failed before it does.
 */
export function runStateOf(steps: readonly Pick<DagStep, 'status'>[], isCancelling: boolean): RunState {
  const has = (test: (s: StepState) => boolean): boolean => steps.some(s => test(s.status));
  if (has(s => !isOver(s))) {
    return isCancelling ? 'cancelling' : has(s => s !== 'queued' && s !== 'waiting') ? 'running' : 'queued';
  }
  if (steps.every(s => s.status === 'succeeded' || s.status === 'skipped')) {
    return 'succeeded';
  }
  return isCancelling || has(s => s === 'cancelled') ? 'cancelled' : 'failed';
}

/** The named steps and all that come after them, in the order of `steps` (topological). */
export function withDescendants(steps: readonly Pick<DagStep, 'name' | 'after'>[], names: readonly string[]): string[] {
  const chosen = new Set(names);
  for (const step of steps) {
    if (step.after.some(name => chosen.has(name))) {
      chosen.add(step.name);
    }
  }
  return steps.filter(s => chosen.has(s.name)).map(s => s.name);
}

/** All steps before the named one, in the order of `steps` (topological). */
export function ancestors<S extends Pick<DagStep, 'name' | 'after'>>(steps: readonly S[], name: string): S[] {
  const wanted = new Set<string>([name]);
  for (const step of [...steps].reverse()) {
    if (wanted.has(step.name)) {
      step.after.forEach(a => wanted.add(a));
    }
  }
  return steps.filter(s => s.name !== name && wanted.has(s.name));
}

export function isFinal(state: RunState): boolean {
  return state === 'succeeded' || state === 'failed' || state === 'cancelled';
}

/** The same steps, each behind all that `needs` says it waits for; else in the order given. What lies on a circle is left out. */
export function inOrder<S extends Pick<DagStep, 'name' | 'after'>>(steps: readonly S[], needs: (step: S) => readonly string[] = s => s.after): S[] {
  const placed = new Set<string>();
  const ordered: S[] = [];
  for (let rest = [...steps]; rest.length > 0; ) {
    const next = rest.find(s => needs(s).every(name => placed.has(name)));
    if (!next) {
      break;
    }
    placed.add(next.name);
    ordered.push(next);
    rest = rest.filter(s => s !== next);
  }
  return ordered;
}
