import { z } from 'zod';
import { Instant, PageQuery, Scalar, pageOf } from './common';
import { PipelineName } from './pipelines';

const Number_ = z.number().describe('Finite');
const Seed = z.int().min(0).max(2 ** 32 - 1);
const Count = z.int().min(1).max(10_000);

/** The values one param may take. `log` draws evenly over orders of magnitude; a `step` counts from `low`. */
export const Dimension = z
  .discriminatedUnion('type', [
    z.strictObject({ type: z.literal('float'), low: Number_, high: Number_, log: z.boolean().default(false), step: z.number().positive().optional() }),
    z.strictObject({ type: z.literal('int'), low: z.int(), high: z.int(), log: z.boolean().default(false), step: z.int().min(1).default(1) }),
    z.strictObject({ type: z.literal('choice'), values: z.array(Scalar).min(1).max(1_000) })
  ])
  .meta({ id: 'Dimension' });
export type Dimension = z.output<typeof Dimension>;

export const SweepSampler = z
  .discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('grid'), seed: Seed.optional() }),
    z.strictObject({ kind: z.literal('random'), seed: Seed.optional() }),
    z.strictObject({ kind: z.literal('tpe'), seed: Seed.optional(), startupTrials: z.int().min(0).max(10_000).optional(), multivariate: z.boolean().optional() }),
    z.strictObject({ kind: z.literal('cma-es'), seed: Seed.optional(), startupTrials: z.int().min(0).max(10_000).optional() })
  ])
  .meta({ id: 'SweepSampler' });
export type SweepSampler = z.output<typeof SweepSampler>;

/** When a trial is stopped early, by what it measures of the objective while it runs. Resources are steps of the metric. */
export const SweepPruner = z
  .discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('none') }),
    z.strictObject({ kind: z.literal('median'), startupTrials: z.int().min(0).max(10_000).default(5), warmupSteps: z.int().min(0).default(0), intervalSteps: z.int().min(1).default(1) }),
    z.strictObject({ kind: z.literal('asha'), minResource: z.int().min(1).default(1), reductionFactor: z.int().min(2).max(100).default(4) }),
    z.strictObject({ kind: z.literal('hyperband'), minResource: z.int().min(1).default(1), maxResource: z.int().min(1), reductionFactor: z.int().min(2).max(100).default(3) })
  ])
  .meta({ id: 'SweepPruner' });
export type SweepPruner = z.output<typeof SweepPruner>;

export const Objective = z.strictObject({ metric: z.string().min(1).max(250), direction: z.enum(['minimize', 'maximize']) });
export type Objective = z.output<typeof Objective>;

const Limits = {
  maxTrials: Count.describe('A grid has no more than its points'),
  maxParallel: z.int().min(1).max(100).default(1),
  timeLimitMs: z.int().min(1_000).optional().describe('While it is not paused; what runs then ends by itself'),
  patience: Count.optional().describe('It ends once so many trials in a row were no better'),
  maxFailures: Count.default(5).describe('It fails once so many trials in a row failed')
};

export const NewSweep = z
  .strictObject({
    name: z.string().trim().min(1).max(100).optional().describe('The pipeline’s and a number, when absent'),
    pipeline: PipelineName,
    version: z.int32().positive().optional(),
    space: z.record(z.string(), Dimension).refine(space => Object.keys(space).length >= 1 && Object.keys(space).length <= 100, 'one to a hundred params'),
    /** Of the params that are not searched over. */
    params: z.record(z.string(), Scalar).default({}),
    objective: Objective,
    sampler: SweepSampler.default({ kind: 'tpe' }),
    pruner: SweepPruner.default({ kind: 'none' }),
    ...Limits,
    warmStart: z.array(z.uuid()).max(20).default([]).describe('Earlier sweeps of the same objective, whose trials it learns from'),
    useCache: z.boolean().default(true)
  })
  // PostgreSQL keeps none, in text or in JSON.
  .refine(ask => !/(?<!\\)(\\\\)*\\u0000/.test(JSON.stringify(ask)), 'a NUL character is not allowed')
  .meta({ id: 'NewSweep' });
