import { z } from 'zod';
import { Instant } from './common';

/**
 * `run:ID`, `cell:NOTEBOOK#CELL@SOURCEHASH`, `dataset:PATH@sha256:…` (the path alone where the file was too large to digest; `dataset:@sha256:…`
 * is every place of these bytes), `dataset:PLACE@mlflow:…` for what MLflow's client logged, `pipeline:NAME@V`, `model:NAME@V`, `logged-model:ID`.
 */
export const LineageUri = z
  .string()
  .max(2000)
  .regex(/^(run|cell|dataset|pipeline|model|logged-model):./s, 'A URI is run:…, cell:…, dataset:…, pipeline:…, model:… or logged-model:…');

export const LineageQuery = z.object({
  uri: LineageUri,
  direction: z.enum(['up', 'down', 'both']).default('up'),
  depth: z.coerce.number().int().min(1).max(50).default(10),
  at: Instant.optional().describe('The graph as it was then'),
  before: Instant.optional().describe('Only what came about until then; the same as `at`'),
  after: Instant.optional().describe('Only what came about since then')
});

export const LineageNode = z.object({
  uri: z.string(),
  kind: z.string(),
  /** What people call it: a run's name, the first line of a cell, a file's name. */
  label: z.string(),
  detail: z.string().nullable(),
  /** Of a dataset: `sha256:…` or MLflow's own `mlflow:…`. */
  digest: z.string().nullable(),
  /** False where what it names is gone, or never was here. */
  isKnown: z.boolean(),
  /** Of a run that is a pipeline's. */
  pipelineRunId: z.string().nullable()
});
export type LineageNode = z.infer<typeof LineageNode>;
export const LineageEdge = z.object({
  from: z.string(),
  to: z.string(),
  /** `same`: two places of the same bytes. */
  kind: z.enum(['made', 'same']),
  /** When it first came about; null of `same`. */
  createdAt: Instant.nullable()
});
export type LineageEdge = z.infer<typeof LineageEdge>;

export const LineageGraph = z
  .object({ nodes: z.array(LineageNode), edges: z.array(LineageEdge), isTruncated: z.boolean().describe('There are more than 2,000 edges a side') })
  .meta({ id: 'LineageGraph' });
export type LineageGraph = z.infer<typeof LineageGraph>;
