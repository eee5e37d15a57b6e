import { z } from 'zod';
import { Resources } from './resources';
import { TrainingRule } from './training-rules';

const Name = z.string().min(1).max(80);
const DurationMs = z.int().positive().max(31 * 24 * 3_600_000);

/**
 * A condition in CEL (Common Expression Language) over `params`, `metrics`
 * (numbers by name, of the steps before), `steps` (`steps["train"].status`,
 * `.metrics`) and `run` (`trigger`, `dataIntervalStart`, `dataIntervalEnd`):
 * `metrics.accuracy >= 0.9 && params.MODE == "full"`.
 */
export const Condition = z.string().min(1).max(2000);

/** When a step may start, judged on the steps it comes after once they are over. */
export const RunIf = z.enum(['all_succeeded', 'any_succeeded', 'any_failed', 'all_failed', 'none_failed', 'all_done']);
export type RunIf = z.infer<typeof RunIf>;

/** Classes of errors a retry may answer to. */
export const ErrorClass = z.enum(['cell_error', 'timeout', 'out_of_memory', 'kernel_died', 'worker_lost', 'engine_unreachable', 'preempted', 'any']);
export type ErrorClass = z.infer<typeof ErrorClass>;

export const RetryPolicy = z.strictObject({
  maxRetries: z.int().min(0).max(100).default(2),
  backoffMs: DurationMs.default(1_000),
  maxBackoffMs: DurationMs.default(300_000),
  factor: z.number().min(1).max(10).default(2),
  /** Share of the wait that is drawn at random, so that many do not come back at once. */
  jitter: z.number().min(0).max(1).default(0.2),
  on: z.array(ErrorClass).min(1).default(['kernel_died', 'worker_lost', 'engine_unreachable']),
  /** Names of Python exception classes that are retried as well (`ConnectionError`). */
  onExceptions: z.array(z.string().regex(/^[A-Za-z_][\w.]*$/)).max(32).default([])
});
export type RetryPolicy = z.infer<typeof RetryPolicy>;

/**
 * The step runs once for each item of a list a step before it makes; `as` holds
 * the item in its cells. What it gives is collected into a list, in the order of
 * the items.
 */
export const MapOptions = z.strictObject({
  over: z.string().regex(/^[A-Za-z_]\w*$/).describe('The variable that holds the list'),
  as: z.string().regex(/^[A-Za-z_]\w*$/).describe('The variable one item is bound to'),
  maxParallel: z.int().min(1).max(10_000).default(16),
  maxItems: z.int().min(1).max(100_000).default(10_000),
  /** Go on when items fail, and collect those that succeeded. */
  mayFail: z.boolean().default(false)
});
export type MapOptions = z.infer<typeof MapOptions>;

/** Where a secret lies; its value is read where the step runs, and shown nowhere. */
export const SecretReference = z.union([
  z.strictObject({ environment: z.string().regex(/^[A-Za-z_]\w*$/).describe('A variable of the daemon’s environment, allowed in its configuration') }),
  z.strictObject({ file: z.string().min(1).max(4096).describe('A file beneath the daemon’s secrets folder') }),
  z.strictObject({ secret: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/).describe('A secret kept encrypted in the database') })
]);
export type SecretReference = z.infer<typeof SecretReference>;

export const StepOptions = z.strictObject({
  resources: Resources.optional(),
  /** Where it runs: `local`, or an engine of the daemon’s configuration. */
  engine: z.string().min(1).max(64).optional(),
  retry: RetryPolicy.optional(),
  /** For each attempt. */
  timeoutMs: DurationMs.optional(),
  cache: z.strictObject({ isEnabled: z.boolean().default(true), expiresAfterMs: DurationMs.optional() }).optional(),
  runIf: RunIf.optional(),
  when: Condition.optional(),
  /** Steps of one group are if/elif/else: the first whose `when` holds runs, or the one without. */
  branch: Name.optional(),
  map: MapOptions.optional(),
  /** Runs once all others are over, whatever became of them; sees `SLIPWAY_RUN_STATUS`. */
  isExitHandler: z.boolean().optional(),
  /** Named limits on how many steps run at once, over all pipelines. */
  pool: Name.optional(),
  priority: z.int().min(-1000).max(1000).optional(),
  isPreemptible: z.boolean().optional(),
  /** Held against the step’s metrics, and what it uses of the machine, while it runs. */
  rules: z.array(TrainingRule).min(1).max(32).optional(),
  secrets: z.record(z.string().regex(/^[A-Za-z_]\w*$/), SecretReference).optional().describe('By the environment variable the step reads')
});
export type StepOptions = z.infer<typeof StepOptions>;

/** A step a person takes: the steps after it wait, and no slot is held. */
export const HumanStep = z.strictObject({
  name: Name,
  after: z.array(Name).min(1),
  before: z.array(Name).min(1),
  instructions: z.string().max(10_000).default(''),
  timeoutMs: DurationMs.optional(),
  /** Who may say yes; empty = whoever may approve. */
  approvers: z.array(z.string().min(1).max(200)).default([]),
  /** Who started the run may decide, too; else never. */
  selfApproval: z.boolean().optional()
});
export type HumanStep = z.infer<typeof HumanStep>;

/** Where news of a pipeline's runs go. */
export const Notification = z.strictObject({
  on: z.array(z.enum(['succeeded', 'failed', 'cancelled', 'deadline', 'approval', 'finding'])).min(1),
  to: z.union([z.strictObject({ webhook: z.url().max(2000) }), z.strictObject({ email: z.array(z.email()).min(1).max(50) })])
});
export type Notification = z.infer<typeof Notification>;

/** Order of a pipeline beyond its cells: part of the version, and of its hash. */
export const PipelineOptions = z
  .strictObject({
    steps: z.record(Name, StepOptions).default({}).describe('By the step’s name'),
    humanSteps: z.array(HumanStep).max(100).default([]),
    maxActiveRuns: z.int().min(1).max(1000).optional(),
    priority: z.int().min(-1000).max(1000).default(0),
    /** For a whole run. */
    timeoutMs: DurationMs.optional(),
    /** After its start, by when it should be over: late ones are told of, and go on. */
    deadlineMs: DurationMs.optional(),
    /** Whose quota its jobs count against. */
    project: Name.optional(),
    notifications: z.array(Notification).max(50).default([])
  })
  .meta({ id: 'PipelineOptions' });
export type PipelineOptions = z.infer<typeof PipelineOptions>;
