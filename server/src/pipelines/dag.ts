import type { RunState, StepState } from '@slipway/schema';

/** A step as far as the order of things goes. */
export interface DagStep {
  name: string;
  /** Steps that must have succeeded first. */
  after: readonly string[];
  status: StepState;
}

const isActive = (s: StepState): boolean => s === 'queued' || s === 'running';
const isDead = (s: StepState): boolean => s === 'failed' || s === 'skipped' || s === 'cancelled';

/** Steps that may start: they wait, and all before them have succeeded. */
export function readySteps<S extends DagStep>(steps: readonly S[]): S[] {
  const status = new Map(steps.map(s => [s.name, s.status]));
  return steps.filter(s => s.status === 'waiting' && s.after.every(name => status.get(name) === 'succeeded'));
}

/** Names of waiting steps that can never start, as one before them did not succeed; `steps` in topological order. */
export function blockedSteps(steps: readonly DagStep[]): string[] {
  const dead = new Set(steps.filter(s => isDead(s.status)).map(s => s.name));
  const blocked: string[] = [];
  for (const step of steps) {
    if (step.status === 'waiting' && step.after.some(name => dead.has(name))) {
      dead.add(step.name);
      blocked.push(step.name);
    }
  }
  return blocked;
}

/** What the states of its steps make of a run; `isCancelling` once its owner wants it stopped. */
export function runStateOf(steps: readonly DagStep[], isCancelling: boolean): RunState {
  const has = (test: (s: StepState) => boolean): boolean => steps.some(s => test(s.status));
  if (steps.every(s => s.status === 'succeeded')) {
    return 'succeeded';
  }
  if (has(isActive) || has(s => s === 'waiting')) {
    return isCancelling ? 'cancelling' : has(s => s !== 'queued' && s !== 'waiting') ? 'running' : 'queued';
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
