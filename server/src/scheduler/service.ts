import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { createGpuLoad, type GpuLoad } from '@slipway/kernels-bridge';
import { Resources, type Engine, type ResourcesInput, type RetryPolicy } from '@slipway/schema';
import { InvalidInput } from '../core/errors';
import type { Log } from '../core/log';
import { createWaker, type Db, type Tx } from '../database';
import type { Checkpoints } from './checkpoints';
import type { Executor, JobSpec } from './executor';
import { NO_ENGINES, type Engines } from './executors';
import { LeaseLost, type JobHandler } from './handler';
import { createLiveMeasures } from './live-measures';
import type { JobLogs } from './logs';
import { homeIdentity, nodeIdentity, type Capacity } from './machine';
import { isDatabaseAway } from './patience';
import { endLeftover } from '../core/process-identity';
import { createDispatcher, reasonIn, type View } from './dispatcher';
import { heldBackIn } from './engine-claim';
import { estimateOf, stepLabel } from './history';
import { createPastDurations } from './past-durations';
import type { GpuUse } from './policy-tables';
import * as scenes from './scene-store';
import { policySettings } from './settings-store';
import { standingOf } from './demand-of';
import * as store from './store';
import type { JobRow } from './tables';
import { createWorker, LEASE_MS } from './worker';

export type Scheduler = ReturnType<typeof createScheduler>;

export interface NewJob {
  id: string;
  kind: string;
  /** For people: `churn / train`. */
  label: string;
  spec: JobSpec;
  priority: number;
  maxRetries: number;
  /** When to try again, and how long to wait; absent = what may pass, `maxRetries` times. */
  retry?: RetryPolicy;
  gpus: number;
  /** All it asks for; CPUs and memory are those of the spec's limits. */
  resources?: ResourcesInput;
  /** Whose quota and share it counts against; absent = `default`. */
  project?: string;
  /** Who asked for it. */
  createdBy?: string;
  /** May be stopped to make room, once it had its minimum run time; it starts again. */
  isPreemptible?: boolean;
  /** At most so many jobs of one array run at once. */
  array?: { id: string; maxParallel: number };
  /** Where it runs: an engine of the daemon's configuration; null or absent = this machine. */
  engine?: string | null;
  /** Attempts made before, so that a job that goes on counts on. */
  attempt: number;
  /** Where its log lies; the attempt's number is added. */
  logKey: string;
}

const BEAT_MS = 5_000;
/** How much of each line is looked at to tell why jobs wait. */
const VIEW_PER_LINE = 200;
/** A step whose daemon ended this often is taken for the cause. */
const MAX_LOSSES = 5;

/**
 * The queue and its one worker on this machine. Jobs are rows; whoever submits
 * one does so in its own transaction and hears of its course by its `kind`.
 */
