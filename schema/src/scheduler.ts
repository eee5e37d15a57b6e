import { z } from 'zod';
import { Instant, MetricValue, PageQuery, pageOf } from './common';
import { Resources } from './resources';

const Project = z.string().min(1).max(80);

export const JobState = z.enum(['queued', 'running', 'succeeded', 'failed', 'cancelled']);
export type JobState = z.infer<typeof JobState>;

export const Job = z
  .object({
    id: z.string(),
    kind: z.string(),
    owner: z.string().describe('Whose work it is: of a `step`, the pipeline run that it belongs to'),
    label: z.string(),
    state: JobState,
    project: z.string().describe('Whose quota and share it counts against'),
    priority: z.number().int(),
    isPreemptible: z.boolean(),
    attempt: z.number().int(),
    preemptions: z.number().int().describe('How often it had to make room'),
    cpus: z.number(),
    memoryBytes: z.number(),
    gpus: z.number(),
    resources: Resources,
    engine: z.string().nullable().describe('null = the nodes of Slipway’s own'),
    /** While it runs on a node of ours. */
    nodes: z.array(z.string()),
    deviceIds: z.array(z.string()),
    pendingReason: z.string().nullable(),
    makesRoomFor: z.string().nullable().describe('It was told to stop for this'),
    position: z.number().int().nullable().describe('1 starts next; null for what does not wait here, cannot start, or starts later than is looked ahead'),
    expectedStartAt: Instant.nullable().describe('When all takes as long as expected and nothing new comes'),
    expectedEndAt: Instant.nullable(),
    error: z.string().nullable(),
    createdBy: z.string().nullable().describe('Who asked for it; null where nobody is known to have'),
    createdAt: Instant,
    startedAt: Instant.nullable(),
    endedAt: Instant.nullable()
  })
  .meta({ id: 'Job' });
export type Job = z.infer<typeof Job>;
export const JobPage = pageOf(Job).extend({ total: z.number().int().optional().describe('Of those that wait, or run: how many there are over all pages') });
export const JobQuery = PageQuery.extend({
  state: z.enum([...JobState.options, 'ended']).optional().describe('`queued`: what starts next comes first. `ended`: what ended last comes first'),
  project: Project.optional(),
  mine: z.stringbool().default(false).describe('Only those that you asked for'),
  limit: z.coerce.number().int().min(1).max(500).default(100)
});
export type JobQuery = z.output<typeof JobQuery>;

/** What a job uses and measures while it runs. */
export const LiveJob = z
  .object({
    isHere: z.boolean().describe('false where it does not run, or another daemon runs it'),
    /** Oldest first; the longer the job, the coarser. */
    usage: z.array(z.object({ atMs: z.number().describe('Since its attempt began'), memoryBytes: z.number().nullable(), gpuPercent: z.number().nullable(), gpuMemoryBytes: z.number().nullable() })),
    metrics: z.array(z.object({ name: z.string(), steps: z.array(z.number()), values: z.array(MetricValue) }))
  })
  .meta({ id: 'LiveJob' });
export type LiveJob = z.infer<typeof LiveJob>;
export const EditJob = z.strictObject({ priority: z.int().min(-1000).max(1000) });

/** What one job holds of a node or a GPU. */
export const Holder = z.object({ jobId: z.string(), label: z.string(), project: z.string(), share: z.number() });
export type Holder = z.infer<typeof Holder>;

export const ClusterDevice = z.object({
  id: z.string(),
  type: z.string(),
  memoryBytes: z.number(),
  migProfile: z.string().nullable(),
  holders: z.array(Holder),
  /** From the driver of the node that answers; null for others. */
  utilisationPercent: z.number().nullable(),
  usedMemoryBytes: z.number().nullable()
});
export type ClusterDevice = z.infer<typeof ClusterDevice>;

const Part = z.object({ total: z.number(), used: z.number() });
export const ClusterNode = z
  .object({
    id: z.string(),
    name: z.string(),
    isSpot: z.boolean(),
    isDrained: z.boolean(),
    awaySince: Instant.nullable().describe('When it was last seen, where it is not there now: jobs that only it can run wait for it; null = it is there'),
    cpus: Part,
    memoryBytes: Part,
    scratchBytes: Part,
    devices: z.array(ClusterDevice),
    jobs: z.array(Holder.omit({ share: true }).extend({ cpus: z.number(), memoryBytes: z.number() }))
  })
  .meta({ id: 'ClusterNode' });
export type ClusterNode = z.infer<typeof ClusterNode>;

const Amounts = z.strictObject({ cpus: z.number().nonnegative().optional(), memoryBytes: z.number().nonnegative().optional(), gpus: z.number().nonnegative().optional() });

