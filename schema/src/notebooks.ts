import { z } from 'zod';
import { Scalar } from './common';

/** nbformat 4 as far as Slipway reads it; the rest is kept untouched. */
export const Notebook = z
  .looseObject({
    nbformat: z.literal(4),
    nbformat_minor: z.number().int(),
    metadata: z.looseObject({
      kernelspec: z.looseObject({ name: z.string() }).optional(),
      language_info: z.looseObject({ name: z.string() }).optional()
    }),
    cells: z.array(
      z.looseObject({
        id: z.string().optional(),
        cell_type: z.string(),
        source: z.union([z.string(), z.array(z.string())]),
        metadata: z.looseObject({ tags: z.array(z.string()).optional() }).optional(),
        outputs: z.array(z.unknown()).optional(),
        execution_count: z.number().int().nullish()
      })
    )
  })
  .meta({ id: 'Notebook' });
export type Notebook = z.infer<typeof Notebook>;

export const AnalyzedCell = z.object({
  id: z.string(),
  defines: z.array(z.string()),
  uses: z.array(z.string()),
  mutates: z.array(z.string())
});

export const AnalyzedStep = z.object({
  name: z.string(),
  cells: z.array(z.string()),
  inputs: z.array(z.string()).describe('Names it takes from the steps before it'),
  outputs: z.array(z.string()).describe('Names later steps take from it'),
  after: z.array(z.string()).describe('Steps that must have finished'),
  types: z.record(z.string(), z.string()).optional().describe('What its inputs and outputs are, as far as somebody said')
});
export type AnalyzedStep = z.infer<typeof AnalyzedStep>;

/** What `slipway analyze --json` prints. */
export const Analysis = z
  .object({
    cells: z.array(AnalyzedCell),
    dependencies: z.record(z.string(), z.array(z.string())),
    sinks: z.array(z.string()),
    needed: z.array(z.string()),
    steps: z.array(AnalyzedStep),
    warnings: z.array(z.string())
  })
  .meta({ id: 'Analysis' });
export type Analysis = z.infer<typeof Analysis>;

/** A scalar constant of the source that can become a pipeline parameter. */
export const Constant = z.object({
  /** `SEED`, `cfg.lr` or `RandomForestClassifier.n_estimators`. */
  name: z.string(),
  value: Scalar,
  cellId: z.string(),
  /** Span of the literal in the cell's source, in UTF-16 units. */
  from: z.number().int(),
  to: z.number().int()
});
export type Constant = z.infer<typeof Constant>;

/** A saved estimator the slice ends in. */
export const SavedModel = z.object({
  cellId: z.string(),
  variable: z.string(),
  path: z.string().nullable(),
  /** The name whose rows the slice scored the model on; gives signature and example. */
  dataName: z.string().nullable()
});
export type SavedModel = z.infer<typeof SavedModel>;
