import { z } from 'zod';
import { Instant, MetricValue } from './common';

const Action = z.enum(['alert', 'stop']).default('alert').describe('`alert` tells of it and shows it on the run’s page; `stop` ends the step as well, and it is not tried again');
const Metric = z.string().min(1).max(250);
const Percent = z.number().positive().max(100);
const Points = z.int().min(2).max(10_000);
const LongMs = z.int().min(10_000).max(24 * 3_600_000);

/** What to watch for while a step trains. Metrics are named by globs: `*loss*`, `grad/*`. */
export const TrainingRule = z
  .discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('not_finite'), metric: Metric.default('**'), action: Action }).describe('A metric is NaN or infinite'),
    z
      .strictObject({
        kind: z.literal('not_decreasing'),
        metric: Metric.default('*loss*'),
        points: Points.default(10),
        percent: z.number().min(0).max(100).default(0.1),
        goal: z.enum(['decrease', 'increase']).default('decrease'),
        action: Action
      })
      .describe('None of the last `points` values is better by `percent` than the best before them'),
    z
      .strictObject({ kind: z.literal('overfitting'), training: Metric.default('loss'), validation: Metric.default('val_loss'), percent: z.number().positive().max(10_000).default(10), points: Points.default(5), action: Action })
      .describe('At `points` steps in a row the validation loss is above the training loss by more than `percent`, and not at its best'),
    z.strictObject({ kind: z.literal('vanishing'), metric: Metric.default('*grad*'), below: z.number().positive().default(1e-7), points: Points.default(10), action: Action }).describe('The mean size of the last `points` values is below a bound'),
    z.strictObject({ kind: z.literal('exploding'), metric: Metric.default('*grad*'), factor: z.number().min(1).default(100), points: Points.default(10), action: Action }).describe('A value is more than `factor` times the median size of the `points` before it'),
    z
      .strictObject({ kind: z.literal('gpu_idle'), percent: Percent.default(70), forMs: LongMs.default(300_000), afterMs: z.int().min(0).max(24 * 3_600_000).default(120_000), action: Action })
      .describe('For `forMs`, the 95th percentile of the use of the step’s GPUs is below `percent`; the first `afterMs` do not count'),
    z
      .strictObject({ kind: z.literal('memory_growing'), percent: Percent.default(5), forMs: LongMs.default(600_000), afterMs: z.int().min(0).max(24 * 3_600_000).default(120_000), action: Action })
      .describe('For `forMs` the step’s memory only grew, and by `percent` of its limit; the first `afterMs` do not count')
  ])
  .meta({ id: 'TrainingRule' });
export type TrainingRule = z.infer<typeof TrainingRule>;

/** A rule that held, and what it held on. */
export const TrainingFinding = z
  .object({
    id: z.string(),
    step: z.string(),
    /** Of a map: which item’s. */
    item: z.number().int().nullable(),
    attempt: z.number().int(),
    rule: TrainingRule,
    /** The metric’s name; `gpu` and `memory` for what the machine tells. */
    metric: z.string(),
    message: z.string(),
    /** The last values it was judged on: by the metric’s step, or by milliseconds since the attempt began. */
    evidence: z.array(z.object({ at: z.number(), value: MetricValue, series: z.string().optional() })),
    foundAt: Instant
  })
  .meta({ id: 'TrainingFinding' });
export type TrainingFinding = z.infer<typeof TrainingFinding>;
export const TrainingFindingList = z.object({ items: z.array(TrainingFinding) });
