import { z } from 'zod';
import { MetricValue } from './common';
import { RunKind, TrackedStatus } from './experiments';

const match = z.enum(['all', 'some']).default('all').describe('`all`: the same code, params and data as far as they are known; `some`: the same code or data');
export const SameInputsOfRunQuery = z.object({ match, limit: z.coerce.number().int().min(1).max(200).default(20) });

/** Code that is about to run, and what on. */
export const SameInputsQuery = z.object({
  sources: z.array(z.string()).max(1_000).refine(list => list.reduce((sum, source) => sum + source.length, 0) <= 2_000_000, 'They have at most 2,000,000 characters together').default([]).describe('The cells it rests on, in any order; none: any code'),
  params: z.record(z.string(), z.string()).default({}).describe('As they are logged: `RandomForestClassifier.n_estimators` → `100`'),
  digests: z
    .array(z.string().regex(/^((sha256:)?[0-9a-f]{64}|mlflow:[^@]{1,200})$/))
    .max(10_000)
    .nullable()
    .default(null)
    .describe('SHA-256 of each file it reads; an empty list: it reads none; null: any data'),
  match,
  limit: z.number().int().min(1).max(200).default(20)
});
export type SameInputsQuery = z.output<typeof SameInputsQuery>;

export const SameRun = z.object({
  runId: z.string(),
  name: z.string(),
  kind: RunKind,
  status: TrackedStatus,
  startedMs: z.number(),
  isEarlier: z.boolean(),
  metrics: z.record(z.string(), MetricValue),
  /** null where one of the two is not known. */
  agrees: z.object({ code: z.boolean().nullable(), params: z.boolean(), data: z.boolean().nullable() })
});
export type SameRun = z.infer<typeof SameRun>;

export const SameInputs = z
  .object({
    /** What could be compared at all: nothing is found where neither is known. */
    isKnown: z.object({ code: z.boolean(), data: z.boolean() }),
    total: z.number().int().describe('Runs that agree in all that is known'),
    /** Those that agree in most first, then the newest. */
    items: z.array(SameRun)
  })
  .meta({ id: 'SameInputs' });
export type SameInputs = z.infer<typeof SameInputs>;
