import type { RerunSteps, Scalar } from '@slipway/schema';
import { InvalidInput } from '../core/errors';
import { personName } from '../core/person-name';
import { ancestors } from './dag';
import { graphOf, type GraphNode } from './graph';
import { changeStep, skipStep, type Changes, type LiveRun, type LiveStep } from './live-run';
import type { NewRun } from './orchestrator';
import { requireOver } from './retry';

/**
 * A run of chosen steps on what a past run's other steps made: those before a
 * chosen one are taken over as they were, people are asked anew, the rest is left out.
 *
 * @throws Conflict `run_active`; InvalidInput `unknown_step`, `no_result`, `param_unused`
 */
export function rerunOf(past: LiveRun, ask: RerunSteps, userId: string): NewRun {
  const { row, content } = past;
  requireOver(row);
  const chosen = new Set(ask.steps);
  const known = past.steps.map(s => s.name);
  const unknown = ask.steps.findIndex(name => !known.includes(name));
  if (unknown >= 0) {
    throw new InvalidInput('unknown_step', `The run has no step ${ask.steps[unknown]}; it has: ${known.join(', ')}.`, { errors: [{ path: `steps.${unknown}`, message: 'no such step' }] });
  }
  const graph = graphOf(content);
  const before = new Set(ask.steps.flatMap(name => ancestors(graph, name).map(s => s.name)));
  const taken = past.steps.filter(s => before.has(s.name) && !chosen.has(s.name) && s.kind !== 'human');
  // One that a branch or a condition left out is left out again: what it would have given came from another.
  const lacking = taken.find(s => s.status !== 'skipped' && (s.status !== 'succeeded' || !s.outcome));
  if (lacking) {
    throw new InvalidInput('no_result', `The step ${lacking.name} gave no result in that run, and a chosen step comes after it: choose it as well.`, { errors: [{ path: 'steps', message: `needs ${lacking.name}` }] });
  }
  requireUsed(past, chosen, ask.params);
  return {
    pipeline: row.pipeline,
    version: row.version,
    content,
    params: { ...row.params, ...ask.params },
    useCache: false,
    trigger: 'rerun',
    userId,
    origin: { reason: `${personName(userId)} ran ${ask.steps.join(', ')} again on the results of run ${row.id}.`, fromRun: row.id, steps: ask.steps, ...(row.origin.notebook && { notebook: row.origin.notebook }) },
    ...(row.data_interval_start && row.data_interval_end && { dataInterval: { start: row.data_interval_start.toISOString(), end: row.data_interval_end.toISOString() } }),
    prepare: (steps, changes) => prepare(past, new Set([...chosen, ...peopleBefore(graph, chosen)]), new Set(taken.map(s => s.name)), steps, changes)
  };
}

/** Steps that people take right before the chosen ones: what was allowed then was allowed for that run only. */
function peopleBefore(graph: readonly GraphNode[], chosen: ReadonlySet<string>): Set<string> {
  const people = new Set<string>();
  for (const node of [...graph].reverse()) {
    if (node.kind === 'human' && graph.some(n => n.after.includes(node.name) && (chosen.has(n.name) || people.has(n.name)))) {
      people.add(node.name);
    }
  }
  return people;
}

/** A param that only steps taken over use would be said and not be so. */
function requireUsed({ content }: LiveRun, chosen: ReadonlySet<string>, params: Readonly<Record<string, Scalar>>): void {
  const cells = new Set(content.steps.filter(s => chosen.has(s.name)).flatMap(s => s.cells));
  for (const name of Object.keys(params)) {
    const constant = content.constants.find(c => c.name === name);
    if (constant && !cells.has(constant.cellId)) {
      throw new InvalidInput('param_unused', `None of the chosen steps uses ${name}: choose the step that does as well.`, { errors: [{ path: `params.${name}`, message: 'not used' }] });
    }
  }
}

function prepare(past: LiveRun, anew: ReadonlySet<string>, taken: ReadonlySet<string>, steps: LiveStep[], changes: Changes): LiveStep[] {
  for (const step of steps.filter(s => !anew.has(s.name))) {
    const was = past.steps.find(s => s.name === step.name);
    if (taken.has(step.name) && was?.outcome) {
      takeOver(step, was, past.row.id, changes);
    } else if (was?.status === 'skipped' && was.skipCode) {
      skipStep(step, changes, was.skipCode, 'It was left out in that run, too.');
    } else {
      skipStep(step, changes, 'condition', 'It was not among the steps chosen to run again.');
    }
  }
  return steps.filter(s => s.isCached);
}

function takeOver(step: LiveStep, was: LiveStep, pastRunId: string, changes: Changes): void {
  const now = new Date();
  step.outcome = was.outcome;
  step.stepKey = was.stepKey;
  step.baseKey = was.baseKey;
  step.isCached = true;
  changeStep(step, changes, 'succeeded', {
    cached: true,
    cache_note: `Taken over from run ${pastRunId}, as asked.`,
    base_key: was.baseKey,
    step_key: was.stepKey,
    result: JSON.stringify(was.outcome),
    log_key: `${pastRunId}/${was.ordinal}`,
    log_attempt: was.attempts,
    notebook_digest: was.outcome?.notebook?.digest ?? null,
    started_at: now,
    ended_at: now
  });
}
