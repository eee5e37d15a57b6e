import { z } from 'zod';
import { Instant, PageQuery, pageOf } from './common';
import { GateEvaluation } from './gates';

export const PromotionStatus = z.enum(['open', 'approved', 'rejected', 'withdrawn', 'expired']);
export type PromotionStatus = z.infer<typeof PromotionStatus>;
const Comment = z.string().trim().min(1).max(5_000);

/** Somebody's wish that a version get an alias, until somebody else decides. */
export const Promotion = z
  .object({
    id: z.uuid(),
    model: z.string(),
    version: z.string(),
    alias: z.string(),
    status: PromotionStatus,
    instructions: z.string(),
    requestedBy: z.string(),
    requestedAt: Instant,
    expiresAt: Instant,
    decidedBy: z.string().nullable(),
    decidedAt: Instant.nullable(),
    comment: z.string().nullable(),
    replaced: z.string().nullable().describe('The version that had the alias until this was approved; null where none had it, or it was not approved'),
    /** The gates as they came out last for this promotion: at its request, then at its approval. */
    gates: GateEvaluation.nullable()
  })
  .meta({ id: 'Promotion' });
export type Promotion = z.infer<typeof Promotion>;
export const PromotionPage = pageOf(Promotion);

export const NewPromotion = z.object({
  alias: z.string().min(1).max(255).default('champion'),
  instructions: z.string().max(10_000).default('').describe('What whoever decides should look at'),
  expiresInSeconds: z.int().min(1).max(90 * 86_400).default(7 * 86_400)
});
export type NewPromotion = z.output<typeof NewPromotion>;
export const PromotionQuery = PageQuery.extend({ status: PromotionStatus.optional() });
export const ApprovePromotion = z.object({ comment: Comment, overrideGates: z.boolean().default(false).describe('Lets a version through that fails a gate; the comment says why') });
export const RejectPromotion = z.object({ comment: Comment });
export const WithdrawPromotion = z.object({ comment: Comment.optional() });
