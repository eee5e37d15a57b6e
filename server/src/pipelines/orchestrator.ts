import type { DataInterval, Scalar } from '@slipway/schema';
import { randomUUID } from 'node:crypto';
import { Conflict, InvalidInput, NotFound } from '../core/errors';
import type { Db, Tx } from '../database';
import type { Events } from '../events';
import type { JobHandler, Scheduler } from '../scheduler';
import { advance, parseLogKey, type AdvanceDeps } from './advance';
import { contentHash, defaultParams, sourcesWith, type PipelineContent } from './content';
import { isFinal, runStateOf, withDescendants } from './dag';
import { changeStep, type Changes, type LiveRun, type LiveStep } from './live-run';
import type { Records } from './records';
import { createRunBook, noMove, Stale, summaryOf, type Move } from './run-book';
import * as store from './run-store';
import { settleStep } from './settle-step';
import type { RunRow, RunTrigger, StoredOrigin } from './tables';

export interface NewRun {
  pipeline: string;
  /** 0 for a proof: its content is no version yet, and it has no MLflow run. */
  version: number;
  content: PipelineContent;
  params: Record<string, Scalar>;
  useCache: boolean;
  trigger: RunTrigger;
  userId: string;
  origin?: StoredOrigin;
  dataInterval?: DataInterval;
}

export type Orchestrator = ReturnType<typeof createOrchestrator>;

/**
 * Runs pipelines: one job a step, each queued in the transaction in which the
 * last step before it finished. There is no poller, and no second truth.
 */
export function createOrchestrator(
  deps: AdvanceDeps & { db: Db; events: Events; scheduler: Scheduler; records: Records; onEnded(runId: string, mlflowRunId: string): void }
) {
  const { db, events, scheduler, records } = deps;
  const book = createRunBook(deps);

  /** Starts a run; `inTx` runs in the transaction that makes it. @throws InvalidInput `unknown_param`, `param_type` */
  async function start(input: NewRun, inTx?: (tx: Tx, runId: string) => Promise<void>): Promise<string> {
    const run = draftRun(input);
    const changes: Changes = new Map();
    const next = await advance(run, changes, deps);
    const summary = summaryOf(run);
    const models = summary.status === 'succeeded' && run.row.version > 0 ? await records.modelsOf({ ...run, row: { ...run.row, mlflow_run_id: 'to be made' } }) : [];
    await db.transaction().execute(async tx => {
      await inTx?.(tx, run.row.id);
      run.row.mlflow_run_id = input.version === 0 ? null : await records.open(tx, { ...input, id: run.row.id, params: run.row.params, notebookPath: input.content.notebookPath });
      await store.insertRun(tx, toInsert(run.row), run.steps.map(s => ({ status: 'waiting' as const, ...changes.get(s.ordinal), run_id: run.row.id, ordinal: s.ordinal, name: s.name })));
      Object.assign(run.row, { status: summary.status, ended_at: summary.ended_at, revision: 1 });
      await book.write(tx, run, { ...noMove(), changes }, next, models);
      const startedAt = next.hits.length > 0 ? run.row.created_at : null;
      await store.updateRun(tx, run.row.id, 0, { ...summary, started_at: startedAt, models: JSON.stringify(run.row.models) });
    });
    book.keep(run);
    scheduler.wake();
    return run.row.id;
  }

  const handler: JobHandler = {
    async started(tx, jobs) {
      const steps = await store.stepsStarted(tx, jobs);
      await events.append(tx, steps.map(s => ({ type: 'step.changed', subject: s.run_id, data: { step: s.name, status: 'running', version: s.version } })));
    },
    async requeued(tx, job, reason) {
      const { runId, ordinal } = parseLogKey(job.log_key);
      await store.stepRequeued(tx, job.id);
      await events.append(tx, [{ type: 'step.changed', subject: runId, data: { step: await store.stepName(tx, runId, ordinal), status: 'queued', reason, version: (await store.runById(tx, runId))?.version } }]);
    },
    async launched(job, pid) {
      await store.setStepPid(db, job.id, pid);
    },
    async logged(job) {
      const { runId, ordinal } = parseLogKey(job.log_key);
      const step = await store.stepName(db, runId, ordinal);
      await db.transaction().execute(tx => events.append(tx, [{ type: 'log.appended', subject: runId, data: { step, attempt: job.attempt } }]));
    },
    async finished(job, outcome, settle) {
      const { runId, ordinal } = parseLogKey(job.log_key);
      const run = await book.move(runId, live => settleStep(live, ordinal, job, outcome), settle);
      if (!run) {
        await db.transaction().execute(settle);
      }
    }
  };

  /** Stops a run: what is queued ends at once, what runs is asked to stop. A run that is over stays as it is. */
  async function cancel(runId: string): Promise<void> {
    await book.exclusively(runId, async () => {
      const row = await existing(runId);
      if (!isFinal(row.status)) {
        await db.transaction().execute(tx => cancelIn(tx, row));
      }
    });
    book.noteEnd(await existing(runId));
    scheduler.wake();
  }

  // Rows are locked in the order every writer takes them: jobs, steps, run.
  async function cancelIn(tx: Tx, row: RunRow): Promise<void> {
    const steps = await store.stepsOf(tx, row.id);
    const active = steps.filter(s => s.status === 'queued' || s.status === 'running');
    const { cancelled } = await scheduler.cancel(tx, active.flatMap(s => s.job_id ?? []));
    const ended = new Set(steps.filter(s => s.status === 'waiting' || (s.job_id !== null && cancelled.includes(s.job_id))).map(s => s.ordinal));
    await store.cancelSteps(tx, row.id, [...ended]);
    const status = runStateOf(steps.map(s => ({ name: s.name, after: [], status: ended.has(s.ordinal) ? 'cancelled' : s.status })), true);
    if (!(await store.updateRun(tx, row.id, row.revision, { status, ended_at: isFinal(status) ? new Date() : null }))) {
      throw new Stale();
    }
    if (isFinal(status)) {
      await records.close(tx, row.mlflow_run_id, 'cancelled');
    }
    await events.append(tx, [
      { type: 'run.changed', subject: row.id, data: { pipeline: row.pipeline, status, version: row.version } },
      { type: 'pipeline.changed', subject: row.pipeline }
    ]);
  }

  /** The same run goes on: the chosen steps and all after them, as new attempts. */
  async function retry(runId: string, fromStep?: string): Promise<void> {
    const row = await existing(runId);
    if (!isFinal(row.status)) {
      throw new Conflict('run_active', 'The run is still under way; cancel it first, or wait for its end.');
    }
    const decide = (run: LiveRun): Move => {
      const move = noMove();
      const again = stepsToRetry(run, fromStep);
      run.row.status = 'running';
      again.forEach(step => resetStep(step, move.changes, fromStep === undefined));
      return move;
    };
    await book.move(runId, decide, tx => records.reopen(tx, row.mlflow_run_id));
  }

  async function existing(runId: string): Promise<RunRow> {
    const row = /^[0-9a-f-]{36}$/i.test(runId) ? await store.runById(db, runId) : undefined;
    if (!row) {
      throw new NotFound('run_not_found', `There is no pipeline run ${runId}.`);
    }
    return row;
  }

  return {
    handler,
    start,
    cancel,
    retry,
    existing,
    ended: book.ended,
    /** Carries on runs a daemon left between two steps; what was running is the scheduler's to recover. */
    async recover(): Promise<void> {
      for (const runId of await store.activeRuns(db)) {
        await book.move(runId, noMove);
      }
    }
  };
}

