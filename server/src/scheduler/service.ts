import { randomUUID } from 'node:crypto';
import type { Engine, Job } from '@slipway/schema';
import type { Log } from '../core/log';
import { createWaker, type Db, type Tx } from '../database';
import type { Executor, JobSpec } from './executor';
import { NO_ENGINES, type Engines } from './executors';
import { LeaseLost, type JobHandler } from './handler';
import type { JobLogs } from './logs';
import { homeIdentity } from './machine';
import { isDatabaseAway } from './patience';
import { pendingReason } from './pending';
import { endLeftover } from '../core/process-identity';
import { createSlots, type Capacity } from './slots';
import * as store from './store';
import type { JobRow } from './tables';
import { createWorker } from './worker';

export type Scheduler = ReturnType<typeof createScheduler>;

export interface NewJob {
  id: string;
  kind: string;
  /** For people: `churn / train`. */
  label: string;
  spec: JobSpec;
  priority: number;
  maxRetries: number;
  gpus: number;
  /** Where it runs: an engine of the daemon's configuration; null or absent = this machine. */
  engine?: string | null;
  /** Attempts made before, so that a job that goes on counts on. */
  attempt: number;
  /** Where its log lies; the attempt's number is added. */
  logKey: string;
}

const BEAT_MS = 5_000;
/** A step whose daemon ended this often is taken for the cause. */
const MAX_LOSSES = 5;

/**
 * The queue and its one worker on this machine. Jobs are rows; whoever submits
 * one does so in its own transaction and hears of its course by its `kind`.
 */
export function createScheduler(deps: { db: Db; databaseUrl: string; log: Log; home: string; capacity: Capacity; executor: Executor; engines?: Engines; logs: JobLogs }) {
  const { db, log } = deps;
  const workerId = randomUUID();
  const home = homeIdentity(deps.home);
  const handlers = new Map<string, JobHandler>();
  const slots = createSlots(deps.capacity);
  const engines = deps.engines ?? NO_ENGINES;
  const worker = createWorker({ ...deps, engines, id: workerId, slots, handlerOf });
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
    (await store.cancelRequests(db, workerId)).forEach(worker.cancel);
    await worker.claim();
  }

  /** Why a job waits: in our queue, or in an engine's. */
  function reasonOf(job: JobRow): string | null {
    if (job.state === 'running') {
      return job.engine === null ? null : engines.noteOf(job.id);
    }
    return job.state !== 'queued' ? null : job.engine === null ? pendingReason(job, slots) : engines.pendingReason(job);
  }

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

  async function beat(): Promise<void> {
    try {
      await worker.beat();
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
      if (jobs.length > 0) {
        await store.insertJobs(tx, jobs.map(toInsert));
        await store.notifyWorkers(tx);
      }
    },
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
    /** Why each of the jobs waits, in a sentence; queued ones are in the map, and those of which an engine has news. */
    async pendingReasons(ids: string[]): Promise<Map<string, string>> {
      const rows = await store.jobsById(db, ids);
      return new Map(rows.flatMap(job => (reasonOf(job) === null ? [] : [[job.id, reasonOf(job)!]])));
    },
    /** Has the job ended, or is it gone? */
    async isOver(id: string): Promise<boolean> {
      const [job] = await store.jobsById(db, [id]);
      return job === undefined || (job.state !== 'queued' && job.state !== 'running');
    },
    async listJobs(query: { state?: Job['state']; limit: number }): Promise<{ items: Job[] }> {
      return { items: (await store.listJobs(db, query)).map(row => toJob(row, reasonOf(row))) };
    },
    listEngines: async (): Promise<{ items: Engine[] }> => ({ items: await engines.list() }),
    /** What this machine has, and how much of it jobs hold. */
    capacity() {
      const used = slots.used();
      return {
        cpus: { total: slots.capacity.cpus, used: used.cpus },
        memoryBytes: { total: slots.capacity.memoryBytes, used: used.memoryBytes },
        gpus: slots.capacity.gpus.map(g => ({ ...g, isUsed: used.gpuIds.has(g.uuid) }))
      };
    },
    async start(): Promise<void> {
      await store.insertWorker(db, workerId, home);
      await recover();
      await store.deleteOtherWorkers(db, workerId, home);
      waker.start();
      heartbeat = setTimeout(() => void beat(), BEAT_MS);
    },
    /** Stops running jobs, each back in the queue, and takes no more. */
    async stop(): Promise<void> {
      clearTimeout(heartbeat);
      await worker.stop();
      await waker.stop();
      clearTimeout(heartbeat);
    }
  };
}

function toInsert(job: NewJob) {
  return {
    id: job.id,
    kind: job.kind,
    label: job.label,
    priority: job.priority,
    attempt: job.attempt,
    max_retries: job.maxRetries,
    cpus: job.spec.limits.cpus,
    memory_bytes: job.spec.limits.memoryBytes,
    gpus: job.gpus,
    engine: job.engine ?? null,
    spec: JSON.stringify(job.spec),
    log_key: job.logKey
  };
}

function toJob(row: JobRow, reason: string | null): Job {
  return {
    id: row.id,
    kind: row.kind,
    label: row.label,
    state: row.state,
    priority: row.priority,
    attempt: row.attempt,
    cpus: row.cpus,
    memoryBytes: Number(row.memory_bytes),
    gpus: row.gpus,
    pendingReason: reason,
    createdAt: row.created_at.toISOString(),
    startedAt: row.started_at?.toISOString() ?? null,
    endedAt: row.ended_at?.toISOString() ?? null
  };
}

