import { z } from 'zod';
import { Instant, MetricValue, PageQuery, Scalar, pageOf } from './common';
import { Analysis, AnalyzedStep, Constant, Notebook, SavedModel } from './notebooks';
import { PipelineOptions } from './pipeline-options';
import { DataInterval, RunOrigin, Schedule, ScheduleState } from './schedules';
import { TriggerWhen } from './triggers';

export const PipelineName = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/, 'A name has letters, digits, `.`, `_`, `-`, and starts with a letter or digit');

/** How the user groups needed cells into steps; absent = Slipway's own proposal. */
export const StepGrouping = z.array(z.object({ name: z.string().min(1).max(80), cells: z.array(z.string()).min(1) }));
export type StepGrouping = z.infer<typeof StepGrouping>;

/** Asks what the notebook would become; nothing is run or stored. */
export const DraftRequest = z.object({
  notebook: Notebook,
  sinks: z.array(z.string()).optional(),
  grouping: StepGrouping.optional()
});

export const Draft = z
  .object({
    analysis: Analysis,
    steps: z.array(AnalyzedStep),
    /** Scalar constants of the needed cells: what may be ticked as a parameter. */
    constants: z.array(Constant),
    models: z.array(SavedModel),
    /** Every cell, so that the graph can grey the ones left out and say why. */
    cells: z.array(
      z.object({
        id: z.string(),
        ordinal: z.number().int().describe('Position in the notebook, from 1, markdown counted'),
        title: z.string().describe('First comment or first line'),
        source: z.string(),
        isNeeded: z.boolean(),
        reason: z.string().nullable().describe('Why it is left out; null when needed')
      })
    ),
    warnings: z.array(z.string())
  })
  .meta({ id: 'Draft' });
export type Draft = z.infer<typeof Draft>;

/** Everything a pipeline is made of; the same content gives the same version. */
export const PipelineSpec = z
  .object({
    name: PipelineName,
    /** Absolute, on the daemon's machine; a leading `~` is the owner's home. */
    notebookPath: z.string().min(1).max(4096),
    /** The notebook as the editor holds it; read from `notebookPath` when absent. */
    notebook: Notebook.optional(),
    sinks: z.array(z.string()).optional(),
    grouping: StepGrouping.optional(),
    /** Names of the constants that are pipeline parameters; absent = all constants. */
    params: z.array(z.string()).optional(),
    /** Values the pipeline has in place of the notebook's constants. */
    paramValues: z.record(z.string(), Scalar).optional(),
    /** Absent: those of the pipeline's newest version, as far as its steps are still there; `{}` = none. */
    options: PipelineOptions.optional(),
    schedule: Schedule.nullish()
  })
  .meta({ id: 'PipelineSpec' });
export type PipelineSpec = z.infer<typeof PipelineSpec>;

export const Difference = z.object({
  cellId: z.string().nullable(),
  kind: z.enum(['metric', 'table', 'model', 'file', 'error', 'not_deterministic', 'missing', 'nothing_to_compare']),
  name: z.string(),
  notebook: z.string().nullable().describe('The notebook’s value, printed'),
  pipeline: z.string().nullable().describe('The pipeline’s value, printed'),
  message: z.string()
});
export type Difference = z.infer<typeof Difference>;

export const Comparison = z.object({
  cellId: z.string().nullable(),
  kind: z.enum(['metric', 'table', 'model', 'file']),
  name: z.string(),
  value: z.string()
});
export type Comparison = z.infer<typeof Comparison>;

/** One trial run of a spec against the notebook's own results, before it is saved. */
export const Proof = z
  .object({
    id: z.uuid(),
    pipeline: z.string(),
    status: z.enum(['running', 'same', 'different', 'failed', 'cancelled']),
    /** What it is doing now, for a progress line. */
    phase: z.enum(['reference', 'pipeline', 'comparing', 'repeating reference', 'done']),
    runId: z.string().nullable(),
    /** What was compared and agreed. */
    agreed: z.array(Comparison),
    differences: z.array(Difference),
    notes: z.array(z.string()),
    startedAt: Instant,
    endedAt: Instant.nullable()
  })
  .meta({ id: 'Proof' });
export type Proof = z.infer<typeof Proof>;

export const SavePipeline = z.object({
  proofId: z.uuid(),
  allowDifferences: z.boolean().default(false),
  /** null: by hand only. Absent: what the proof's spec said. */
  schedule: Schedule.nullish()
});
export type SavePipeline = z.infer<typeof SavePipeline>;

export const RunState = z.enum(['queued', 'running', 'succeeded', 'failed', 'cancelling', 'cancelled']);
export type RunState = z.infer<typeof RunState>;
/** `awaiting`: a person has to decide. */
export const StepState = z.enum(['waiting', 'awaiting', 'queued', 'running', 'succeeded', 'failed', 'cancelled', 'skipped']);
export type StepState = z.infer<typeof StepState>;

