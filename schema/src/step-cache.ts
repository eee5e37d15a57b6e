import { z } from 'zod';
import { Instant } from './common';

/** One thing in which a step differs from an earlier run of it. */
export const CacheDifference = z.object({
  part: z.enum(['source', 'param', 'input', 'file', 'variable', 'outputs', 'environment', 'opted_out', 'not_repeatable', 'not_kept']),
  /** Which cell, param, value, file or variable; empty where there is but one. */
  name: z.string(),
  /** In a sentence. */
  message: z.string(),
  before: z.string().nullable(),
  after: z.string().nullable()
});
export type CacheDifference = z.infer<typeof CacheDifference>;

/** Why a step's result was, or was not, taken from an earlier run. */
export const CacheExplanation = z
  .object({
    isCached: z.boolean(),
    /** What was said when it was decided. */
    note: z.string().nullable(),
    /** The run the result came from, else the earlier one that differs least; null where there is none. */
    comparedWith: z.object({ runId: z.string(), step: z.string(), at: Instant }).nullable(),
    differences: z.array(CacheDifference)
  })
  .meta({ id: 'CacheExplanation' });
export type CacheExplanation = z.infer<typeof CacheExplanation>;

/** Runs the chosen steps anew, each on what the steps before it made in the named run; the others do not run. */
export const RerunSteps = z.strictObject({
  steps: z.array(z.string().min(1).max(80)).min(1).max(500),
  /** In place of that run's, as far as the chosen steps use them. */
  params: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])).default({})
});
export type RerunSteps = z.output<typeof RerunSteps>;
