import { z } from 'zod';
import { MetricValue } from './common';

/** A number of 64 bits: as text where JavaScript would lose digits. */
const Int8 = z.union([z.int(), z.string().regex(/^-?\d{1,19}$/)]);
const Texts = z.record(z.string(), z.string());

export const ImportedRun = z.object({
  runId: z.string().regex(/^[0-9a-f]{32}$/),
  name: z.string(),
  userId: z.string(),
  status: z.enum(['RUNNING', 'SCHEDULED', 'FINISHED', 'FAILED', 'KILLED']),
  isDeleted: z.boolean().default(false),
  startTime: Int8.describe('Milliseconds since 1970'),
  endTime: Int8.nullable(),
  params: Texts,
  tags: Texts,
  metrics: z.array(
    z.object({
      key: z.string(),
      points: z.array(z.tuple([Int8, Int8, MetricValue])).describe('Step, timestamp in ms, value'),
      modelId: z.string().optional().describe('The logged model these points are of')
    })
  ),
  datasets: z.array(z.object({ name: z.string(), digest: z.string(), sourceType: z.string(), source: z.string(), schema: z.string().nullable(), profile: z.string().nullable(), tags: Texts }))
});
export type ImportedRun = z.infer<typeof ImportedRun>;

export const ImportedLoggedModel = z.object({
  modelId: z.string().regex(/^m-[0-9a-f]{32}$/),
  name: z.string(),
  modelType: z.string().nullable(),
  sourceRunId: z.string().nullable(),
  status: z.enum(['LOGGED_MODEL_PENDING', 'LOGGED_MODEL_READY', 'LOGGED_MODEL_UPLOAD_FAILED']),
  params: Texts,
  tags: Texts
});
export type ImportedLoggedModel = z.infer<typeof ImportedLoggedModel>;

export const ImportedExperiment = z.object({ name: z.string(), tags: Texts });
export type ImportedExperiment = z.infer<typeof ImportedExperiment>;

/** Runs of one experiment; a run that is here already is brought up to date, never doubled. */
export const RunImport = z.object({ experiment: ImportedExperiment, runs: z.array(ImportedRun).max(500), loggedModels: z.array(ImportedLoggedModel).max(500).default([]) });
export const RunImportReply = z.object({
  experimentId: z.string(),
  /** Runs and logged models, each with the folder of its files among the artifacts. */
  folders: z.array(z.object({ id: z.string(), folder: z.string() }))
});

export const ImportedModel = z.object({
  name: z.string(),
  description: z.string(),
  tags: Texts,
  aliases: z.record(z.string(), z.string()).describe('Alias → version'),
  versions: z.array(
    z.object({
      version: z.string().regex(/^[1-9]\d{0,8}$/),
      source: z.string().describe('`runs:/ID/path`, `models:/m-ID`, `models:/NAME/VERSION` or an object store'),
      runId: z.string().nullable(),
      modelId: z.string().nullable(),
      description: z.string(),
      userId: z.string(),
      stage: z.string(),
      createdAt: Int8.describe('Milliseconds since 1970'),
      tags: Texts
    })
  )
});
export type ImportedModel = z.infer<typeof ImportedModel>;
export const ModelImportReply = z.object({ versionCount: z.int(), newVersionCount: z.int() });
