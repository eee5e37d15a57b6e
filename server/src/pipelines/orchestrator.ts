import type { LiveMetric } from '@slipway/kernels-bridge';
import type { DataInterval, RetryRun, Scalar } from '@slipway/schema';
import { randomUUID } from 'node:crypto';
import { eachApart } from '../core/each-apart';
import { Conflict, InvalidInput, NotFound } from '../core/errors';
import type { Log } from '../core/log';
import { isUuid } from '../core/uuid';
import type { Tx } from '../database';
import { whenDatabaseIsBack, type JobHandler } from '../scheduler';
import type { TrainingRules } from '../training-rules';
import { admit, isLimited, pipelinesWaiting, timersOf } from './admission';
import { advance, parseLogKey, type AdvanceDeps } from './advance';
import { createApprovals } from './approvals';
import { cancelRun, type CancelCause } from './cancel-run';
import { contentHash, defaultParams, sourcesWith, type PipelineContent } from './content';
import { isFinal } from './dag';
import { graphOf } from './graph';
import { newStep, stepAt, type Changes, type LiveRun, type LiveStep } from './live-run';
import { countItems, deleteItems, itemRequeued, itemsStarted } from './map-store';
import { createMaps } from './maps';
import { createRunBook, noMove, summaryOf, type Move, type RunBookDeps } from './run-book';
import { createRunTimers, setTimers } from './run-timers';
import { requireOver, retryOf, stepNamed, type Retry } from './retry';
import * as store from './run-store';
import { createRuleWatch } from './rule-watch';
import { settleStep } from './settle-step';
import type { RunRow, RunTimerRow, RunTrigger, StoredOrigin } from './tables';

export interface NewRun {
  pipeline: string;
  /** 0 for what is no version: a proof, which has no MLflow run either, and a notebook that runs as it stands. */
  version: number;
  content: PipelineContent;
  params: Record<string, Scalar>;
  useCache: boolean;
  trigger: RunTrigger;
  userId: string;
  origin?: StoredOrigin;
  dataInterval?: DataInterval;
  /** Of its MLflow run. */
  mlflow?: { parentRunId: string; tags: Record<string, string> };
  /** Settles steps before anything starts; gives those that have a result then. */
  prepare?(steps: LiveStep[], changes: Changes): LiveStep[];
}

export type Orchestrator = ReturnType<typeof createOrchestrator>;

/**
 * Runs pipelines: one job a step, each queued in the transaction in which the
 * last step before it finished. There is no poller, and no second truth.
 */
