import { z } from 'zod';
import { Instant, MetricValue, pageOf } from './common';

const MetricName = z.string().min(1).max(250);
const RuleText = z.string().min(1).max(5_000);

/** `accuracy >= 0.9`: the metric is the run's last. */
export const MetricThreshold = z.object({ metric: MetricName, comparator: z.enum(['>=', '>', '<=', '<']), value: z.number() });
/** Compared with the version that has the alias `champion`; passes while there is none. */
export const NotWorse = z.object({
  metric: MetricName,
  direction: z.enum(['higher', 'lower']).describe('Which is better'),
  tolerance: z.number().min(0).default(0).describe('How much worse is still fine, in the metric’s own unit')
});
export const RequiredTag = z.object({ key: RuleText, value: RuleText.optional().describe('Any value does when absent') });

/** What a version must hold before it may be `champion`. */
export const ModelGates = z
  .object({
    thresholds: z.array(MetricThreshold).max(100).default([]),
    notWorseThanChampion: z.array(NotWorse).max(100).default([]),
    requiredTags: z.array(RequiredTag).max(100).default([]),
    maxSizeBytes: z.int().positive().nullable().default(null),
    /** Whether who asks for a promotion may approve it too: for one person alone. */
    selfApproval: z.boolean().default(false)
  })
  .meta({ id: 'ModelGates' });
export type ModelGates = z.output<typeof ModelGates>;
export const DeclaredGates = z.object({ gates: ModelGates, updatedBy: z.string().nullable(), updatedAt: Instant.nullable() });
export type DeclaredGates = z.infer<typeof DeclaredGates>;

/** How one rule came out. */
export const RuleResult = z.object({
  /** `threshold:accuracy`, `not_worse:accuracy`, `tag:checked`, `size`. */
  id: z.string(),
  rule: z.string().describe('In words'),
  value: z.union([MetricValue, z.null()]).describe('The version’s; null where it has none, and for tags'),
  champion: z.object({ version: z.string(), value: MetricValue.nullable() }).nullable(),
  passed: z.boolean(),
  note: z.string().nullable()
});
export type RuleResult = z.infer<typeof RuleResult>;

/** The gates of a model held against one version at one time; kept as evidence. */
export const GateEvaluation = z
  .object({
    id: z.uuid(),
    model: z.string(),
    version: z.string(),
    verdict: z.enum(['passed', 'failed']),
    trigger: z.enum(['registered', 'asked', 'alias', 'promotion']),
    results: z.array(RuleResult),
    evaluatedBy: z.string(),
    evaluatedAt: Instant,
    /** Set where an approver let the version through all the same. */
    override: z.object({ by: z.string(), comment: z.string() }).nullable()
  })
  .meta({ id: 'GateEvaluation' });
export type GateEvaluation = z.infer<typeof GateEvaluation>;
export const GateEvaluationPage = pageOf(GateEvaluation);
