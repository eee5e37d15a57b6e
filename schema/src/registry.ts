import { z } from 'zod';
import { Instant } from './common';
import { GateEvaluation } from './gates';
import { SlicedMetric } from './slices';

export const ColumnSpec = z.object({ name: z.string().nullable(), type: z.string(), required: z.boolean() });

export const ModelVersion = z
  .object({
    name: z.string(),
    version: z.string(),
    aliases: z.array(z.string()),
    description: z.string(),
    source: z.string(),
    runId: z.string().nullable(),
    status: z.string(),
    createdAt: Instant,
    tags: z.record(z.string(), z.string()),
    stage: z.enum(['None', 'Staging', 'Production', 'Archived']),
    /** On all data, of its run and of the trial that was joined to it. */
    metrics: z.record(z.string(), z.union([z.number(), z.string()])),
    slices: z.array(SlicedMetric),
    params: z.record(z.string(), z.string()),
    signature: z.object({ inputs: z.array(ColumnSpec), outputs: z.array(ColumnSpec) }).nullable(),
    /** First rows of the logged example, in pandas' split form. */
    example: z.object({ columns: z.array(z.string()), data: z.array(z.array(z.unknown())) }).nullable(),
    flavors: z.array(z.string()),
    /** The last evaluation of the model's gates; null where it has none. */
    gates: GateEvaluation.nullish()
  })
  .meta({ id: 'ModelVersion' });
export type ModelVersion = z.infer<typeof ModelVersion>;

export const RegisteredModel = z
  .object({
    name: z.string(),
    description: z.string(),
    aliases: z.record(z.string(), z.string()),
    latestVersion: z.string().nullable(),
    versionCount: z.number().int(),
    createdAt: Instant,
    updatedAt: Instant
  })
  .meta({ id: 'RegisteredModel' });
export type RegisteredModel = z.infer<typeof RegisteredModel>;

export const ModelList = z.object({ items: z.array(RegisteredModel) });
export const ModelVersionList = z.object({ items: z.array(ModelVersion) });
/** What a person says of a version; what is left out stays. */
export const EditModelVersion = z.object({
  description: z.string().max(100_000).optional().describe('Markdown'),
  tags: z.record(z.string().min(1).max(250), z.string().max(5_000).nullable()).optional().describe('null takes a tag away')
});
export type EditModelVersion = z.output<typeof EditModelVersion>;
/** null takes the alias away from whatever version has it. */
export const SetAlias = z.object({
  version: z.string().nullable(),
  /** Lets a version through that fails a gate; needs `registry:approve`. */
  overrideComment: z.string().min(1).max(5_000).optional(),
  isUndo: z.boolean().default(false).describe('Gives the alias back to the version that you took it from last; it was judged when it first came there, so its gates are not asked again')
});
