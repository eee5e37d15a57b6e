import { readFile } from 'node:fs/promises';
import type { BlobStore, LiveMetric } from '@slipway/kernels-bridge';
import { Notebook, type CacheExplanation, type LogChunk, type PipelineOptions, type PipelineRun, type RerunSteps, type RetryRun, type StartNotebookRun, type StartRun, type TrainingFinding } from '@slipway/schema';
import { NotFound } from '../core/errors';
import { inBatches } from '../core/in-batches';
import type { Log } from '../core/log';
import type { Db, Tx } from '../database';
import type { Events } from '../events';
import type { Lineage } from '../lineage';
import type { JobLogs, Scheduler } from '../scheduler';
import type { TrainingRules } from '../training-rules';
import { createStepCache } from './cache';
import { runsWithCheckpoints } from './checkpoints-kept';
import { createDefinitions } from './definitions';
import { createFileDigests } from './file-digests';
import { createEnvironmentLocks } from './environment-locks';
import { explainCache } from './explain-cache';
import { describeForLineage } from './lineage-names';
import { loadRun } from './live-run';
import { createLogArtifacts } from './log-artifacts';
import { toRun } from './mapping';
import { originOf, type PipelineOrigin } from './origin';
import { createOrchestrator } from './orchestrator';
import { decodeCursor, pageOfRows } from './paging';
import type { SessionsPort } from './own-results';
import type { KernelsPort, NotificationsPort, RegistryPort, SecretsPort, TrackingPort } from './ports';
import { checkKernel, createProofs } from './proofs';
import { createNotebookRuns } from './notebook-runs';
import { createMapItems } from './map-items';
import type { MapBlobs } from './map-lists';
import { trimJobs } from './old-jobs';
import { createPools } from './pools';
import { createRunNews } from './run-news';
import { createRecords } from './records';
import { createReferences } from './reference';
import { rerunOf } from './rerun';
import { factsOfRun, runIdOf, type RunFacts } from './run-facts';
import * as store from './run-store';
import { createScheduleLoop } from './schedule-loop';
import { trimFires } from './schedule-store';
import { createSchedules } from './schedules';
import { DEFAULT_LIMITS, resourcesAsked } from './step-job';
import { startAsk, type RunAsk } from './start-run';
import type { RunRow } from './tables';

export interface PipelineDeps {
  db: Db;
  events: Events;
  log: Log;
  lineage: Lineage;
  blobs: BlobStore & MapBlobs;
  logs: JobLogs;
  scheduler: Scheduler;
  tracking: TrackingPort;
  registry: RegistryPort;
  kernels: KernelsPort;
  sessions: SessionsPort;
  secrets: SecretsPort;
  notifications: NotificationsPort;
  trainingRules: TrainingRules;
  /** Names this home among those on one database. */
  home: string;
  /** What steps find in their environment, as far as they read it. */
  environment: Readonly<Record<string, string | undefined>>;
}

/** Told of metrics while steps of a run measure them, in the daemon that runs the step; the run's end has them again. */
export type Meter = (runId: string, points: readonly LiveMetric[]) => Promise<void>;

export type Pipelines = ReturnType<typeof createPipelines>;

