import { z } from 'zod';
import { Instant, PageQuery, Scalar, pageOf } from './common';
import { RunState } from './pipelines';
import { DataInterval, IntervalBinding, Timing } from './schedules';

/**
 * Runs for data intervals of the past: those of a timing that lie whole between
 * `from` and `to`. Timing, params and bindings are a schedule's where one is
 * named; what is given beside it goes first.
 */
export const NewBackfill = z
  .strictObject({
    from: Instant,
    to: Instant.describe('The last interval ends here or before'),
    schedule: z.uuid().optional().describe('A schedule of the pipeline'),
    timing: Timing.optional(),
    params: z.record(z.string(), Scalar).default({}),
    bindings: z.array(IntervalBinding).max(50).optional(),
    /** `missing` leaves out intervals that a run has succeeded for. */
    only: z.enum(['all', 'missing']).default('all'),
    order: z.enum(['oldest', 'newest']).default('oldest'),
    maxConcurrent: z.int().min(1).max(100).default(1),
    useCache: z.boolean().default(true),
    /** The latest when it begins, when absent; all its runs are of one version. */
    version: z.int32().positive().optional()
  })
  .meta({ id: 'NewBackfill' });
export type NewBackfill = z.output<typeof NewBackfill>;

export const BackfillPreview = z
  .object({
    total: z.int(),
    leftOut: z.int().describe('Intervals that a run has succeeded for, where only the missing ones are asked for'),
    intervals: z.array(DataInterval.extend({ params: z.record(z.string(), Scalar) })).describe('The first hundred, in the order they would start')
  })
  .meta({ id: 'BackfillPreview' });
export type BackfillPreview = z.infer<typeof BackfillPreview>;

export const BackfillState = z.enum(['running', 'paused', 'cancelled', 'succeeded', 'failed']);
export type BackfillState = z.infer<typeof BackfillState>;

export const Backfill = z
  .object({
    id: z.uuid(),
    pipeline: z.string(),
    version: z.int(),
    from: Instant,
    to: Instant,
    timing: Timing,
    params: z.record(z.string(), Scalar),
    bindings: z.array(IntervalBinding),
    order: z.enum(['oldest', 'newest']),
    maxConcurrent: z.int(),
    useCache: z.boolean(),
    state: BackfillState,
    counts: z.object({ total: z.int(), waiting: z.int(), running: z.int(), succeeded: z.int(), failed: z.int(), cancelled: z.int() }),
    createdBy: z.string(),
    createdAt: Instant,
    endedAt: Instant.nullable()
  })
  .meta({ id: 'Backfill' });
export type Backfill = z.infer<typeof Backfill>;
export const BackfillPage = pageOf(Backfill);

/** One interval of a backfill; its run is the last one made for it. */
export const BackfillItem = z
  .object({
    ordinal: z.int(),
    dataInterval: DataInterval,
    state: z.enum(['waiting', 'refused', ...RunState.options]),
    runId: z.string().nullable(),
    tries: z.int(),
    error: z.string().nullable(),
    durationMs: z.number().nullable()
  })
  .meta({ id: 'BackfillItem' });
export type BackfillItem = z.infer<typeof BackfillItem>;
export const BackfillItemPage = pageOf(BackfillItem);
export const BackfillQuery = PageQuery;
export const BackfillItemQuery = PageQuery.extend({ state: z.enum(['waiting', 'running', 'succeeded', 'failed', 'cancelled']).optional().describe('Only those that are counted so') });
/** What may be changed while it goes on. */
export const BackfillChange = z.strictObject({ maxConcurrent: z.int().min(1).max(100) });
