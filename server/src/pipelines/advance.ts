import { randomUUID } from 'node:crypto';
import type { SpreadItem } from '@slipway/kernels-bridge';
import type { StepOptions } from '@slipway/schema';
import type { JobSpec, NewJob } from '../scheduler';
import { impureNote, type CacheAnswer, type StepCache } from './cache';
import { baseKey } from './cache-key';
import { chooseReady, statusForExits } from './choose';
import { pythonLiteral } from './injected-cell';
import { keySources } from './key-sources';
import { changeStep, failStep, outcomesOf, type Changes, type LiveRun, type LiveStep } from './live-run';
import { collected, itemsOf, type MapBlobs } from './map-lists';
import { inputsOf, missingInputs, stepJobSpec, type Given, type Limits, type StepPlace } from './step-job';
import type { CacheRow, RunTrigger } from './tables';

/** Where a run's jobs stand in the queue: who waits in front of a screen goes first. */
const PRIORITY: Record<RunTrigger, number> = { proof: 20, hand: 10, retry: 10, rerun: 10, trigger: 0, schedule: 0, sweep: -5, backfill: -10 };
const MAX_RETRIES = 2;

export interface AdvanceDeps {
  cache: StepCache;
  /** The environment's lock, or why there is none. */
  environmentLock(kernelName: string): Promise<{ lock: string } | { reason: string }>;
  limits: Limits;
  blobs: MapBlobs;
}

export interface Advance {
  jobs: NewJob[];
  /** Pools that jobs count against, by the job's id. */
  pools: Map<string, string>;
  /** Steps taken from the cache. */
  hits: LiveStep[];
  /** Steps that a person has to take now. */
  asked: LiveStep[];
  /** Maps that begin, and what they run for. */
  maps: { step: LiveStep; items: SpreadItem[] }[];
}

/**
 * Carries the run as far as it goes without running anything: ready steps are
 * taken from the cache or queued, and those that can no longer start are
 * skipped. Changes `run` in memory and notes in `changes` what to write.
 */
export async function advance(run: LiveRun, changes: Changes, deps: AdvanceDeps): Promise<Advance> {
  const result: Advance = { jobs: [], pools: new Map(), hits: [], asked: [], maps: [] };
  if (run.row.status === 'cancelling') {
    run.steps.filter(s => s.status === 'waiting' && !s.node.isExitHandler).forEach(s => changeStep(s, changes, 'cancelled', { ended_at: new Date() }));
  } else if (run.row.is_held) {
    return result;
  }
  for (let ready = chooseReady(run, changes); ready.length > 0; ready = chooseReady(run, changes)) {
    for (const step of ready) {
      if (step.kind === 'human') {
        changeStep(step, changes, 'awaiting', { started_at: new Date(), ended_at: null });
        result.asked.push(step);
      } else if (step.kind === 'map') {
        await beginMap(run, step, changes, deps, result);
      } else {
        await beginStep(run, step, changes, deps, result);
      }
    }
  }
  return result;
}

/** What a step's job is made from. */
export function placeOf(run: LiveRun, step: LiveStep): StepPlace {
  return { content: run.content, step: step.definition, options: step.node.options, sources: run.sources, outcomes: outcomesOf(run) };
}

async function beginStep(run: LiveRun, step: LiveStep, changes: Changes, deps: AdvanceDeps, result: Advance): Promise<void> {
  const given = step.node.isExitHandler ? givenAtExit(run, step) : {};
  const spec = stepJobSpec(placeOf(run, step), deps.limits, given);
  const { base, answer } = await lookUp(run, step, spec, step.mayUseCache, deps);
  step.baseKey = base;
  if (answer.isHit) {
    takeFromCache(step, changes, answer.entry, answer.note);
    result.hits.push(step);
    return;
  }
  const job = queue(run, step, changes, spec, answer.note);
  result.jobs.push(job);
  if (step.node.options.pool !== undefined) {
    result.pools.set(job.id, step.node.options.pool);
  }
}

/** The status for the code and for its shell commands; what no step gave is None. */
function givenAtExit(run: LiveRun, step: LiveStep): Given {
  const status = statusForExits(run);
  const missing = missingInputs({ content: run.content, step: step.definition, outcomes: outcomesOf(run) });
  return {
    env: { SLIPWAY_RUN_STATUS: status },
    literals: { SLIPWAY_RUN_STATUS: pythonLiteral(status), ...Object.fromEntries(missing.map(name => [name, 'None'])) }
  };
}

async function beginMap(run: LiveRun, step: LiveStep, changes: Changes, deps: AdvanceDeps, result: Advance): Promise<void> {
  const map = step.node.options.map!;
  const items = await itemsOf(run, step, deps.blobs);
  if (items === null) {
    failStep(step, changes, 'map_list_missing', `No step before it gave the list \`${map.over}\`.`);
  } else if (items.length > map.maxItems) {
    failStep(step, changes, 'map_too_large', `\`${map.over}\` has ${items.length} items; at most ${map.maxItems} are run (maxItems).`);
  } else if (items.length === 0) {
    step.outcome = await collected(run, step, [], deps.blobs);
    changeStep(step, changes, 'succeeded', { result: JSON.stringify(step.outcome), map_total: 0, started_at: new Date(), ended_at: new Date() });
  } else {
    changeStep(step, changes, 'running', { map_total: items.length, started_at: new Date(), ended_at: null, error: null });
    result.maps.push({ step, items });
  }
}