export function createOrchestrator(deps: AdvanceDeps & RunBookDeps & { trainingRules: TrainingRules; log: Log; onMeasured(runId: string, points: readonly LiveMetric[]): Promise<void> }) {
  const { db, events, scheduler, records, pools } = deps;
  const book = createRunBook(deps);
  const maps = createMaps({ ...deps, book });
  const approvals = createApprovals({ db, book });
  const ruleWatch = createRuleWatch({ ...deps, look: book.look });
  let isStopped = false;
  const timers = createRunTimers({ db, log: deps.log, ring, also: lookRound });
  book.attend({ onMap: maps.go, onOver: row => void (row.trigger !== 'proof' && admitNext(row.pipeline)) });

  /** Starts a run; `inTx` runs in the transaction that makes it. @throws InvalidInput `unknown_param`, `param_type` */
  async function start(input: NewRun, inTx?: (tx: Tx, runId: string) => Promise<void>): Promise<string> {
    const run = draftRun(input);
    const changes: Changes = new Map();
    const recorded = input.prepare?.(run.steps, changes) ?? [];
    const next = await advance(run, changes, deps);
    const summary = summaryOf(run);
    const models = summary.status === 'succeeded' && run.row.version > 0 ? await records.modelsOf({ ...run, row: { ...run.row, mlflow_run_id: 'to be made' } }) : [];
    await db.transaction().execute(async tx => {
      await inTx?.(tx, run.row.id);
      run.row.mlflow_run_id = input.trigger === 'proof' ? null : await records.open(tx, { ...input, id: run.row.id, params: run.row.params, notebookPath: input.content.notebookPath });
      const move: Move = { ...noMove(), changes, recorded };
      const startedAt = next.hits.length > 0 ? run.row.created_at : null;
      const steps = run.steps.map(s => ({ status: 'waiting' as const, ...changes.get(s.ordinal), run_id: run.row.id, ordinal: s.ordinal, name: s.name, kind: s.kind }));
      await store.insertRun(tx, { ...toInsert(run.row), ...summary, started_at: startedAt, revision: 1 }, steps, await book.rowsOf(tx, run, move, next));
      Object.assign(run.row, { status: summary.status, ended_at: summary.ended_at, revision: 1 });
      await setTimers(tx, run.row.is_held || input.trigger === 'proof' ? [] : timersOf(run.row.id, run.content));
      await book.write(tx, run, move, next, models);
    });
    book.keep(run);
    await book.begun(run, next);
    if (run.row.is_held) {
      await admitNext(input.pipeline);
    }
    scheduler.wake();
    return run.row.id;
  }

  /** Runs that waited for others of their pipeline begin, as far as it allows. */
  async function admitNext(pipeline: string): Promise<void> {
    try {
      // Let in already, and looked for no more: they have to begin.
      const begin = async (runId: string): Promise<void> => {
        book.forget(runId);
        await whenDatabaseIsBack(() => book.move(runId, noMove), () => !isStopped);
      };
      await eachApart(await admit(db, pipeline), begin, { log: deps.log, what: 'letting a run in', about: runId => ({ runId }) });
    } catch (err) {
      deps.log.warn({ err, pipeline }, 'waiting runs could not be let in; they are looked at again'); // by lookRound
    }
  }

  /** What a lost notice, or another daemon's end, left to do. */
  async function lookRound(): Promise<void> {
    for (const pipeline of await pipelinesWaiting(db)) {
      await admitNext(pipeline);
    }
    await pools.look();
  }

  /** A run's time has come: it is stopped, told to be late, or a person's time is up. */
  async function ring(timer: RunTimerRow): Promise<void> {
    if (timer.kind === 'timeout') {
      await cancelRun({ db, scheduler, book }, timer.run_id, 'timeout');
    } else if (timer.kind === 'deadline') {
      await tellLate(timer.run_id);
    } else {
      await approvals.expire(timer.run_id, timer.ordinal).catch((err: unknown) => {
        if (!(err instanceof Conflict)) {
          throw err; // decided at the last moment, else
        }
      });
    }
  }

  async function tellLate(runId: string): Promise<void> {
    const run = await book.look(runId);
    if (!run || isFinal(run.row.status)) {
      return;
    }
    await db.transaction().execute(async tx => {
      if (await store.setLate(tx, runId)) {
        await deps.news.tell(tx, run, 'deadline');
        await events.append(tx, [{ type: 'run.changed', subject: runId, data: { pipeline: run.row.pipeline, status: run.row.status, version: run.row.version, isLate: true } }]);
      }
    });
    book.forget(runId);
  }

  const handler: JobHandler = {
    async started(tx, jobs) {
      await itemsStarted(tx, jobs.filter(j => parseLogKey(j.log_key).index !== null));
      const steps = await store.stepsStarted(tx, jobs.filter(j => parseLogKey(j.log_key).index === null));
      await events.append(tx, steps.map(s => ({ type: 'step.changed', subject: s.run_id, data: { step: s.name, status: 'running', version: s.version } })));
    },
    async requeued(tx, job, reason) {
      const { runId, ordinal, index } = parseLogKey(job.log_key);
      ruleWatch.forget(job.id);
      await pools.giveBack(tx, job);
      await (index === null ? store.stepRequeued(tx, job.id) : itemRequeued(tx, job.id));
      await events.append(tx, [{ type: 'step.changed', subject: runId, data: { step: await store.stepName(tx, runId, ordinal), status: index === null ? 'queued' : 'running', reason, version: (await store.runById(tx, runId))?.version } }]);
    },
    async logged(job) {
      const { runId, ordinal, index } = parseLogKey(job.log_key);
      const step = await store.stepName(db, runId, ordinal);
      await db.transaction().execute(tx => events.append(tx, [{ type: 'log.appended', subject: runId, data: { step, attempt: job.attempt, ...(index !== null && { index }) } }]));
    },
    async measured(job, points) {
      await Promise.all([ruleWatch.measured(job, points), deps.onMeasured(parseLogKey(job.log_key).runId, points)]);
    },
    sampled: ruleWatch.sampled,
    whyHeld: jobs => pools.pendingReasons(jobs.map(j => j.id)),
    takenUp: job => ruleWatch.forget(job.id),
    async finished(job, outcome, settle) {
      const { runId, ordinal, index } = parseLogKey(job.log_key);
      const before = await book.look(runId);
      const mayHoldSeat = !before || stepAt(before, ordinal)?.node.options.pool !== undefined;
      if (index !== null) {
        await maps.finished(job, { runId, ordinal, index }, outcome, settle);
      } else if (!(await book.move(runId, live => settleStep(live, ordinal, job, outcome), settle))) {
        await db.transaction().execute(settle);
      }
      ruleWatch.forget(job.id);
      if (mayHoldSeat) {
        await pools.releaseOf(job.id);
      }
    }
  };

  async function cancel(runId: string, cause?: CancelCause): Promise<void> {
    await existing(runId);
    await cancelRun({ db, scheduler, book }, runId, cause);
  }

  /** The same run goes on: the chosen steps and all after them, as new attempts. */
  async function retry(runId: string, ask: RetryRun): Promise<void> {
    const row = await existing(runId);
    requireOver(row);
    if (ask.failedItemsOf !== undefined) {
      await requireFailedItems(runId, ask.failedItemsOf);
    }
    let next: Retry | undefined;
    const decide = (run: LiveRun): Move => (next = retryOf(run, ask)).move;
    const run = await book.move(runId, decide, async tx => {
      await deleteItems(tx, runId, next!.mapsAnew);
      await setTimers(tx, isLimited(row, next!.content) ? [] : timersOf(runId, next!.content));
      await records.reopen(tx, row.mlflow_run_id, next!.paramsAnew);
    });
    if (run?.row.is_held) {
      await admitNext(row.pipeline);
    }
  }

  /** @throws InvalidInput `unknown_step`, `not_a_map`; Conflict `nothing_to_retry` */
  async function requireFailedItems(runId: string, name: string): Promise<void> {
    const step = stepNamed((await book.look(runId))!, name);
    if (step.kind !== 'map') {
      throw new InvalidInput('not_a_map', `The step ${name} has no items: it does not run for each of a list.`);
    }
    if ((await countItems(db, runId, step.ordinal)).failed === 0) {
      throw new Conflict('nothing_to_retry', `No item of ${name} failed.`);
    }
  }

  async function existing(runId: string): Promise<RunRow> {
    const row = isUuid(runId) ? await store.runById(db, runId) : undefined;
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
    approvals,
    /** Carries on runs a daemon left between two steps; what was running is the scheduler's to recover. */
    async recover(): Promise<void> {
      const carryOn = async (runId: string): Promise<void> => {
        const run = await book.move(runId, noMove);
        run?.steps.filter(s => s.kind === 'map' && s.status === 'running').forEach(s => maps.go(runId, s.ordinal));
      };
      await eachApart(await store.activeRuns(db), carryOn, { log: deps.log, what: 'carrying on a run', about: runId => ({ runId }) });
      timers.start();
    },
    async stop(): Promise<void> {
      isStopped = true;
      await timers.stop();
      await maps.stop();
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
    is_held: isLimited(input, content),
    priority: content.options?.priority ?? 0,
    is_late: false,
    timed_out: false,
    revision: 0,
    created_by: input.userId,
    created_at: new Date(),
    started_at: null,
    ended_at: null
  };
  const steps = graphOf(content, input.trigger === 'proof').map(newStep);
  return { row, content, sources: sourcesWith(content, input.params), steps };
}

function toInsert(row: RunRow) {
  return { ...row, params: JSON.stringify(row.params), origin: JSON.stringify(row.origin), metrics: '{}', models: '[]' };
}
