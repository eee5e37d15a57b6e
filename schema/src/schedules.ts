import { z } from 'zod';
import { Instant, PageQuery, Scalar, pageOf } from './common';

/** The one schedule a pipeline had before it could have several: it is the one named `default`. */
export const Schedule = z.object({
  cron: z.string().min(1).max(120).describe('Five fields, or six with seconds first'),
  timeZone: z.string().min(1).max(64).describe('IANA name'),
  isPaused: z.boolean().default(false)
});
export type Schedule = z.infer<typeof Schedule>;
export const ScheduleState = z.object({
  /** null where the schedule goes by an interval. */
  cron: z.string().nullable(),
  intervalMs: z.int().nullable(),
  timeZone: z.string(),
  isPaused: z.boolean(),
  nextFireAt: Instant.nullable(),
  lastFireAt: Instant.nullable(),
  /** What was missed while the daemon was away, or why a fire was skipped, in words. */
  note: z.string().nullable()
});
export type ScheduleState = z.infer<typeof ScheduleState>;

/** When something comes: by the clock of a zone, or every so often counted from `startAt`. Exactly one of the two is given. */
const timing = {
  cron: Schedule.shape.cron.optional(),
  intervalMs: z.int().min(1_000).max(366 * 86_400_000).optional().describe('Elapsed time from one fire to the next, counted from `startAt`'),
  timeZone: Schedule.shape.timeZone.default('UTC')
};
export const Timing = z.strictObject(timing);
export type Timing = z.infer<typeof Timing>;

/** The stretch of data a run is for: from the fire time before, to its own. The end is not part of it. */
export const DataInterval = z.object({ start: Instant, end: Instant });
export type DataInterval = z.infer<typeof DataInterval>;

/** A param that takes its value from the run's data interval. */
export const IntervalBinding = z.strictObject({
  param: z.string().min(1).max(200),
  from: z.enum(['dataIntervalStart', 'dataIntervalEnd']),
  format: z.string().min(1).max(64).optional().describe('Of yyyy, MM, dd, HH, mm, ss, SSS and text in single quotes, by the schedule’s time zone; ISO 8601 in UTC when absent')
});
export type IntervalBinding = z.infer<typeof IntervalBinding>;

/** What to do with fire times that passed while nobody could start them. */
export const CatchUp = z.enum(['none', 'latest', 'all']);
export type CatchUp = z.infer<typeof CatchUp>;
/** What a fire does when as many runs of the schedule are under way as may be. */
export const Overlap = z.enum(['skip', 'queue', 'replace']);
export type Overlap = z.infer<typeof Overlap>;

export const ScheduleName = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9 ._-]{0,79}$/, 'A name has letters, digits, blanks, `.`, `_`, `-`, and starts with a letter or digit');

export const ScheduleSpec = z
  .strictObject({
    name: ScheduleName,
    ...timing,
    startAt: Instant.optional(),
    endAt: Instant.optional(),
    catchUp: CatchUp.default('latest'),
    maxCatchUp: z.int().min(1).max(1_000).default(100).describe('Most missed times made up for, and most that wait; the newest are kept'),
    maxConcurrent: z.int().min(1).max(100).default(1),
    overlap: Overlap.default('skip'),
    params: z.record(z.string(), Scalar).default({}),
    bindings: z.array(IntervalBinding).max(50).default([]),
    isPaused: z.boolean().default(false)
  })
  .meta({ id: 'ScheduleSpec' });
export type ScheduleSpec = z.infer<typeof ScheduleSpec>;
export type NewSchedule = z.input<typeof ScheduleSpec>;

/** One of a pipeline's schedules. */
export const PipelineSchedule = z
  .object({
    id: z.uuid(),
    pipeline: z.string(),
    ...ScheduleSpec.shape,
    nextFireAt: Instant.nullable(),
    lastFireAt: Instant.nullable(),
    note: z.string().nullable(),
    waiting: z.int().describe('Fires that wait for a run before them'),
    createdAt: Instant
  })
  .meta({ id: 'PipelineSchedule' });
export type PipelineSchedule = z.infer<typeof PipelineSchedule>;
export const PipelineScheduleList = z.object({ items: z.array(PipelineSchedule) });

/** One fire time, and what became of it. */
export const ScheduleFire = z
  .object({
    fireAt: Instant,
    dataInterval: DataInterval.nullable(),
    state: z.enum(['waiting', 'started', 'skipped']),
    runId: z.string().nullable(),
    note: z.string().nullable()
  })
  .meta({ id: 'ScheduleFire' });
export type ScheduleFire = z.infer<typeof ScheduleFire>;
export const ScheduleFireQuery = PageQuery;
export const ScheduleFirePage = pageOf(ScheduleFire);

export const SchedulePreviewQuery = z.strictObject({
  ...timing,
  startAt: Instant.optional(),
  endAt: Instant.optional(),
  bindings: z.array(IntervalBinding).max(50).default([]),
  count: z.int().min(1).max(100).default(5)
});
export const SchedulePreview = z
  .object({
    fires: z.array(z.object({ fireAt: Instant, dataInterval: DataInterval, params: z.record(z.string(), z.string()) })).describe('The next fire times; empty where there are no more')
  })
  .meta({ id: 'SchedulePreview' });
export type SchedulePreview = z.infer<typeof SchedulePreview>;

/** Why there is a run: who or what asked for it. */
export const RunOrigin = z
  .object({
    reason: z.string().describe('In a sentence'),
    schedule: z.object({ id: z.string(), name: z.string(), fireAt: Instant }).optional(),
    backfill: z.object({ id: z.string() }).optional(),
    sweep: z.object({ id: z.string(), name: z.string(), trial: z.int() }).optional(),
    firing: z.object({ id: z.string(), triggerId: z.string(), trigger: z.string() }).optional(),
    /** The run whose params or results this one began with. */
    fromRun: z.string().optional(),
    /** The steps that were chosen to run, where not all were. */
    steps: z.array(z.string()).optional(),
    /** A notebook that was run as it stood, or the cells of it that were asked for: of no pipeline. */
    notebook: z.object({ path: z.string(), cells: z.array(z.string()).nullable() }).optional()
  })
  .meta({ id: 'RunOrigin' });
export type RunOrigin = z.infer<typeof RunOrigin>;