export function createScheduler(deps: { db: Db; databaseUrl: string; log: Log; home: string; capacity: Capacity; executor: Executor; engines?: Engines; logs: JobLogs; environment?: NodeJS.ProcessEnv }) {
  const { db, log } = deps;
  const workerId = randomUUID();
  const home = homeIdentity(deps.home);
  const { gpus: devices, ...amounts } = deps.capacity;
  const node = { id: nodeIdentity(deps.home), name: hostname(), ...amounts, devices };
  const handlers = new Map<string, JobHandler>();
  const engines = deps.engines ?? NO_ENGINES;
  const dispatcher = createDispatcher({ db, workerId, node, leaseMs: LEASE_MS, elsewhere: engines.size });
  const live = createLiveMeasures();
  const gpuLoad = createGpuLoad(deps.capacity.gpus.length > 0, deps.environment);
  const worker = createWorker({ ...deps, engines, live, id: workerId, dispatcher, handlerOf, gpuLoad });
  const waker = createWaker({ databaseUrl: deps.databaseUrl, channel: 'slipway_job', log, onWake });
  let heartbeat: NodeJS.Timeout | undefined;

  function handlerOf(kind: string): JobHandler {
    const handler = handlers.get(kind);
    if (!handler) {
      throw new Error(`Nobody handles jobs of the kind ${kind}.`);
    }
    return handler;
  }

  async function onWake(): Promise<void> {
    const asked = await store.stopsAsked(db, workerId);
    asked.cancelled.forEach(worker.cancel);
    if (asked.preempted.length > 0) {
      const { graceMs } = await policySettings(db);
      asked.preempted.forEach(id => worker.preempt(id, graceMs));
    }
    await worker.claim();
  }

  /** Why jobs wait: for their feature, in our queue, or in an engine's; those in the map that have a reason. */
  async function reasonsOf(jobs: readonly JobRow[], view: View | null): Promise<Map<string, string>> {
    const heldBack = view && jobs.some(j => j.state === 'queued' && j.engine !== null) ? heldBackIn(view.state) : () => null;
    const reasonOf = (job: JobRow): string | null => {
      if (job.state === 'running') {
        return job.engine === null ? null : engines.noteOf(job.id);
      }
      return job.state !== 'queued' ? null : job.engine === null ? view && reasonIn(view, job) : engines.pendingReason(job, heldBack(job));
    };
    const queued = jobs.filter(j => j.state === 'queued');
    const held = await Promise.all([...handlers].map(async ([kind, handler]) => (await handler.whyHeld?.(queued.filter(j => j.kind === kind))) ?? []));
    const known = jobs.flatMap((job): [string, string][] => { const reason = reasonOf(job); return reason === null ? [] : [[job.id, reason]]; });
    return new Map([...known, ...held.flatMap(reasons => [...reasons])]);
  }

  const pastDurations = createPastDurations();
  const placesOfCheckpoints = (): Checkpoints[] => [deps.executor, ...engines.names.map(engines.executorOf)].flatMap(e => e.checkpoints ?? []);

  /** Takes over what nobody runs any more; a process an ended daemon left behind is ended first. */
  async function recover(): Promise<void> {
    for (const job of await store.lostJobs(db, { workerId, home }, worker.held())) {
      if (job.pid !== null && job.pid_identity !== null) {
        await endLeftover(job.pid, job.pid_identity);
      }
      log.warn({ jobId: job.id, label: job.label, attempt: job.attempt }, 'taking over a job whose worker is gone');
      await worker.takeOver(job, MAX_LOSSES).catch(err => {
        if (!(err instanceof LeaseLost)) {
          throw err;
        }
      });
    }
  }

  async function queued(tx: Tx, jobs: readonly NewJob[]): Promise<ReturnType<typeof store.newJobs> | null> {
    if (jobs.length === 0) {
      return null;
    }
    const past = await pastDurations(tx, [...new Set(jobs.map(j => stepLabel(j.label)))]);
    return store.newJobs(tx, jobs.map(job => toInsert(job, estimateOf(job.spec.limits.timeoutMs, past.get(stepLabel(job.label))))));
  }

  async function beat(): Promise<void> {
    try {
      await worker.beat();
      await scenes.nodeSeen(db, node);
      await scenes.setGpuLoad(db, node.id, usesOf(await gpuLoad()));
      await recover();
    } catch (err) {
      log[isDatabaseAway(err) ? 'warn' : 'error']({ err }, 'the heartbeat of running jobs failed');
    }
    heartbeat = setTimeout(() => void beat(), BEAT_MS);
  }

  return {
    /** Says who is told about jobs of `kind`; once each, before `start`. */
    handle(kind: string, handler: JobHandler): void {
      handlers.set(kind, handler);
    },
    /** Queues jobs inside the caller's transaction. */
    async submit(tx: Tx, jobs: readonly NewJob[]): Promise<void> {
      await (await queued(tx, jobs))?.execute();
    },
    /** The same, for who makes other changes with it; null for no jobs. */
    queued,
    /** Looks for work now: to be called after the commit of a `submit`, so that nothing waits for a notice. */
    wake: (): void => waker.poke(),
    /** Cancels queued jobs at once (their handler hears nothing) and asks running ones to stop. */
    async cancel(tx: Tx, ids: string[]): Promise<{ cancelled: string[]; stopping: string[] }> {
      if (ids.length === 0) {
        return { cancelled: [], stopping: [] };
      }
      const result = await store.cancelJobs(tx, ids);
      await store.notifyWorkers(tx);
      return result;
    },
    /** Ends a job that runs here as a failure of that name: it is not tried again. */
    fail: (jobId: string, code: string, message: string): void => worker.fail(jobId, { code, message, cellId: null, traceback: null, isRetryable: false }),
    /** Why each of the jobs waits, in a sentence; queued ones are in the map, and those of which an engine has news. */
    async pendingReasons(ids: string[]): Promise<Map<string, string>> {
      const jobs = await store.jobsById(db, ids);
      return reasonsOf(jobs, jobs.some(j => j.state === 'queued') ? await dispatcher.view(VIEW_PER_LINE) : null);
    },
    /** What a job that runs here uses and measures. */
    live: live.of,
    /** Has the job ended, or is it gone? */
    async isOver(id: string): Promise<boolean> {
      const [job] = await store.jobsById(db, [id]);
      return job === undefined || (job.state !== 'queued' && job.state !== 'running');
    },
    checkpoints: {
      /** What attempts under that log key kept for one another is of no more use. */
      async remove(logKey: string): Promise<void> {
        await Promise.all(placesOfCheckpoints().map(place => place.remove(logKey)));
      },
      /** Removes those of owners, the first parts of log keys, that `kept` does not name. */
      async sweep(kept: (owners: readonly string[]) => Promise<ReadonlySet<string>>): Promise<void> {
        for (const place of placesOfCheckpoints()) {
          const owners = await place.owners();
          const stay = await kept(owners);
          for (const owner of owners.filter(o => !stay.has(o))) {
            await place.remove(owner);
          }
        }
      }
    },
    /** For what people see: the queue and the cluster now, and why jobs wait. */
    queue: { view: () => dispatcher.view(VIEW_PER_LINE), reasonsOf, wake: (): void => waker.poke() },
    /** @throws {InvalidInput} `engine_not_found` where a step names an engine that this daemon's configuration does not */
    checkEngines(byStep: Readonly<Record<string, string>>): void {
      const faults = Object.entries(byStep)
        .filter(([, engine]) => engine !== 'local' && !engines.names.includes(engine))
        .map(([step, engine]) => ({ path: `options.steps.${step}.engine`, message: `There is no engine ${engine}: there are ${['local', ...engines.names].join(', ')}. Engines are named in engines.yaml of Slipway’s home.` }));
      if (faults[0]) {
        throw new InvalidInput('engine_not_found', `${faults[0].path}: ${faults[0].message}`, { errors: faults });
      }
    },
    /** @throws {InvalidInput} `impossible_resources` where a step asks for what no node, or its engine, has */
    async checkResources(byStep: Readonly<Record<string, { engine: string; resources: ResourcesInput; isPreemptible: boolean }>>): Promise<void> {
      const faults: { path: string; message: string }[] = [];
      for (const [step, { engine, resources, isPreemptible }] of Object.entries(byStep)) {
        const demand = Resources.parse(resources);
        const message = engine === 'local' ? await dispatcher.whyNever(demand, isPreemptible) : engines.whyNever(engine, demand);
        if (message !== null) {
          faults.push({ path: `options.steps.${step}.resources`, message });
        }
      }
      if (faults[0]) {
        throw new InvalidInput('impossible_resources', `${faults[0].path}: ${faults[0].message}`, { errors: faults });
      }
    },
    async listEngines(): Promise<{ items: Engine[] }> {
      const [states, counts] = await Promise.all([engines.list(), store.engineCounts(db)]);
      return { items: states.map(state => ({ ...state, ...(counts.get(state.name) ?? NONE_THERE) })) };
    },
    /** What this machine has, and how much of it jobs hold. */
    capacity() {
      const parts = worker.allocations().flatMap(a => a.parts);
      const used = new Set(parts.flatMap(p => p.devices.map(d => d.id)));
      const sum = (of: (part: (typeof parts)[number]) => number): number => parts.reduce((all, part) => all + of(part), 0);
      return {
        cpus: { total: deps.capacity.cpus, used: sum(p => p.cpus) },
        memoryBytes: { total: deps.capacity.memoryBytes, used: sum(p => p.memoryBytes) },
        gpus: deps.capacity.gpus.map(g => ({ uuid: g.id, name: g.migProfile === null ? g.type : `${g.type} ${g.migProfile}`, memoryBytes: g.memoryBytes, isUsed: used.has(g.id) }))
      };
    },
    async start(): Promise<void> {
      await store.insertWorker(db, workerId, home);
      await scenes.nodeSeen(db, node);
      await recover();
      await store.deleteOtherWorkers(db, workerId, home);
      waker.start();
      heartbeat = setTimeout(() => void beat(), BEAT_MS);
    },
    /** Stops running jobs, each back in the queue, and takes no more. */
    async stop(): Promise<void> {
      clearTimeout(heartbeat);
      await worker.stop();
      await scenes.nodeAway(db, node.id).catch(err => log.warn({ err }, 'the node could not be signed off'));
      await waker.stop();
      clearTimeout(heartbeat);
    }
  };
}

