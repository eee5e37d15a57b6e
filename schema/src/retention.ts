import { z } from 'zod';
import { Instant } from './common';

/**
 * Which runs of an experiment stay: those that hold any one of the conditions
 * that are set. Others are deleted, and can be restored until they are purged.
 */
export const RetentionRule = z
  .object({
    keepNewest: z.number().int().min(0).max(1_000_000).nullable().default(null).describe('So many, by their start'),
    keepDays: z.number().int().min(0).max(36_500).nullable().default(null).describe('Those that ended within so many days'),
    keepBest: z
      .object({ metric: z.string().min(1).max(250), goal: z.enum(['min', 'max']), count: z.number().int().min(1).max(1_000_000) })
      .nullable()
      .default(null),
    purgeAfterDays: z.number().int().min(0).max(36_500).nullable().default(null).describe('Deleted runs are purged so many days later; never by themselves where null'),
    isEnabled: z.boolean().default(true)
  })
  .refine(rule => rule.keepNewest !== null || rule.keepDays !== null || rule.keepBest !== null || rule.purgeAfterDays !== null, 'A rule says at least one thing.')
  .meta({ id: 'RetentionRule' });
export type RetentionRule = z.infer<typeof RetentionRule>;

export const KeepReason = z.enum(['running', 'registered', 'pinned', 'note', 'newest', 'young', 'best', 'family']);
export type KeepReason = z.infer<typeof KeepReason>;

export const DeclaredRetention = z.object({ rule: RetentionRule.nullable(), updatedBy: z.string().nullable(), updatedAt: Instant.nullable() }).meta({ id: 'DeclaredRetention' });
export type DeclaredRetention = z.infer<typeof DeclaredRetention>;

/** What a rule would do now. */
export const RetentionPreview = z
  .object({
    deletes: z.number().int(),
    /** The first 100 of them. */
    runs: z.array(z.object({ id: z.string(), name: z.string() })),
    /** What a purge of them would free. */
    freesBytes: z.number().int(),
    keeps: z.array(z.object({ reason: KeepReason, count: z.number().int() }))
  })
  .meta({ id: 'RetentionPreview' });
export type RetentionPreview = z.infer<typeof RetentionPreview>;

export const PurgeRequest = z.object({
  olderThanSeconds: z.number().int().min(0).max(3_650 * 86_400).default(30 * 86_400).describe('Deleted at least so long ago'),
  experimentId: z.string().regex(/^\d{1,18}$/, 'An experiment’s id is a number.').nullable().default(null).describe('Of this experiment only'),
  experimentName: z.string().min(1).max(500).nullable().default(null).describe('The same by its name'),
  isDryRun: z.boolean().default(false)
});
export type PurgeRequest = z.infer<typeof PurgeRequest>;

/** What went for ever, or would go. */
export const PurgeReport = z
  .object({
    isDryRun: z.boolean(),
    runs: z.number().int(),
    experiments: z.number().int(),
    keptRuns: z.number().int().describe('Deleted runs that stay: a registered model version stands on them, or their pipeline runs'),
    freedFiles: z.number().int(),
    freedBytes: z.number().int().describe('Bytes of files that are no longer on the disk'),
    waitingFiles: z.number().int().describe('Files that nobody uses but that were written a moment ago: they go the next time'),
    waitingBytes: z.number().int()
  })
  .meta({ id: 'PurgeReport' });
export type PurgeReport = z.infer<typeof PurgeReport>;

/** What holding all rules did. */
export const SweepReport = z.object({ rules: z.number().int(), deletedRuns: z.number().int(), purge: PurgeReport });
export type SweepReport = z.infer<typeof SweepReport>;
