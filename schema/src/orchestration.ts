import { z } from 'zod';
import { Instant, PageQuery, pageOf } from './common';
import { StepState } from './pipelines';

/** One item of a mapped step: the step's cells, run for it. */
export const MapItem = z
  .object({
    index: z.int(),
    /** As Python writes it; null where the item is no plain value. */
    item: z.string().nullable(),
    status: StepState,
    cached: z.boolean(),
    attempts: z.int(),
    startedAt: Instant.nullable(),
    durationMs: z.number().nullable(),
    hasNotebook: z.boolean(),
    error: z.object({ code: z.string(), message: z.string(), cellId: z.string().nullable(), traceback: z.string().nullable() }).optional()
  })
  .meta({ id: 'MapItem' });
export type MapItem = z.infer<typeof MapItem>;
export const MapItemPage = pageOf(MapItem).meta({ id: 'MapItemPage' });
export const MapItemQuery = PageQuery.extend({
  status: StepState.optional(),
  from: z.coerce.number().pipe(z.int32().nonnegative()).optional().describe('The index to begin at, where there is no cursor')
});

export const ApprovalStatus = z.enum(['open', 'approved', 'rejected', 'expired', 'cancelled']);
export type ApprovalStatus = z.infer<typeof ApprovalStatus>;

/** A step of a run that a person takes. */
export const Approval = z
  .object({
    runId: z.string(),
    pipeline: z.string(),
    version: z.int(),
    step: z.string(),
    instructions: z.string(),
    /** Who may decide; empty = whoever may approve. */
    approvers: z.array(z.string()),
    status: ApprovalStatus,
    /** Who started the run; another person decides. */
    requestedBy: z.string(),
    requestedAt: Instant,
    expiresAt: Instant.nullable(),
    decidedBy: z.string().nullable(),
    decidedAt: Instant.nullable(),
    comment: z.string().nullable(),
    /** Why the caller cannot decide; null when they can. */
    mayNotDecide: z.string().nullable()
  })
  .meta({ id: 'Approval' });
export type Approval = z.infer<typeof Approval>;
export const ApprovalList = z.object({ items: z.array(Approval) });
export const ApprovalQuery = z.object({
  status: ApprovalStatus.optional(),
  runId: z.uuid().optional(),
  /** Only those the caller may decide. */
  mine: z.stringbool().default(false)
});
export const Decision = z.strictObject({ decision: z.enum(['approve', 'reject']), comment: z.string().max(10_000).default('') }).meta({ id: 'Decision' });
export type Decision = z.infer<typeof Decision>;

export const PoolName = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,79}$/, 'A pool’s name has letters, digits, `.`, `_`, `-`, and starts with a letter or digit');
export const SetPool = z.strictObject({ slots: z.int().min(0).max(100_000), description: z.string().max(1000).default('') });
export type SetPool = z.infer<typeof SetPool>;
/** A limit on how many steps run at once, over all pipelines. */
export const Pool = z
  .object({ name: z.string(), slots: z.int(), description: z.string(), used: z.int(), waiting: z.int() })
  .meta({ id: 'Pool' });
export type Pool = z.infer<typeof Pool>;
export const PoolList = z.object({ items: z.array(Pool) });

export const SetOptions = z.object({ expectedVersion: z.coerce.number().pipe(z.int32().positive()).optional().describe('Refused where the pipeline has moved on since') });