const NONE_THERE = { running: 0, waiting: 0, held: { cpus: 0, memoryBytes: 0, gpus: 0 } };

/** What the map shows of a node's GPUs. */
const usesOf = (load: ReadonlyMap<string, GpuLoad>): Record<string, GpuUse> => Object.fromEntries([...load].map(([id, { utilisationPercent, usedMemoryBytes }]) => [id, { utilisationPercent, usedMemoryBytes }]));

/** What a job asks for in full: its limits, where it did not say more. */
function resourcesOf(job: NewJob): Resources {
  const { cpus, memoryBytes } = job.spec.limits;
  return Resources.parse({ gpus: job.gpus, ...job.resources, cpus, memoryBytes });
}

function toInsert(job: NewJob, estimateMs: number) {
  const resources = resourcesOf(job);
  const policy = { project: job.project ?? 'default', isPreemptible: job.isPreemptible ?? false, priority: job.priority, demand: resources, estimateMs, array: job.array ?? null };
  return {
    id: job.id,
    kind: job.kind,
    label: job.label,
    priority: job.priority,
    attempt: job.attempt,
    max_retries: job.maxRetries,
    retry: job.retry ? JSON.stringify(job.retry) : null,
    cpus: job.spec.limits.cpus,
    memory_bytes: job.spec.limits.memoryBytes,
    gpus: Math.ceil(resources.gpus),
    project: policy.project,
    is_preemptible: policy.isPreemptible,
    resources: JSON.stringify(resources),
    estimate_ms: estimateMs,
    array_id: policy.array?.id ?? null,
    array_parallel: policy.array?.maxParallel ?? null,
    ...standingOf({ ...policy, submittedAt: Date.now() }),
    ...(job.engine && { line: null }),
    engine: job.engine ?? null,
    created_by: job.createdBy ?? null,
    spec: JSON.stringify(job.spec),
    log_key: job.logKey
  };
}