/** What a project may hold: up to `guaranteed` it gets back from who borrowed, beyond it borrows what is idle up to `limit`. */
export const ProjectQuota = z
  .strictObject({
    guaranteed: Amounts.default({}),
    limit: Amounts.nullable().default(null).describe('null = as much as is idle'),
    weight: z.number().positive().max(1000).default(1).describe('Its part in the fair shares, against 1 of the others')
  })
  .refine(q => (['cpus', 'memoryBytes', 'gpus'] as const).every(k => (q.guaranteed[k] ?? 0) <= (q.limit?.[k] ?? Infinity)), { message: 'The limit is below what is guaranteed', path: ['limit'] })
  .meta({ id: 'ProjectQuota' });
export type ProjectQuota = z.infer<typeof ProjectQuota>;

export const ProjectStanding = z
  .object({
    project: z.string(),
    /** null = no quota was set. */
    quota: ProjectQuota.nullable(),
    used: z.object({ cpus: z.number(), memoryBytes: z.number(), gpus: z.number() }),
    isBorrowing: z.boolean(),
    queued: z.number().int(),
    running: z.number().int(),
    usageHours: z.number().describe('Hours of the whole cluster it used; half of them fade in a week'),
    sharePercent: z.number().describe('Its part of what all used')
  })
  .meta({ id: 'ProjectStanding' });
export type ProjectStanding = z.infer<typeof ProjectStanding>;

export const Reservation = z
  .object({ id: z.string(), project: z.string(), nodeIds: z.array(z.string()), deviceIds: z.array(z.string()), from: Instant, until: Instant, createdBy: z.string() })
  .meta({ id: 'Reservation' });
export type Reservation = z.infer<typeof Reservation>;
export const NewReservation = z
  .strictObject({
    project: Project,
    nodeIds: z.array(z.string().min(1)).min(1).max(1000),
    deviceIds: z.array(z.string().min(1)).max(1000).default([]).describe('Single GPUs of the nodes; none = the nodes as a whole'),
    from: Instant,
    until: Instant
  })
  .refine(r => Date.parse(r.until) > Date.parse(r.from), { message: 'It ends before it begins', path: ['until'] });
export type NewReservation = z.infer<typeof NewReservation>;

export const Cluster = z
  .object({
    nodes: z.array(ClusterNode),
    licences: z.array(z.object({ name: z.string(), total: z.number().int(), used: z.number() })),
    projects: z.array(ProjectStanding),
    reservations: z.array(Reservation)
  })
  .meta({ id: 'Cluster' });
export type Cluster = z.infer<typeof Cluster>;

const HOUR_MS = 3_600_000;
/** What the owner of a cluster may change of how it is scheduled; what is left out is set to its default. */
export const ClusterPolicy = z
  .strictObject({
    halfLifeMs: z.int().min(HOUR_MS).max(365 * 24 * HOUR_MS).default(7 * 24 * HOUR_MS).describe('After this long, use counts half in the fair shares'),
    minRunMs: z.int().min(0).max(7 * 24 * HOUR_MS).default(600_000).describe('Nobody has to make room before this long after the start'),
    graceMs: z.int().min(0).max(24 * HOUR_MS).default(30_000).describe('What a job on a node gets to write its checkpoint when it has to make room')
  })
  .meta({ id: 'ClusterPolicy' });
export type ClusterPolicy = z.infer<typeof ClusterPolicy>;

export const Licence = z.strictObject({ total: z.int().min(0).max(100_000) });
export const DrainNode = z.strictObject({ isDrained: z.boolean(), isSpot: z.boolean().optional() });

export const JobAdvice = z
  .object({
    label: z.string(),
    about: z.enum(['memory', 'gpu_memory', 'gpu_use']),
    runs: z.number().int(),
    /** null where it is about use. */
    askedBytes: z.number().nullable(),
    peakBytes: z.number().nullable(),
    adviceBytes: z.number().nullable(),
    /** How busy its GPUs were at most; null where it is about memory. */
    percent: z.number().nullable(),
    /** The cell that needed most memory in the last run. */
    cellId: z.string().nullable(),
    text: z.string()
  })
  .meta({ id: 'JobAdvice' });
export type JobAdvice = z.infer<typeof JobAdvice>;
export const JobAdviceList = z.object({ items: z.array(JobAdvice) });

/** Who changed what about the scheduler. */
export const SchedulingChange = z
  .object({ id: z.string(), person: z.string(), action: z.string(), subject: z.string(), detail: z.record(z.string(), z.unknown()), at: Instant })
  .meta({ id: 'SchedulingChange' });
export type SchedulingChange = z.infer<typeof SchedulingChange>;
export const SchedulingChangePage = pageOf(SchedulingChange);
export const SchedulingChangeQuery = PageQuery;