/** Everything about pipelines: drafts, proofs, versions, schedules and runs. */
export function createPipelines(deps: PipelineDeps) {
  const { db, scheduler } = deps;
  const memoryBytes = Math.min(DEFAULT_LIMITS.memoryBytes, scheduler.capacity().memoryBytes.total);
  const limits = { ...DEFAULT_LIMITS, memoryBytes };
  const cache = createStepCache({ ...deps, digests: createFileDigests() });
  const records = createRecords(deps);
  const logArtifacts = createLogArtifacts(deps);
  const pools = createPools({ db, scheduler });
  const news = createRunNews(deps.notifications);
  const orchestrator = createOrchestrator({ ...deps, pools, news, cache, records, limits, environmentLock: createEnvironmentLocks(deps.kernels), onEnded: logArtifacts.keep, onMeasured: tellMeasured });
  const references = createReferences({ ...deps, limits });
  const meters = new Set<Meter>();
  const clock = (): Date => new Date();
  const schedules = createSchedules({ ...deps, clock });
  const scheduleLoop = createScheduleLoop({ ...deps, clock, startRun: (name, run, inTx) => startRun(name, { ...run, trigger: 'schedule' }, inTx), replaceRun: runId => orchestrator.cancel(runId, 'replaced') });
  const items = createMapItems({ db, stepOf: (runId, name) => stepOf(runId, name) });
  const definitions = createDefinitions({ ...deps, schedules, checkOptions });
  const proofs = createProofs({ ...deps, definitions, orchestrator, references });
  const notebookRuns = createNotebookRuns({ ...deps, orchestrator, checkOptions, checkKernel: name => checkKernel(deps.kernels, name), capacity: scheduler.capacity, show });
  scheduler.handle('step', orchestrator.handler);
  scheduler.handle('reference', references.handler);

  async function tellMeasured(runId: string, points: readonly LiveMetric[]): Promise<void> {
    await Promise.all([...meters].map(meter => meter(runId, points)));
  }

  /** What the options name has to be there. */
  async function checkOptions(options: PipelineOptions | undefined): Promise<void> {
    await pools.check(options);
    scheduler.checkEngines(Object.fromEntries(Object.entries(options?.steps ?? {}).flatMap(([step, { engine }]) => (engine === undefined ? [] : [[step, engine]]))));
    await scheduler.checkResources(resourcesAsked(options, limits));
    await deps.secrets.check(Object.fromEntries(Object.entries(options?.steps ?? {}).flatMap(([step, { secrets }]) => (secrets ? [[step, secrets]] : []))));
    await deps.notifications.check(options);
  }

  async function startRun(name: string, ask: RunAsk, inTx?: (tx: Tx, runId: string) => Promise<void>): Promise<string> {
    const { row, content } = await definitions.versionWith(name, ask.version);
    return orchestrator.start({ useCache: true, params: {}, ...ask, pipeline: name, version: row.version, content }, inTx);
  }

  async function show(rows: RunRow[], whyWaiting = pendingReasons): Promise<PipelineRun[]> {
    const steps = await store.stepSummaries(db, rows.map(r => r.id));
    const queued = steps.flatMap(s => ((s.status === 'queued' || s.status === 'running') && s.job_id !== null ? [s.job_id] : []));
    const pending = await whyWaiting(queued);
    return rows.map(row => toRun(row, steps.filter(s => s.run_id === row.id), pending));
  }

  async function pendingReasons(jobIds: string[]): Promise<Map<string, string>> {
    return jobIds.length === 0 ? new Map() : scheduler.pendingReasons(jobIds);
  }

  async function run(runId: string): Promise<PipelineRun> {
    return (await show([await orchestrator.existing(runId)]))[0]!;
  }

  const sweepCheckpoints = (): Promise<void> => scheduler.checkpoints.sweep(owners => runsWithCheckpoints(db, deps.tracking, owners));

  async function stepOf(runId: string, name: string) {
    await orchestrator.existing(runId);
    const step = await store.stepByName(db, runId, name);
    if (!step) {
      throw new NotFound('step_not_found', `The run has no step ${name}.`);
    }
    return step;
  }

  return {
    definitions,
    pools,
    items,
    approvals: orchestrator.approvals,
    schedules,
    proofs,
    /** @throws InvalidInput `kernel_not_found`, `kernel_not_python` */
    checkKernel: (name: string): Promise<void> => checkKernel(deps.kernels, name),
    run,
    /** `meter` hears of metrics of runs from now on; the result ends it. */
    onMeasured(meter: Meter): () => void {
      meters.add(meter);
      return () => void meters.delete(meter);
    },
    /** Starts a run of the latest version, or of the one asked for; `inTx` runs in the transaction that makes it. */
    startRun,
    async start(name: string, body: StartRun, userId: string): Promise<PipelineRun> {
      const runId = await startRun(name, startAsk(body, userId));
      // Why steps wait is not asked: it takes a look at the whole queue, and nobody has judged them yet.
      return (await show([await orchestrator.existing(runId)], () => Promise.resolve(new Map())))[0]!;
    },
    async cancel(runId: string): Promise<PipelineRun> {
      await orchestrator.cancel(runId);
      return run(runId);
    },
    async retry(runId: string, ask: RetryRun): Promise<PipelineRun> {
      await orchestrator.retry(runId, ask);
      return run(runId);
    },
    /** Runs a notebook, or some of its cells, once as one job. @throws InvalidInput */
    async startNotebook(body: StartNotebookRun, userId: string): Promise<PipelineRun> {
      return run(await notebookRuns.start(body, userId));
    },
    listNotebookRuns: notebookRuns.list,
    /** Runs chosen steps of a past run anew, on what its other steps made. */
    async rerun(runId: string, ask: RerunSteps, userId: string): Promise<PipelineRun> {
      await orchestrator.existing(runId);
      return run(await orchestrator.start(rerunOf((await loadRun(db, runId))!, ask, userId)));
    },
    async findings(runId: string): Promise<{ items: TrainingFinding[] }> {
      await orchestrator.existing(runId);
      return deps.trainingRules.list(runId);
    },
    async explainCache(runId: string, step: string): Promise<CacheExplanation> {
      await orchestrator.existing(runId);
      return explainCache(db, runId, step);
    },
    async listRuns(name: string, query: { limit: number; cursor?: string }): Promise<{ items: PipelineRun[]; nextCursor?: string }> {
      await definitions.existing(name);
      const rows = await store.listRuns(db, name, query.limit + 1, query.cursor === undefined ? undefined : decodeCursor(query.cursor));
      const { shown, ...next } = pageOfRows(rows, query.limit);
      return { items: await show(shown), ...next };
    },
    /** The cells behind a run of a pipeline; null where it is none. */
    originOf: (run: { runId: string; tags: Readonly<Record<string, string>> }): Promise<PipelineOrigin | null> => originOf(db, run),
    /** What a run's steps ran, read and wrote; null where there is none. */
    facts: (runId: string): Promise<RunFacts | null> => factsOfRun(db, runId, deps.tracking.artifactRootOf),
    /** The pipeline run behind an MLflow run; null where it is none. */
    runIdOf: (mlflowRunId: string): Promise<string | null> => runIdOf(db, mlflowRunId),
    /** What people call pipeline versions and their cells. */
    describe: (uris: readonly string[]) => describeForLineage(db, uris),
    /** A step's log; that of the run it was cached from, where it was. */
    async log(runId: string, name: string, query: { offset: number; attempt?: number; item?: number }): Promise<LogChunk> {
      const step = query.item === undefined ? await stepOf(runId, name) : await items.rowOf(runId, name, query.item);
      const attempt = query.attempt ?? step.log_attempt;
      if (step.log_key === null || attempt === null) {
        return { text: '', nextOffset: 0, isComplete: step.status !== 'waiting' && step.status !== 'queued', isCut: false };
      }
      const { isAtEnd, ...chunk } = await deps.logs.read(step.log_key, attempt, query.offset, limits.logBytes);
      const isOver = step.status !== 'running' && step.status !== 'queued';
      return { ...chunk, isComplete: isAtEnd && (isOver || attempt !== step.log_attempt) };
    },
    async notebook(runId: string, name: string, item?: number): Promise<Notebook> {
      const step = item === undefined ? await stepOf(runId, name) : await items.rowOf(runId, name, item);
      if (step.notebook_digest === null) {
        throw new NotFound('no_notebook', `The step ${name} has no executed notebook yet.`);
      }
      const text = await readFile(deps.blobs.pathOf(step.notebook_digest), 'utf8').catch((cause: unknown) => {
        throw new NotFound('no_notebook', `The executed notebook of the step ${name} is not on this daemon’s disk (any more).`, { cause });
      });
      return Notebook.parse(JSON.parse(text));
    },
    /** Removes what steps of runs kept that will not go on any more. */
    sweepCheckpoints,
    /** What came of schedules is told for a month, and so are jobs. */
    async trim(): Promise<void> {
      await inBatches(most => trimFires(db, most));
      await inBatches(most => trimJobs(db, most));
    },
    /** Takes up what an ended daemon left, then minds the schedules; the scheduler has been started. */
    async resume(): Promise<void> {
      await proofs.recover();
      await orchestrator.recover();
      await sweepCheckpoints().catch((err: unknown) => deps.log.warn({ err }, 'old checkpoints could not be removed'));
      await scheduleLoop.start();
    },
    async stop(): Promise<void> {
      await scheduleLoop.stop();
      await orchestrator.stop();
      await proofs.stop();
      await logArtifacts.stop();
    }
  };
}