export const StepRun = z.object({
  name: z.string(),
  kind: z.enum(['cells', 'map', 'human']).describe('What runs: its cells once, its cells for each item of a list, or a person'),
  status: StepState,
  /** Why it was left out, in a sentence. */
  skippedBecause: z.string().nullable(),
  /** How far a map is; null until its list is known. */
  items: z.object({ total: z.int(), open: z.int().describe('Waiting or under way'), succeeded: z.int(), failed: z.int() }).nullable(),
  cached: z.boolean(),
  /** Why it was, or could not be, taken from the cache. */
  cacheNote: z.string().nullable(),
  attempts: z.number().int(),
  startedAt: Instant.nullable(),
  durationMs: z.number().nullable(),
  pid: z.number().int().nullable(),
  peakMemoryBytes: z.number().int().nullable(),
  /** Of the GPU it used most; null where it held no GPU for itself. */
  peakGpuMemoryBytes: z.number().int().nullable(),
  gpuPercent: z.number().nullable().describe('How busy its GPUs were: the 95th percentile'),
  hasNotebook: z.boolean(),
  /** Why it waits, in a sentence, while queued. */
  pendingReason: z.string().nullable(),
  error: z
    .object({ code: z.string(), message: z.string(), cellId: z.string().nullable(), traceback: z.string().nullable() })
    .optional()
});
export type StepRun = z.infer<typeof StepRun>;

/** What `slipway run --wait --json` prints is this with the fields it names. */
export const PipelineRun = z
  .object({
    runId: z.string(),
    mlflowRunId: z.string().nullable(),
    pipeline: z.string(),
    version: z.number().int(),
    status: RunState,
    trigger: z.enum(['hand', 'schedule', 'proof', 'retry', 'backfill', 'trigger', 'rerun', 'sweep']),
    /** Why there is this run. */
    origin: RunOrigin,
    dataInterval: DataInterval.nullable(),
    params: z.record(z.string(), Scalar),
    metrics: z.record(z.string(), MetricValue),
    models: z.array(z.object({ name: z.string(), version: z.string() })),
    steps: z.array(StepRun),
    createdAt: Instant,
    startedAt: Instant.nullable(),
    endedAt: Instant.nullable(),
    durationMs: z.number().nullable(),
    /** Why the run has not begun, in a sentence: others of its pipeline are under way. */
    pendingReason: z.string().nullable(),
    /** It was not over at its deadline. */
    isLate: z.boolean(),
    /** Of exactly what was run. */
    contentHash: z.string(),
    error: z.string().nullable()
  })
  .meta({ id: 'PipelineRun' });
export type PipelineRun = z.infer<typeof PipelineRun>;

export const PipelineVersion = z
  .object({
    pipeline: z.string(),
    version: z.number().int(),
    contentHash: z.string(),
    notebookPath: z.string(),
    kernelName: z.string(),
    steps: z.array(AnalyzedStep),
    params: z.array(z.object({ name: z.string(), value: Scalar, cellId: z.string() })),
    cells: z.array(z.object({ id: z.string(), source: z.string() })),
    /** Absent where the pipeline has none. */
    options: PipelineOptions.optional(),
    createdAt: Instant,
    createdBy: z.string(),
    /** True when the saved content equals the newest version: nothing was made. */
    isUnchanged: z.boolean()
  })
  .meta({ id: 'PipelineVersion' });
export type PipelineVersion = z.infer<typeof PipelineVersion>;

export const Pipeline = z
  .object({
    name: z.string(),
    latestVersion: z.number().int(),
    notebookPath: z.string(),
    /** The one named `default`. */
    schedule: ScheduleState.nullable(),
    /** The earliest of all its schedules that are not paused. */
    nextFireAt: Instant.nullable(),
    /** What starts it besides the clock, by name. */
    triggers: z.array(z.object({ name: z.string(), when: TriggerWhen, isPaused: z.boolean() })),
    /** Runs that failed since the caller last looked. */
    unreadFailures: z.int(),
    /** Newest first, at most ten: the coloured squares. */
    recentRuns: z.array(z.object({ runId: z.string(), status: RunState, createdAt: Instant, durationMs: z.number().nullable() })),
    createdAt: Instant
  })
  .meta({ id: 'Pipeline' });
export type Pipeline = z.infer<typeof Pipeline>;

export const PipelineList = z.object({ items: z.array(Pipeline) });
export const PipelineVersionList = z.object({ items: z.array(PipelineVersion) });
export const PipelineRunPage = pageOf(PipelineRun);
export const RunListQuery = PageQuery;

export const StartRun = z.object({
  params: z.record(z.string(), Scalar).default({}),
  version: z.int32().positive().optional(),
  useCache: z.boolean().default(true),
  /** A past run whose params these began with: said in the run’s origin. */
  fromRun: z.uuid().optional()
});
export type StartRun = z.infer<typeof StartRun>;
/** Runs a step and all after it again, or only the failed items of a map and all after it; whatever failed when neither is said. */
export const RetryRun = z
  .object({ fromStep: z.string().optional(), failedItemsOf: z.string().optional() })
  .refine(ask => ask.fromStep === undefined || ask.failedItemsOf === undefined, { message: 'fromStep or failedItemsOf, not both' });
export type RetryRun = z.infer<typeof RetryRun>;

export const LogQuery = z.object({
  offset: z.coerce.number().int().nonnegative().default(0),
  attempt: z.coerce.number().pipe(z.int32().positive()).optional(),
  /** Of a map: which item’s. */
  item: z.coerce.number().pipe(z.int32().nonnegative()).optional()
});
export const LogChunk = z.object({
  text: z.string(),
  /** In bytes; ask again from here. */
  nextOffset: z.number().int(),
  isComplete: z.boolean(),
  isCut: z.boolean()
});
export type LogChunk = z.infer<typeof LogChunk>;
