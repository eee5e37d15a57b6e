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
  tolerance: z.number().min(0).default(0).describe('How much worse is still fine, in the metric’s own unit'),
  slices: z.union([z.boolean(), z.array(MetricName).min(1).max(50)]).default(false).describe('Holds for each slice too: of every column that the champion was measured by, or of these'),
  minRows: z.int().positive().nullable().default(null).describe('Slices known to be smaller are told and not judged')
});
export const RequiredTag = z.object({ key: RuleText, value: RuleText.optional().describe('Any value does when absent') });
/** The tag `test.NAME` of the version, else of its run, says `passed`. */
export const RequiredTest = z.string().regex(/^[\w.\- /]{1,200}$/u, 'A test’s name has letters, digits, spaces and _ - . /');
/** Predictions one after the other on the version’s own example, measured here. */
export const LatencyGate = z.object({
  p95Ms: z.number().positive().max(600_000).describe('95 of 100 answers come at least as fast'),
  requests: z.int().min(10).max(1_000).default(50)
});

/** What a version must hold before it may be `champion`, or in the stage Production. */
export const ModelGates = z
  .object({
    thresholds: z.array(MetricThreshold).max(100).default([]),
    notWorseThanChampion: z.array(NotWorse).max(100).default([]),
    requiredTags: z.array(RequiredTag).max(100).default([]),
    requiredTests: z.array(RequiredTest).max(100).default([]),
    maxSizeBytes: z.int().positive().nullable().default(null),
    latency: LatencyGate.nullable().default(null),
    /** A version without one is not registered. */
    requireSignature: z.boolean().default(false),
    /** `champion` moves by a promotion that was approved, and no other way. */
    requireApproval: z.boolean().default(false),
    /** Whether who asks for a promotion may approve it too: for one person alone. */
    selfApproval: z.boolean().default(false)
  })
  .meta({ id: 'ModelGates' });
export type ModelGates = z.output<typeof ModelGates>;
export const DeclaredGates = z.object({ gates: ModelGates, updatedBy: z.string().nullable(), updatedAt: Instant.nullable() });
export type DeclaredGates = z.infer<typeof DeclaredGates>;

/** Where and how a latency was measured. */
export const LatencyEvidence = z.object({
  requests: z.int(),
  input: z.enum(['example', 'signature']).describe('The rows: the version’s logged example, or one made of its signature'),
  p50Ms: z.number(),
  p95Ms: z.number(),
  maxMs: z.number(),
  machine: z.object({ cpu: z.string(), cores: z.int(), memoryBytes: z.number(), load: z.number().describe('Processes that ran or waited, over the minute before') }),
  measuredAt: Instant
});
export type LatencyEvidence = z.infer<typeof LatencyEvidence>;

/** How one rule came out. */
export const RuleResult = z.object({
  /** `threshold:accuracy`, `not_worse:accuracy`, `not_worse:accuracy/slice/country:DE`, `tag:checked`, `test:fairness`, `size`, `latency`, `signature`. */
  id: z.string(),
  rule: z.string().describe('In words'),
  value: z.union([MetricValue, z.null()]).describe('The version’s; null where it has none, and for tags'),
  champion: z.object({ version: z.string(), value: MetricValue.nullable() }).nullable(),
  passed: z.boolean(),
  isPending: z.boolean().default(false).describe('It is being measured; not passed until then'),
  slice: z.object({ column: z.string(), value: z.string(), rows: z.number().nullable() }).nullable().default(null),
  latency: LatencyEvidence.nullable().default(null),
  note: z.string().nullable()
});
export type RuleResult = z.infer<typeof RuleResult>;

/** The gates of a model held against one version at one time; kept as evidence. */
export const GateEvaluation = z
  .object({
    id: z.uuid(),
    model: z.string(),
    version: z.string(),
    /** `pending` where nothing failed and something is being measured: another evaluation follows by itself. */
    verdict: z.enum(['passed', 'failed', 'pending']),
    trigger: z.enum(['registered', 'asked', 'alias', 'promotion', 'stage', 'measured']),
    results: z.array(RuleResult),
    evaluatedBy: z.string(),
    evaluatedAt: Instant,
    /** Set where an approver let the version through all the same. */
    override: z.object({ by: z.string(), comment: z.string() }).nullable()
  })
  .meta({ id: 'GateEvaluation' });
export type GateEvaluation = z.infer<typeof GateEvaluation>;
export const GateEvaluationPage = pageOf(GateEvaluation);
