import type { EditJob, Job, JobAdvice } from '@slipway/schema';
import type { z } from 'zod';
import { Conflict, InvalidInput, NotFound } from '../../core/errors';
import { isUuid } from '../../core/uuid';
import type { Db } from '../../database';
import type { Events } from '../../events';
import { standingOf, toPolicyJob, toRunningJob } from '../demand-of';
import { gpuMemoryAdvice, gpuUseAdvice } from '../gpu-advice';
import { memoryAdvice } from '../history';
import { expectedEnd, type Expected } from '../policy';
import { policySettings } from '../settings-store';
import { notifyWorkers } from '../store';
import type { JobRow } from '../tables';
import { newestPage, queuePage, type Page } from './job-pages';
import type { Outlooks } from './outlook';
import type { Queue } from './queue';
import * as store from './store';

/** Jobs for people: what they are, why they wait, when they are expected. */
export function createJobControl(deps: { db: Db; events: Events; outlooks: Outlooks; reasonsOf: Queue['reasonsOf']; wake(): void }) {
  const { db, events, outlooks, wake } = deps;

  async function toJobs(rows: JobRow[], outlookOf = outlooks.now): Promise<Job[]> {
    const outlook = rows.some(r => r.state === 'queued') ? await outlookOf() : null;
    const reasons = await deps.reasonsOf(rows, outlook?.view ?? null);
    const { graceMs } = await policySettings(db);
    return rows.map(row => toJob(row, reasons.get(row.id) ?? null, row.state === 'queued' ? outlook?.expected().get(row.id) : undefined, graceMs));
  }

  /** What waits in the order it starts, all else newest first. */
  async function list({ limit, cursor, ...filter }: store.JobFilter & Page): Promise<{ items: Job[]; nextCursor?: string; total?: number }> {
    const page = { limit, ...(cursor !== undefined && { cursor }) };
    const { rows, ...rest } = filter.state === 'queued' ? await queuePage(db, filter, (await outlooks.now()).expected(), page) : await newestPage(db, filter, page);
    const isCounted = filter.state === 'queued' || filter.state === 'running'; // of what is over there may be millions
    return { items: await toJobs(rows), ...rest, ...(isCounted && { total: await store.countJobs(db, filter) }) };
  }

  async function get(id: string): Promise<JobRow> {
    const row = await store.jobById(db, uuid(id));
    if (!row) {
      throw new NotFound('no_such_job', `There is no job ${id}.`);
    }
    return row;
  }

  async function one(id: string): Promise<Job> {
    const row = await get(id);
    return (await toJobs([row], () => outlooks.since(row.created_at)))[0]!;
  }

  return {
    list,
    get: one,
    /** Ends a job wherever it is; its owner hears of it as of any end. */
    async cancel(id: string, person: string): Promise<Job> {
      const { label } = await get(id);
      await db.transaction().execute(async tx => {
        if (!(await store.requestCancel(tx, id))) {
          throw new Conflict('job_is_over', 'This job is over; there is nothing to cancel.');
        }
        await store.insertChange(tx, { person, action: 'job.cancelled', subject: label, detail: { jobId: id } });
        await events.append(tx, [{ type: 'cluster.changed', subject: id }]);
        await notifyWorkers(tx);
      });
      wake();
      return one(id);
    },
    async edit(id: string, { priority }: z.output<typeof EditJob>, person: string): Promise<Job> {
      const row = await get(id);
      const { rank } = standingOf({ ...toPolicyJob(row), priority });
      await db.transaction().execute(async tx => {
        if (!(await store.setPriority(tx, id, { priority, rank }))) {
          throw new Conflict('job_does_not_wait', 'Only a job that waits in the queue has a priority to change.');
        }
        await store.insertChange(tx, { person, action: 'job.priority', subject: row.label, detail: { jobId: id, from: row.priority, to: priority } });
        await events.append(tx, [{ type: 'cluster.changed', subject: id }]);
        await notifyWorkers(tx);
      });
      wake();
      return one(id);
    },
    /** Steps that ask for far more memory, or GPU, than they use. */
    async advice(): Promise<{ items: JobAdvice[] }> {
      const rows = await store.histories(db);
      const items = rows.flatMap(row => {
        const gpu = { peaksBytes: row.gpu_peaks_bytes.map(Number), percents: row.gpu_percents, memoryBytes: row.gpu_memory_bytes === null ? null : Number(row.gpu_memory_bytes), asked: row.asked_gpus };
        const memory = memoryAdvice({ peaksBytes: row.peaks_bytes.map(Number), askedBytes: Number(row.asked_bytes) });
        const gpuMemory = gpuMemoryAdvice(gpu);
        const use = gpuUseAdvice(gpu);
        return [
          ...(memory ? [{ ...NO_ADVICE, label: row.label, about: 'memory' as const, ...memory, cellId: row.peak_cell }] : []),
          ...(gpuMemory ? [{ ...NO_ADVICE, label: row.label, about: 'gpu_memory' as const, ...gpuMemory }] : []),
          ...(use ? [{ ...NO_ADVICE, label: row.label, about: 'gpu_use' as const, ...use }] : [])
        ];
      });
      return { items };
    }
  };
}

const NO_ADVICE = { askedBytes: null, peakBytes: null, adviceBytes: null, percent: null, cellId: null };

/** @throws {InvalidInput} */
function uuid(id: string): string {
  if (!isUuid(id)) {
    throw new InvalidInput('invalid_job_id', 'A job’s id is a UUID.');
  }
  return id;
}

function toJob(row: JobRow, reason: string | null, expected: Expected | undefined, graceMs: number): Job {
  const parts = row.allocation?.parts ?? [];
  const job = toPolicyJob(row);
  const end = row.state === 'running' ? expectedEnd(toRunningJob(row), Date.now(), graceMs) : null;
  return {
    id: row.id,
    kind: row.kind,
    owner: row.log_key.split('/', 1)[0]!,
    label: row.label,
    state: row.state,
    project: row.project,
    priority: row.priority,
    isPreemptible: row.is_preemptible,
    attempt: row.attempt,
    preemptions: row.preemptions,
    cpus: row.cpus,
    memoryBytes: Number(row.memory_bytes),
    gpus: job.demand.gpus,
    resources: job.demand,
    engine: row.engine,
    nodes: parts.map(p => p.nodeId),
    deviceIds: parts.flatMap(p => p.devices.map(d => d.id)),
    pendingReason: row.state === 'queued' && row.cancel_requested_at !== null ? 'Is being cancelled.' : reason,
    makesRoomFor: row.stop_requested_at === null ? null : row.preempted_for,
    position: expected?.position ?? null,
    expectedStartAt: instant(expected?.startsAt ?? null),
    expectedEndAt: instant(end),
    error: row.error?.message ?? null,
    createdBy: row.created_by,
    createdAt: row.created_at.toISOString(),
    startedAt: row.started_at?.toISOString() ?? null,
    endedAt: row.ended_at?.toISOString() ?? null
  };
}

const instant = (at: number | null): string | null => (at === null ? null : new Date(at).toISOString());
