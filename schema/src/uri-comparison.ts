import { z } from 'zod';
import { ModelComparison } from './model-comparison';

const uri = z
  .string()
  .max(2000)
  .regex(/^(run|logged-model):.|^model:.+@./s, 'It is run:ID, logged-model:ID or model:NAME@VERSION; the version is a number, `latest` or an alias');

export const UriComparisonQuery = z.object({ candidate: uri.describe('`run:ID`, `logged-model:ID`, `model:NAME@7`, `model:NAME@latest` or `model:NAME@ALIAS`'), champion: uri });
const Side = z.object({ uri: z.string(), label: z.string(), runId: z.string().nullable() });

/** What differs between any two runs or models: only that, each list empty where nothing does. */
export const UriComparison = ModelComparison.omit({ model: true, candidate: true, champion: true }).extend({ candidate: Side, champion: Side }).meta({ id: 'UriComparison' });
export type UriComparison = z.infer<typeof UriComparison>;