export type NewSweep = z.output<typeof NewSweep>;

/** `running ⇄ paused`; `stopping` while the last trials end; then `succeeded | failed | cancelled`, from which more trials take it back to `running`. */
export const SweepState = z.enum(['running', 'paused', 'stopping', 'succeeded', 'failed', 'cancelled']);
export type SweepState = z.infer<typeof SweepState>;

/** `waiting`: its params are settled, its run is not made yet. */
export const SweepTrialState = z.enum(['waiting', 'running', 'succeeded', 'pruned', 'failed', 'cancelled']);
export type SweepTrialState = z.infer<typeof SweepTrialState>;

export const SweepTrial = z
  .object({
    number: z.int(),
    state: SweepTrialState,
    params: z.record(z.string(), Scalar).describe('Those searched over'),
    value: z.number().nullable().describe('Of the objective, once it succeeded'),
    /** What it measured last of the objective while it ran. */
    lastReport: z.object({ step: z.int(), value: z.number() }).nullable(),
    runId: z.string().nullable(),
    mlflowRunId: z.string().nullable(),
    error: z.string().nullable(),
    createdAt: Instant,
    durationMs: z.number().nullable()
  })
  .meta({ id: 'SweepTrial' });
export type SweepTrial = z.infer<typeof SweepTrial>;
export const SweepTrialPage = pageOf(SweepTrial);
export const SweepTrialQuery = PageQuery;

export const Sweep = z
  .object({
    id: z.uuid(),
    name: z.string(),
    pipeline: z.string(),
    version: z.int(),
    state: SweepState,
    why: z.string().nullable().describe('Why it stopped, in a sentence'),
    space: z.record(z.string(), Dimension),
    params: z.record(z.string(), Scalar),
    objective: Objective,
    sampler: SweepSampler,
    pruner: SweepPruner,
    maxTrials: z.int(),
    maxParallel: z.int(),
    timeLimitMs: z.int().nullable(),
    patience: z.int().nullable(),
    maxFailures: z.int(),
    warmStart: z.array(z.string()),
    warmTrials: z.int().describe('Earlier trials it learnt from'),
    useCache: z.boolean(),
    counts: z.object({ asked: z.int(), running: z.int(), succeeded: z.int(), pruned: z.int(), failed: z.int(), cancelled: z.int() }),
    best: SweepTrial.nullable(),
    mlflowRunId: z.string().describe('The parent of its trials’ runs'),
    createdBy: z.string(),
    createdAt: Instant,
    endedAt: Instant.nullable()
  })
  .meta({ id: 'Sweep' });
export type Sweep = z.infer<typeof Sweep>;
export const SweepPage = pageOf(Sweep);
export const SweepQuery = PageQuery.extend({ pipeline: PipelineName.optional(), state: SweepState.optional() });

/** More trials, with what else is to change. Its time begins anew. */
export const ExtendSweep = z.strictObject({ trials: Count, maxParallel: Limits.maxParallel.removeDefault().optional(), timeLimitMs: z.int().min(1_000).nullish(), patience: Count.nullish() });
export type ExtendSweep = z.output<typeof ExtendSweep>;

/** `fanova`: by a forest over all trials; `ped-anova`: among the best tenth, quicker. */
export const ImportancesQuery = z.object({ method: z.enum(['fanova', 'ped-anova']).default('fanova') });
export const SweepImportances = z.object({ method: z.string(), params: z.array(z.object({ name: z.string(), importance: z.number() })).describe('The most important first; they add up to 1') }).meta({ id: 'SweepImportances' });
export type SweepImportances = z.infer<typeof SweepImportances>;
/** Null where the version has never run. */
export const KnownMetrics = z.object({ names: z.array(z.string()).nullable() });
/** The objective of one trial while it ran, by step. */
export const SweepReports = z.object({ points: z.array(z.object({ step: z.int(), value: z.number() })) });
