import { randomUUID } from 'node:crypto';
import type { JobSpec, NewJob } from '../scheduler';
import { impureNote, type CacheAnswer, type StepCache } from './cache';
import { baseKey } from './cache-key';
import { blockedSteps, readySteps } from './dag';
import { changeStep, outcomesOf, type Changes, type LiveRun, type LiveStep } from './live-run';
import { keySources } from './key-sources';
import { inputsOf, stepJobSpec, type Limits } from './step-job';
import type { CacheRow, RunTrigger } from './tables';

/** Where a run's jobs stand in the queue: who waits in front of a screen goes first. */
const PRIORITY: Record<RunTrigger, number> = { proof: 20, hand: 10, retry: 10, schedule: 0 };
const MAX_RETRIES = 2;

export interface AdvanceDeps {
  cache: StepCache;
  /** The environment's lock, or why there is none. */
  environmentLock(kernelName: string): Promise<{ lock: string } | { reason: string }>;
  limits: Limits;
}

export interface Advance {
  jobs: NewJob[];
  /** Steps taken from the cache. */
  hits: LiveStep[];
}

/**
 * Carries the run as far as it goes without running anything: ready steps are
 * taken from the cache or queued, and those that can no longer start are
 * skipped. Changes `run` in memory and notes in `changes` what to write.
 */
export async function advance(run: LiveRun, changes: Changes, deps: AdvanceDeps): Promise<Advance> {
  const result: Advance = { jobs: [], hits: [] };
  if (run.row.status === 'cancelling') {
    run.steps.filter(s => s.status === 'waiting').forEach(s => changeStep(s, changes, 'cancelled'));
    return result;
  }
  for (let ready = readySteps(run.steps); ready.length > 0; ready = readySteps(run.steps)) {
    for (const step of ready) {
      const spec = stepJobSpec(run.content, step.definition, run.sources, outcomesOf(run), deps.limits);
      const { base, answer } = await lookUp(run, step, spec, deps);
      step.baseKey = base;
      if (answer.isHit) {
        takeFromCache(step, changes, answer.entry, answer.note);
        result.hits.push(step);
      } else {
        result.jobs.push(queue(run, step, changes, spec, answer.note));
      }
    }
  }
  const blocked = new Set(blockedSteps(run.steps));
  run.steps.filter(s => blocked.has(s.name)).forEach(s => changeStep(s, changes, 'skipped'));
  return result;
}

async function lookUp(run: LiveRun, step: LiveStep, spec: JobSpec, deps: AdvanceDeps): Promise<{ base: string | null; answer: CacheAnswer }> {
  const environment = await deps.environmentLock(spec.kernelName);
  if ('reason' in environment) {
    return { base: null, answer: { isHit: false, note: environment.reason } };
  }
  const keys = new Map(run.steps.flatMap(s => (s.stepKey === null ? [] : [[s.name, s.stepKey]])));
  const { content, sources, row } = run;
  const cells = keySources({ content, step: step.definition, sources, params: { ...content.paramValues, ...row.params } });
  const base = baseKey({ ...spec, cells }, inputsOf(run.content, step.definition, outcomesOf(run)), keys, environment.lock);
  if (!run.row.use_cache || !step.mayUseCache) {
    return { base, answer: { isHit: false, note: 'Run anew, as asked.' } };
  }
  return { base, answer: await deps.cache.find(base, spec.folder, spec.inputFiles) };
}

function takeFromCache(step: LiveStep, changes: Changes, entry: CacheRow, note: string): void {
  step.outcome = entry.result;
  step.stepKey = entry.step_key;
  step.isCached = true;
  changeStep(step, changes, 'succeeded', {
    cached: true,
    cache_note: note,
    base_key: entry.base_key,
    step_key: entry.step_key,
    result: JSON.stringify(entry.result),
    log_key: entry.log_key,
    log_attempt: entry.log_attempt,
    notebook_digest: entry.result.notebook?.digest ?? null,
    error: null,
    pid: null,
    started_at: new Date(),
    ended_at: new Date()
  });
}

function queue(run: LiveRun, step: LiveStep, changes: Changes, spec: JobSpec, note: string): NewJob {
  const logKey = logKeyOf(run.row.id, step.ordinal);
  step.jobId = randomUUID();
  step.isCached = false;
  step.stepKey = null;
  changeStep(step, changes, 'queued', { job_id: step.jobId, base_key: step.baseKey, step_key: null, cached: false, cache_note: note, log_key: logKey, error: null });
  return {
    id: step.jobId,
    kind: 'step',
    label: `${run.row.pipeline} / ${step.name}`,
    spec,
    priority: PRIORITY[run.row.trigger],
    maxRetries: MAX_RETRIES,
    gpus: 0,
    attempt: step.attempts,
    logKey
  };
}

/** A job's log key tells which step of which run it is. */
export function logKeyOf(runId: string, ordinal: number): string {
  return `${runId}/${ordinal}`;
}

export function parseLogKey(key: string): { runId: string; ordinal: number } {
  const [runId = '', ordinal = ''] = key.split('/');
  return { runId, ordinal: Number(ordinal) };
}

/** What the page says of a fresh result's reuse; null keeps what was said when it was queued. */
export function freshNote(step: LiveStep): string | null {
  return step.outcome && impureNote(step.outcome);
}