function draftRun(input: NewRun): LiveRun {
  const { content } = input;
  const params = { ...defaultParams(content), ...input.params };
  const row: RunRow = {
    id: randomUUID(),
    pipeline: input.pipeline,
    version: input.version,
    content_hash: contentHash(content),
    mlflow_run_id: null,
    trigger: input.trigger,
    origin: input.origin ?? {},
    data_interval_start: input.dataInterval ? new Date(input.dataInterval.start) : null,
    data_interval_end: input.dataInterval ? new Date(input.dataInterval.end) : null,
    status: 'queued',
    use_cache: input.useCache,
    params,
    metrics: {},
    models: [],
    error: null,
    revision: 0,
    created_by: input.userId,
    created_at: new Date(),
    started_at: null,
    ended_at: null
  };
  const steps = content.steps.map((definition, ordinal): LiveStep => ({
    definition,
    name: definition.name,
    after: definition.after,
    status: 'waiting',
    ordinal,
    attempts: 0,
    mayUseCache: true,
    isCached: false,
    jobId: null,
    baseKey: null,
    stepKey: null,
    outcome: null
  }));
  return { row, content, sources: sourcesWith(content, input.params), steps };
}

function toInsert(row: RunRow) {
  return { ...row, params: JSON.stringify(row.params), origin: JSON.stringify(row.origin), metrics: '{}', models: '[]' };
}

/** @throws InvalidInput `unknown_step`; Conflict `nothing_to_retry` */
function stepsToRetry(run: LiveRun, fromStep: string | undefined): LiveStep[] {
  if (fromStep !== undefined && !run.steps.some(s => s.name === fromStep)) {
    throw new InvalidInput('unknown_step', `The run has no step ${fromStep}; it has: ${run.steps.map(s => s.name).join(', ')}.`);
  }
  const first = fromStep !== undefined ? [fromStep] : run.steps.filter(s => s.status !== 'succeeded').map(s => s.name);
  if (first.length === 0) {
    throw new Conflict('nothing_to_retry', 'Every step of the run succeeded; name the step to start again from.');
  }
  // A step before the chosen one that did not succeed has to run as well.
  const unfinished = run.steps.filter(s => s.status !== 'succeeded').map(s => s.name);
  const names = new Set(withDescendants(run.steps, [...first, ...unfinished]));
  return run.steps.filter(s => names.has(s.name));
}

function resetStep(step: LiveStep, changes: Changes, mayUseCache: boolean): void {
  step.mayUseCache = mayUseCache;
  step.outcome = null;
  step.stepKey = null;
  step.isCached = false;
  changeStep(step, changes, 'waiting', {
    may_use_cache: mayUseCache,
    cached: false,
    cache_note: null,
    result: null,
    step_key: null,
    job_id: null,
    error: null,
    started_at: null,
    ended_at: null,
    notebook_digest: null
  });
}