/** The key of what a step would run, and what the cache has for it. */
export async function lookUp(run: LiveRun, step: LiveStep, spec: JobSpec, mayUseCache: boolean, deps: AdvanceDeps): Promise<{ base: string | null; answer: CacheAnswer }> {
  const environment = await deps.environmentLock(spec.kernelName);
  if ('reason' in environment) {
    return { base: null, answer: { isHit: false, note: environment.reason } };
  }
  const keys = new Map(run.steps.flatMap(s => (s.stepKey === null ? [] : [[s.name, s.stepKey]])));
  const { content, sources, row } = run;
  const own = keySources({ content, step: step.definition, sources, params: { ...content.paramValues, ...row.params } });
  const injected = spec.cells.filter(c => !own.some(o => o.id === c.id));
  const taken = inputsOf(placeOf(run, step));
  const inputs = spec.inputs.map(value => ({ value, from: taken.find(t => t.value === value)?.from ?? '' }));
  const base = baseKey({ ...spec, cells: [...injected, ...own] }, inputs, keys, environment.lock);
  const refusal = cacheRefusal(run, mayUseCache, step.node.options);
  if (refusal !== null) {
    return { base, answer: { isHit: false, note: refusal } };
  }
  return { base, answer: await deps.cache.find(base, spec.folder, spec.inputFiles, step.node.options.cache?.expiresAfterMs) };
}

function cacheRefusal(run: LiveRun, mayUseCache: boolean, options: StepOptions): string | null {
  if (!run.row.use_cache || !mayUseCache) {
    return 'Run anew, as asked.';
  }
  return options.cache?.isEnabled === false ? 'Run anew each time, as the step’s options say.' : null;
}

function takeFromCache(step: LiveStep, changes: Changes, entry: CacheRow, note: string): void {
  step.outcome = entry.result;
  step.stepKey = entry.step_key;
  step.isCached = true;
  changeStep(step, changes, 'succeeded', { ...takenFrom(entry), cache_note: note, pid: null });
}

/** What the row of a step, or of an item of a map, has once its result is an earlier one's. */
export function takenFrom({ result, base_key, step_key, log_key, log_attempt }: CacheRow) {
  return {
    cached: true,
    base_key,
    step_key,
    result: JSON.stringify(result),
    log_key,
    log_attempt,
    notebook_digest: result.notebook?.digest ?? null,
    error: null,
    started_at: new Date(),
    ended_at: new Date()
  };
}

function queue(run: LiveRun, step: LiveStep, changes: Changes, spec: JobSpec, note: string): NewJob {
  const logKey = logKeyOf(run.row.id, step.ordinal);
  const job = newJob(run, step, spec, { logKey, attempt: step.attempts });
  step.jobId = job.id;
  step.isCached = false;
  step.stepKey = null;
  changeStep(step, changes, 'queued', { job_id: job.id, base_key: step.baseKey, step_key: null, cached: false, cache_note: note, log_key: logKey, error: null });
  return job;
}

/** A job of a step, or of one item of a map. */
export function newJob(run: LiveRun, step: LiveStep, spec: JobSpec, of: { logKey: string; attempt: number; index?: number }): NewJob {
  const { options } = step.node;
  const { engine } = options;
  return {
    id: randomUUID(),
    kind: 'step',
    label: `${run.row.pipeline} / ${step.name}${of.index === undefined ? '' : ` [${of.index}]`}`,
    spec,
    priority: PRIORITY[run.row.trigger] + run.row.priority + (options.priority ?? 0),
    maxRetries: options.retry?.maxRetries ?? MAX_RETRIES,
    ...(options.retry && { retry: options.retry }),
    gpus: options.resources?.gpus ?? 0,
    ...(options.resources && { resources: options.resources }),
    isPreemptible: options.isPreemptible ?? false,
    createdBy: run.row.created_by,
    ...(run.content.options?.project && { project: run.content.options.project }),
    ...(engine !== undefined && engine !== 'local' && { engine }),
    attempt: of.attempt,
    logKey: of.logKey
  };
}

/** A job's log key tells which step, and which item, of which run it is. */
export function logKeyOf(runId: string, ordinal: number, index?: number): string {
  return index === undefined ? `${runId}/${ordinal}` : `${runId}/${ordinal}/${index}`;
}

export function parseLogKey(key: string): { runId: string; ordinal: number; index: number | null } {
  const [runId = '', ordinal = '', index] = key.split('/');
  return { runId, ordinal: Number(ordinal), index: index === undefined ? null : Number(index) };
}

/** What the page says of a fresh result's reuse; null keeps what was said when it was queued. */
export function freshNote(step: LiveStep): string | null {
  return step.outcome && impureNote(step.outcome);
}
