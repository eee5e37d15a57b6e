import { z } from 'zod';
import { Instant } from './common';

export const LineageQuery = z.object({
  uri: z.string().max(2000).regex(/^(run|cell|dataset|pipeline|model):./s, 'A URI is run:…, cell:…, dataset:…, pipeline:… or model:…'),
  direction: z.enum(['up', 'down', 'both']).default('up'),
  depth: z.coerce.number().int().min(1).max(50).default(10)
});

/** `uri` forms: `run:ID`, `cell:NOTEBOOK#CELL@SOURCEHASH`, `dataset:PATH@sha256:…`, `pipeline:NAME@V`, `model:NAME@V`. */
export const LineageGraph = z
  .object({
    nodes: z.array(z.object({ uri: z.string(), kind: z.string(), label: z.string() })),
    edges: z.array(z.object({ from: z.string(), to: z.string(), createdAt: Instant })),
    isTruncated: z.boolean()
  })
  .meta({ id: 'LineageGraph' });
export type LineageGraph = z.infer<typeof LineageGraph>;
