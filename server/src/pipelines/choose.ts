import type { MetricValue } from '@slipway/schema';
import { faultMessage, holds, type ConditionFacts } from './conditions';
import { defaultParams } from './content';
import { ancestors, byName, isOver, judge, runStateOf } from './dag';
import { failStep, outcomesOf, skipStep, type Changes, type LiveRun, type LiveStep } from './live-run';
import { lastMetrics } from './step-outcome';
import { missingInputs } from './step-job';

/**
 * Steps that may start now. Those that never will are skipped, and one whose
 * condition cannot be judged fails, which may let others start or skip.
 */
export function chooseReady(run: LiveRun, changes: Changes): LiveStep[] {
  const known = byName(run.steps);
  const ready: LiveStep[] = [];
  for (let isSettled = false; !isSettled; ) {
    isSettled = true;
    ready.length = 0;
    for (const step of run.steps.filter(s => s.status === 'waiting')) {
      const verdict = judge(step, known);
      if (verdict.kind === 'skip') {
        skipStep(step, changes, verdict.code, verdict.because);
      } else if (verdict.kind === 'go' && mayBegin(run, step, changes)) {
        ready.push(step);
      }
      isSettled &&= step.status === 'waiting';
    }
  }
  return ready;
}

/** What the run has come to for its exit handlers, which are not over themselves. */
export function statusForExits(run: LiveRun): 'succeeded' | 'failed' | 'cancelled' {
  const isCancelling = run.row.status === 'cancelling';
  const status = runStateOf(run.steps.filter(s => !s.node.isExitHandler), isCancelling);
  return status === 'succeeded' ? 'succeeded' : status === 'failed' || run.row.timed_out ? 'failed' : 'cancelled';
}

/** Conditions, branches and values; false where the step is skipped or fails for them. */
function mayBegin(run: LiveRun, step: LiveStep, changes: Changes): boolean {
  const { branch, when } = step.node.options;
  try {
    if (branch !== undefined) {
      const chosen = chosenOf(run, branch);
      if (chosen !== step) {
        skipStep(step, changes, 'branch', chosen ? `\`${chosen.name}\` was chosen in the branch ${branch}.` : `No condition of the branch ${branch} holds.`);
        return false;
      }
    } else if (when !== undefined && !holds(when, factsFor(run, [step]))) {
      skipStep(step, changes, 'condition', `Its condition does not hold: ${when}`);
      return false;
    }
  } catch (err) {
    failStep(step, changes, 'condition_failed', `Its condition cannot be judged: ${faultMessage(err)} (${when ?? `the branch ${branch}`})`);
    return false;
  }
  const missing = step.node.isExitHandler ? [] : missingInputs({ content: run.content, step: step.definition, outcomes: outcomesOf(run) });
  if (missing.length > 0) {
    skipStep(step, changes, 'before_skipped', `No step that ran gives it \`${missing.join('`, `')}\`.`);
    return false;
  }
  return true;
}

/** Of alternatives the first whose condition holds, in the order of the pipeline; what is chosen already stays chosen. */
function chosenOf(run: LiveRun, branch: string): LiveStep | undefined {
  const group = run.steps.filter(s => s.node.options.branch === branch).sort((a, b) => a.ordinal - b.ordinal);
  const known = byName(run.steps);
  const facts = factsFor(run, group);
  const mayRun = (s: LiveStep): boolean => s.status === 'waiting' && judge(s, known).kind === 'go';
  const hasBegun = group.find(s => s.status !== 'waiting' && s.status !== 'skipped');
  return hasBegun ?? group.find(s => mayRun(s) && (s.node.options.when === undefined || holds(s.node.options.when, facts)));
}

function factsFor(run: LiveRun, group: readonly LiveStep[]): ConditionFacts {
  const before = new Set(group.flatMap(s => [...s.after, ...(s.waitsFor ?? []), ...ancestors(run.steps, s.name).map(a => a.name)]));
  const metricsOf = (s: LiveStep): Record<string, MetricValue> => (s.outcome && isOver(s.status) ? lastMetrics([s.outcome]) : {});
  const { trigger, data_interval_start: start, data_interval_end: end } = run.row;
  return {
    params: { ...defaultParams(run.content), ...run.row.params },
    steps: run.steps.filter(s => before.has(s.name)).map(s => ({ name: s.name, status: s.status, metrics: metricsOf(s) })),
    run: { trigger, dataIntervalStart: start?.toISOString() ?? null, dataIntervalEnd: end?.toISOString() ?? null }
  };
}
